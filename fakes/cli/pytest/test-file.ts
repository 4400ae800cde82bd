/**
 * A test file as the simulated pytest reads it. What counts is said in comments, so that scripts can write tests and
 * code that a reader takes for Python:
 *
 *     def test_adds():
 *         # expect: src/calc.py contains def add
 *         assert add(1, 2) == 3
 *
 * An expectation belongs to the test above it, or to the first one. Paths start at the folder pytest runs in.
 */
export interface TestFile {
  readonly tests: readonly TestFunction[];
  /** The line, from 1, that Python would refuse; undefined when it would not. */
  readonly syntaxErrorLine: number | undefined;
  readonly effects: readonly SideEffect[];
}

export interface TestFunction {
  readonly name: string;
  readonly line: number;
  readonly expectations: readonly Expectation[];
}

export interface Expectation {
  readonly line: number;
  readonly path: string;
  readonly token: string;
}

/**
 * What running the code does to the world, as `# side effect: write <path> <text>`, `# side effect: remove <path>` or
 * `# side effect: hang`. It may stand in a test or in the code under test.
 */
export type SideEffect =
  | { readonly kind: "write"; readonly path: string; readonly text: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "hang" };

export function parseTestFile(text: string): TestFile {
  const tests: { name: string; line: number; expectations: Expectation[] }[] = [];
  const early: Expectation[] = [];
  text.split("\n").forEach((content, index) => {
    const line = index + 1;
    const name = /^\s*(?:async\s+)?def (test\w*)\(/.exec(content)?.[1];
    if (name !== undefined) tests.push({ name, line, expectations: [] });
    const expectation = /^\s*# expect: (\S+) contains (.+?)\s*$/.exec(content);
    if (expectation === null) return;
    (tests.at(-1)?.expectations ?? early).push({ line, path: expectation[1]!, token: expectation[2]! });
  });
  tests[0]?.expectations.unshift(...early);
  return { tests, ...parseCode(text) };
}

/** What a source file has in common with a test file. */
export function parseCode(text: string): Pick<TestFile, "syntaxErrorLine" | "effects"> {
  const effects: SideEffect[] = [];
  let syntaxErrorLine: number | undefined;
  if (!text.includes("# s")) return { syntaxErrorLine, effects };
  text.split("\n").forEach((line, index) => {
    if (/^\s*# syntax error\s*$/.test(line)) syntaxErrorLine ??= index + 1;
    const effect = /^\s*# side effect: (write|remove|hang)(?: (\S+))?(?: (.*))?$/.exec(line);
    const path = effect?.[2];
    if (effect?.[1] === "hang") effects.push({ kind: "hang" });
    else if (effect?.[1] === "write" && path !== undefined)
      effects.push({ kind: "write", path, text: effect[3] ?? "" });
    else if (effect?.[1] === "remove" && path !== undefined) effects.push({ kind: "remove", path });
  });
  return { syntaxErrorLine, effects };
}

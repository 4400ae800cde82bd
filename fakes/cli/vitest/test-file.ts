import { parseCode, parseExpectation } from "../test-code.ts";
import type { Code, Expectation } from "../test-code.ts";

/** A TypeScript test file, as far as it is read: see `../test-code.ts`. */
export interface TestFile extends Code {
  readonly lines: readonly string[];
  readonly tests: readonly TestCase[];
  /** The first use of `only`, `each` and the like, which are not modelled. */
  readonly unmodelled: string | undefined;
}

export interface TestCase {
  /** Titles of the suites it stands in, outermost first. */
  readonly suites: readonly string[];
  readonly title: string;
  /** From 1. */
  readonly line: number;
  readonly mode: "run" | "skip" | "todo";
  readonly expectations: readonly Expectation[];
}

/**
 * Suites and tests are calls of `describe`, `it` and `test` at the start of a line, nested by their indentation. An
 * expectation belongs to the test above it, or to the first one.
 */
export function parseTestFile(text: string): TestFile {
  const lines = text.split("\n");
  const suites: { readonly indent: number; readonly title: string; readonly mode: TestCase["mode"] }[] = [];
  const tests: (TestCase & { readonly expectations: Expectation[] })[] = [];
  const early: Expectation[] = [];
  let unmodelled: string | undefined;
  lines.forEach((content, index) => {
    const expectation = parseExpectation(content, index + 1);
    if (expectation !== undefined) (tests.at(-1)?.expectations ?? early).push(expectation);
    const call = /^(\s*)(describe|it|test)((?:\.\w+)*)\(\s*(["'`])((?:\\.|(?!\4).)*)\4/.exec(content);
    if (call === null) {
      if (/^\s*(?:describe|it|test)\.\w+[(`]/.test(content)) unmodelled ??= content.trim();
      return;
    }
    const [indent, kind, modifiers, title] = [call[1]!.length, call[2]!, call[3]!, call[5]!.replace(/\\(.)/g, "$1")];
    while (suites.length > 0 && suites.at(-1)!.indent >= indent) suites.pop();
    const own = MODES[modifiers];
    if (own === undefined) unmodelled ??= content.trim();
    const mode = suites.find((suite) => suite.mode !== "run")?.mode ?? own ?? "run";
    if (kind === "describe") suites.push({ indent, title, mode });
    else tests.push({ suites: suites.map((suite) => suite.title), title, line: index + 1, mode, expectations: [] });
  });
  tests[0]?.expectations.unshift(...early);
  return { lines, tests, unmodelled, ...parseCode(text) };
}

const MODES: Readonly<Record<string, TestCase["mode"]>> = { "": "run", ".skip": "skip", ".todo": "todo" };

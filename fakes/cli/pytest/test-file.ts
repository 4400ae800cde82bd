import { parseCode, parseExpectation } from "../test-code.ts";
import type { Code, Expectation } from "../test-code.ts";

/** A Python test file, as far as it is read: see `../test-code.ts`. */
export interface TestFile extends Code {
  readonly tests: readonly TestFunction[];
  readonly lines: readonly string[];
}

export interface TestFunction {
  readonly name: string;
  /** The class it stands in, when it is called `Test…`. */
  readonly className: string | undefined;
  /** From 1. */
  readonly line: number;
  readonly expectations: readonly Expectation[];
}

/** An expectation belongs to the test above it, or to the first one. */
export function parseTestFile(text: string): TestFile {
  const tests: (TestFunction & { readonly expectations: Expectation[] })[] = [];
  const early: Expectation[] = [];
  const lines = text.split("\n");
  let className: string | undefined;
  lines.forEach((content, index) => {
    const line = index + 1;
    const header = /^(class|def|async def) (\w+)/.exec(content);
    if (header !== null) className = header[1] === "class" ? header[2] : undefined;
    const name = /^\s*(?:async\s+)?def (test\w*)\(/.exec(content)?.[1];
    if (name !== undefined && (className === undefined || className.startsWith("Test"))) {
      tests.push({ name, className, line, expectations: [] });
    }
    const expectation = parseExpectation(content, line);
    if (expectation !== undefined) (tests.at(-1)?.expectations ?? early).push(expectation);
  });
  tests[0]?.expectations.unshift(...early);
  return { tests, lines, ...parseCode(text) };
}

import type { Expectation } from "../test-code.ts";
import type { TestCase, TestFile } from "./test-file.ts";

export type TestState = "passed" | "failed" | "skipped" | "todo" | "pending";

/** One test, after the run. */
export interface TestResult {
  readonly test: TestCase;
  readonly state: TestState;
  /** What did not hold, of a failed one. */
  readonly expectation: Expectation | undefined;
  readonly durationMs: number;
}

/** One test file, after the run. */
export interface FileResult {
  /** Relative to where vitest runs. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly tests: readonly TestResult[];
  /** Why it has no tests: it cannot be parsed, or there are none in it. */
  readonly error: FileError | undefined;
  /** `pending`: the run ended before its turn. */
  readonly state: "passed" | "failed" | "skipped" | "pending";
}

export type FileError =
  | { readonly kind: "empty" }
  /** `brokenPath` is the test file or code that it imports. */
  | { readonly kind: "syntax"; readonly brokenPath: string; readonly line: number; readonly code: string };

/** What a test runner knows of a file before it runs it. */
export interface LoadedFile {
  readonly path: string;
  readonly file: TestFile;
  readonly error: FileError | undefined;
}

/** Runs file by file; after so many failures the rest stays undone. */
export function runTests(
  files: readonly LoadedFile[],
  how: {
    readonly holds: (expectation: Expectation) => boolean;
    readonly namePattern: RegExp | undefined;
    readonly bail: number;
  },
): readonly FileResult[] {
  let failures = 0;
  const stopped = (): boolean => how.bail > 0 && failures >= how.bail;
  return files.map(({ path, file, error }): FileResult => {
    const { lines } = file;
    if (stopped()) return { path, lines, tests: [], error: undefined, state: "pending" };
    if (error !== undefined) return { path, lines, tests: [], error, state: "failed" };
    const tests = file.tests.map((test): TestResult => {
      const result = (state: TestState, expectation?: Expectation): TestResult => {
        const durationMs = state === "passed" || state === "failed" ? TEST_MS : 0;
        return { test, state, expectation, durationMs };
      };
      const selected = how.namePattern?.test(fullName(test)) ?? true;
      if (!selected) return result("skipped");
      if (test.mode !== "run") return result(test.mode === "skip" ? "skipped" : "todo");
      if (stopped()) return result("pending");
      const broken = test.expectations.find((expectation) => !how.holds(expectation));
      if (broken === undefined) return result("passed");
      failures += 1;
      return result("failed", broken);
    });
    return { path, lines, tests, error: undefined, state: stateOf(tests) };
  });
}

/** Also of a suite. */
export function stateOf(tests: readonly TestResult[]): "passed" | "failed" | "skipped" {
  if (tests.some(({ state }) => state === "failed")) return "failed";
  return tests.every(({ state }) => state === "skipped" || state === "todo") ? "skipped" : "passed";
}

export function fullName(test: TestCase): string {
  return [...test.suites, test.title].join(" > ");
}

export function complaint(expectation: Expectation): string {
  return `${expectation.path} lacks ${expectation.token}`;
}

/** As `Transform failed with 1 error:` and the place, drawn. */
export function fileErrorMessage(error: FileError, absolutePath: string): string {
  if (error.kind === "empty") return `No test suite found in file ${absolutePath}`;
  const { brokenPath, line, code } = error;
  const gutter = " ".repeat(String(line).length + 2);
  return (
    `Transform failed with 1 error:\n\n[PARSE_ERROR] Unexpected token\n` +
    `${gutter}╭─[ ${brokenPath}:${line}:1 ]\n${gutter}│\n ${line} │ ${code}\n` +
    `${gutter}│ ┬  \n${gutter}│ ╰── \n${"─".repeat(gutter.length)}╯\n`
  );
}

const TEST_MS = 1;

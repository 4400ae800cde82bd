import { posix } from "node:path";
import type { JsonObject } from "../../../src/base/json.ts";
import { failurePlace } from "./failure-place.ts";
import { complaint, fileErrorMessage, stateOf } from "./test-run.ts";
import type { FileResult, TestResult } from "./test-run.ts";

/** What `--reporter=json` writes. */
export function jsonReport(
  files: readonly FileResult[],
  run: { readonly cwd: string; readonly startMs: number; readonly success: boolean },
): JsonObject {
  const tests = files.flatMap((file) => file.tests);
  const count = (...states: readonly string[]): number => tests.filter(({ state }) => states.includes(state)).length;
  const suites = files.flatMap((file) => [
    !isFailed(file),
    ...suitesOf(file).map((inside) => stateOf(inside) !== "failed"),
  ]);
  return {
    numTotalTestSuites: suites.length,
    numPassedTestSuites: suites.filter((passed) => passed).length,
    numFailedTestSuites: suites.filter((passed) => !passed).length,
    numPendingTestSuites: 0,
    numTotalTests: tests.length,
    numPassedTests: count("passed"),
    numFailedTests: count("failed"),
    numPendingTests: count("skipped"),
    numTodoTests: count("todo"),
    snapshot: {
      added: 0,
      failure: false,
      filesAdded: 0,
      filesRemoved: 0,
      filesRemovedList: [],
      filesUnmatched: 0,
      filesUpdated: 0,
      matched: 0,
      total: 0,
      unchecked: 0,
      uncheckedKeysByFile: [],
      unmatched: 0,
      updated: 0,
      didUpdate: false,
    },
    startTime: run.startMs,
    success: run.success,
    testResults: files.map((file) => {
      const name = posix.resolve(run.cwd, file.path);
      return {
        assertionResults: file.tests.map((result) => assertion(result, file, name)),
        startTime: run.startMs,
        endTime: run.startMs + file.tests.reduce((sum, { durationMs }) => sum + durationMs, 0),
        status: isFailed(file) ? "failed" : "passed",
        message: file.error === undefined ? "" : fileErrorMessage(file.error, name),
        name,
      };
    }),
  };
}

/** A file that was not reached counts as failed. */
function isFailed(file: FileResult): boolean {
  return file.state === "failed" || file.state === "pending";
}

/** The tests below each suite, at any depth. */
function suitesOf(file: FileResult): readonly (readonly TestResult[])[] {
  const found = new Map<string, TestResult[]>();
  for (const result of file.tests) {
    result.test.suites.forEach((_, depth) => {
      const key = JSON.stringify(result.test.suites.slice(0, depth + 1));
      found.set(key, [...(found.get(key) ?? []), result]);
    });
  }
  return [...found.values()];
}

function assertion(result: TestResult, file: FileResult, path: string): JsonObject {
  const { test, state, expectation, durationMs } = result;
  const ran = state === "passed" || state === "failed";
  return {
    ancestorTitles: [...test.suites],
    fullName: [...test.suites, test.title].join(" "),
    status: state,
    title: test.title,
    ...(ran ? { duration: durationMs } : {}),
    failureMessages: expectation === undefined ? [] : [failureMessage(file, result, path)],
    meta: {},
    tags: [],
    benchmarks: [],
  };
}

function failureMessage(file: FileResult, { expectation }: TestResult, path: string): string {
  const { line, column } = failurePlace(file.lines, expectation!);
  return `AssertionError: ${complaint(expectation!)}\n    at ${path}:${line}:${column}`;
}

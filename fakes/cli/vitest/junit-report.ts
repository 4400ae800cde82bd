import { posix } from "node:path";
import { isoTimestamp } from "../date-text.ts";
import { xmlAttribute } from "../xml-text.ts";
import { failurePlace } from "./failure-place.ts";
import { complaint, fileErrorMessage, fullName } from "./test-run.ts";
import type { FileResult, TestResult } from "./test-run.ts";

/** What `--reporter=junit` writes. */
export function junitReport(
  files: readonly FileResult[],
  run: { readonly cwd: string; readonly startMs: number },
): string {
  const suites = files.filter((file) => file.state !== "pending").map((file) => suite(file, run));
  const total = sumOf(suites.map(({ counts }) => counts));
  return (
    '<?xml version="1.0" encoding="UTF-8" ?>\n' +
    `<testsuites name="vitest tests" tests="${total.tests}" failures="${total.failures}" errors="0" time="${seconds(total.durationMs)}">\n` +
    `${suites.map(({ text }) => text).join("")}</testsuites>\n`
  );
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly durationMs: number;
}

function suite(
  file: FileResult,
  run: { readonly cwd: string; readonly startMs: number },
): { readonly counts: Counts; readonly text: string } {
  const path = escaped(file.path);
  // A file that cannot be loaded is one test that failed.
  const cases =
    file.error === undefined
      ? file.tests.map((result) => testCase(file, result))
      : [failedCase(path, path, fileErrorMessage(file.error, posix.resolve(run.cwd, file.path)))];
  const counts =
    file.error === undefined ? sumOf(file.tests.map(countsOf)) : { tests: 1, failures: 1, skipped: 0, durationMs: 0 };
  const text =
    `    <testsuite name="${path}" timestamp="${isoTimestamp(run.startMs)}" hostname="localhost" ` +
    `tests="${counts.tests}" failures="${counts.failures}" errors="0" skipped="${counts.skipped}" time="${seconds(counts.durationMs)}">\n` +
    `${cases.join("")}    </testsuite>\n`;
  return { counts, text };
}

function testCase(file: FileResult, result: TestResult): string {
  const start = `        <testcase classname="${escaped(file.path)}" name="${escaped(fullName(result.test))}" time="${seconds(result.durationMs)}">\n`;
  const end = "        </testcase>\n";
  if (result.state === "skipped" || result.state === "todo") return `${start}            <skipped/>\n${end}`;
  if (result.expectation === undefined) return start + end;
  const { line, column } = failurePlace(file.lines, result.expectation);
  const message = escaped(complaint(result.expectation));
  return (
    `${start}            <failure message="${message}" type="AssertionError">\n` +
    `AssertionError: ${message}\n ❯ ${escaped(file.path)}:${line}:${column}\n            </failure>\n${end}`
  );
}

function failedCase(classname: string, name: string, message: string): string {
  return (
    `        <testcase classname="${classname}" name="${name}" time="0">\n` +
    `            <failure message="${escaped(message)}" type="Error">\nError: ${escaped(message)}\n            </failure>\n` +
    "        </testcase>\n"
  );
}

function countsOf({ state, durationMs }: TestResult): Counts {
  const skipped = state === "skipped" || state === "todo";
  return { tests: 1, failures: state === "failed" ? 1 : 0, skipped: skipped ? 1 : 0, durationMs };
}

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (pick: (each: Counts) => number): number => counts.reduce((total, each) => total + pick(each), 0);
  return {
    tests: sum((each) => each.tests),
    failures: sum((each) => each.failures),
    skipped: sum((each) => each.skipped),
    durationMs: sum((each) => each.durationMs),
  };
}

function escaped(text: string): string {
  return xmlAttribute(text).replaceAll("'", "&apos;");
}

function seconds(durationMs: number): string {
  return String(durationMs / 1000);
}

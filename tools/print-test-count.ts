/** Prints the closing line of a test run from Vitest's JSON report, as `312 passed, 0 failed, 2 skipped`. */
import { readFileSync } from "node:fs";

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that could not even be loaded count as failed suites and hold no failed test. */
  readonly numFailedTestSuites: number;
}

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("usage: node tools/print-test-count.ts REPORT.json");
  process.exit(2);
}
const report = JSON.parse(readFileSync(path, "utf8")) as TestReport;
const failed = report.numFailedTests === 0 ? report.numFailedTestSuites : report.numFailedTests;
console.log(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
);

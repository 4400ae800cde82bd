import { ownVersion } from "../own-package.ts";
import { countTests, storiesOf, type TestReport, type TestResult, type TestSuite } from "./test-report.ts";

/** The Common Test Report Format, version 0.0.0 of its specification (https://ctrf.io). Times in milliseconds. */
export function ctrf(report: TestReport): string {
  const { tests, passed, failed, skipped } = countTests(report.suites);
  const document = {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    timestamp: new Date(report.startedAtMs).toISOString(),
    generatedBy: "stormlane",
    results: {
      tool: { name: "stormlane", version: ownVersion() },
      summary: {
        tests,
        passed,
        failed,
        skipped,
        pending: 0,
        other: 0,
        suites: report.suites.length,
        start: report.startedAtMs,
        stop: report.startedAtMs + report.durationMs,
      },
      tests: report.suites.flatMap((suite) => suite.tests.map((test) => ctrfTest(suite, test))),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function ctrfTest(suite: TestSuite, test: TestResult): object {
  return {
    name: test.name,
    suite: [suite.name],
    status: test.status,
    duration: 0,
    tags: [test.kind],
    ...(test.message === undefined ? {} : { message: test.message }),
    ...(test.failures.length === 0
      ? {}
      : {
          trace: storiesOf(test),
          extra: {
            failures: test.failures.map(({ failure, replayCommand, reproFile }) => ({
              signature: failure.signature,
              seed: failure.seed,
              replayCommand,
              reproFile: reproFile ?? null,
            })),
          },
        }),
  };
}

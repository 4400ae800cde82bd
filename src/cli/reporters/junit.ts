import { countTests, storiesOf, type TestReport, type TestResult, type TestSuite } from "./test-report.ts";

/** JUnit XML as Jenkins, GitLab and Azure read it: `testsuites`, in it a `testsuite` for each scenario. Times in seconds. */
export function junit(report: TestReport): string {
  const { tests, failed, skipped } = countTests(report.suites);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="stormlane" tests="${tests}" failures="${failed}" skipped="${skipped}" errors="0" time="${seconds(report.durationMs)}">`,
    ...report.suites.flatMap((suite) => suiteLines(suite, report.startedAtMs)),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines(suite: TestSuite, startedAtMs: number): readonly string[] {
  const { tests, failed, skipped } = countTests([suite]);
  const timestamp = new Date(startedAtMs).toISOString().slice(0, 19);
  return [
    `  <testsuite name="${attribute(suite.name)}" tests="${tests}" failures="${failed}" skipped="${skipped}" errors="0" time="${seconds(suite.durationMs)}" timestamp="${timestamp}">`,
    "    <properties>",
    `      <property name="about" value="${attribute(suite.about)}"/>`,
    `      <property name="runs" value="${suite.runs}"/>`,
    "    </properties>",
    ...suite.tests.flatMap((test) => testLines(suite.name, test)),
    "  </testsuite>",
  ];
}

/** All tests of a scenario are judged in the same runs: none has a time of its own. */
function testLines(suite: string, test: TestResult): readonly string[] {
  const open = `    <testcase classname="stormlane.${attribute(suite)}" name="${attribute(test.name)}" time="0"`;
  switch (test.status) {
    case "passed":
      return [`${open}/>`];
    case "skipped":
      return [`${open}>`, `      <skipped message="${attribute(test.message ?? "")}"/>`, "    </testcase>"];
    case "failed":
      return [
        `${open}>`,
        `      <failure type="${attribute(test.kind)}" message="${attribute(test.message ?? "")}">${text(storiesOf(test))}</failure>`,
        "    </testcase>",
      ];
  }
}

function seconds(durationMs: number): string {
  return (durationMs / 1_000).toFixed(3);
}

function attribute(value: string): string {
  return text(value).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}

/** Characters that XML 1.0 has no way to write become U+FFFD: text of cards may hold anything. */
function text(value: string): string {
  return value
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000d\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

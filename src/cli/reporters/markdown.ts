import { countTests, storiesOf, type TestReport, type TestResult, type TestSuite } from "./test-report.ts";

/** For the comment of a pull request, or the summary of a workflow step: a table, and each failure with its story. */
export function markdown(report: TestReport): string {
  const { tests, passed, failed, skipped } = countTests(report.suites);
  const verdict = report.ok ? "**All held.**" : "**Failed.**";
  const failures = report.suites.flatMap((suite) =>
    suite.tests.filter(({ status }) => status === "failed").map((test) => ({ suite, test })),
  );
  return [
    "## Stormlane",
    "",
    `${verdict} ${tests} rules and goals: ${passed} passed, ${failed} failed, ${skipped} with nothing to judge.`,
    "",
    "| scenario | runs | rules | goals | failed |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...report.suites.map(row),
    "",
    ...failures.flatMap(({ suite, test }) => section(suite, test)),
  ].join("\n");
}

function row(suite: TestSuite): string {
  const share = (kind: TestResult["kind"]): string => {
    const all = suite.tests.filter((test) => test.kind === kind);
    return `${all.filter(({ status }) => status === "passed").length}/${all.length}`;
  };
  const failed = suite.tests.filter(({ status }) => status === "failed").length;
  return `| ${cell(suite.name)} | ${suite.runs} | ${share("rule")} | ${share("goal")} | ${failed} |`;
}

function section(suite: TestSuite, test: TestResult): readonly string[] {
  const lines = [`### ${inline(suite.name)}: ${inline(test.failures[0]?.failure.signature ?? test.name)}`, ""];
  lines.push(inline(test.message ?? test.name), "");
  if (test.failures.length === 0) return lines;
  const story = storiesOf(test);
  const fence = fenceAround(story);
  lines.push("<details><summary>Story</summary>", "", `${fence}text`, story, fence, "", "</details>", "");
  for (const { replayCommand } of test.failures) lines.push(`Replay: ${code(replayCommand)}`, "");
  return lines;
}

/** Longer than any run of backticks in what it encloses: text of cards must not end it. */
function fenceAround(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return "`".repeat(longest + 1);
}

function code(text: string): string {
  const fence = "`".repeat(1 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

/** One line in which nothing is markup. */
function inline(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\\`*_{}[\]<>#|!~@]/g, (character) => (character === "@" ? "@\u200b" : `\\${character}`));
}

function cell(text: string): string {
  return inline(text);
}

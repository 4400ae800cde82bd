import type { TestReport } from "./test-report.ts";

/** Workflow commands that GitHub shows as annotations of the run: an error for each failure. */
export function githubAnnotations(report: TestReport): string {
  const lines: string[] = [];
  for (const suite of report.suites) {
    for (const test of suite.tests) {
      if (test.status !== "failed") continue;
      const title = `${suite.name}: ${test.failures[0]?.failure.signature ?? test.name}`;
      const replay = test.failures.map(({ replayCommand }) => `\nreplay: ${replayCommand}`).join("");
      lines.push(`::error title=${property(title)}::${data(`${test.message ?? test.name}${replay}`)}`);
    }
  }
  return lines.map((line) => `${line}\n`).join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

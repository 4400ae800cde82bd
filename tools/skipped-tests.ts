/**
 * Counts the tests that a run left out, by reason, and fails when there are more than `test/skipped-tests.json` allows:
 * `node tools/skipped-tests.ts REPORT.json…`, with reports of Vitest's reporter `json`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allowedSkipsOf, skippedTests, skipVerdicts, type SkippedTest } from "./skipped-tests/skip-verdicts.ts";

const allowedPath = fileURLToPath(new URL("../test/skipped-tests.json", import.meta.url));
const reports = process.argv.slice(2);
if (reports.length === 0) {
  console.error("usage: node tools/skipped-tests.ts REPORT.json…");
  process.exit(2);
}

const verdicts = skipVerdicts(reports.flatMap(read), allowedSkipsOf(readJson(allowedPath)));
for (const { reason, tests, allowed } of verdicts) {
  const isTooMany = tests.length > allowed;
  console.log(`${isTooMany ? "FAIL" : "ok  "} ${tests.length} of at most ${allowed}: ${reason}`);
  for (const { file, title } of isTooMany ? tests : []) console.log(`       ${file} > ${title}`);
  if (isTooMany) process.exitCode = 1;
}
if (process.exitCode === 1) {
  console.log("  why: a test that is left out protects nobody, and nobody sees it");
  console.log(
    "  fix: run it, or use requiresTool (test/requires-tool), or allow it with a reason in test/skipped-tests.json",
  );
}
if (verdicts.length === 0) console.log("no test was skipped");

function read(path: string): SkippedTest[] {
  const found = skippedTests(readJson(path));
  if (found !== undefined) return found;
  console.error(`${path}: is no report of Vitest\n  fix: write one with: vitest run --reporter=json --outputFile=FILE`);
  process.exit(2);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    console.error(`${path}: cannot be read as JSON (${(error as Error).message})`);
    process.exit(2);
  }
}

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { allowedSkipsOf, skippedTests, skipVerdicts } from "../../tools/skipped-tests/skip-verdicts.ts";
import { vitestPath } from "../vitest/run-suite.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function run(args: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: root }, (error, out, errorText) => {
      resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, output: out + errorText });
    });
  });
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-skips-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a test that is skipped without a word is found, and fails the count", async () => {
  const report = join(temporaryFolder(), "report.json");
  const config = ["--config", "test/requires-tool/suites/vitest.config.ts"];
  const suite = await run([vitestPath, "run", ...config, "silent", "--reporter=json", "--outputFile", report]);
  expect(suite.exitCode).toBe(0);
  const count = await run(["tools/skipped-tests.ts", report]);
  expect(count.output).toMatch(
    /FAIL 1 of at most 0: no reason given\n.*silent\.suite\.ts > is left out without a word/,
  );
  expect(count.exitCode).toBe(1);
}, 60_000);

test("what is no report is bad input", async () => {
  const file = join(temporaryFolder(), "report.json");
  writeFileSync(file, `{ "testResults": 3 }`);
  expect(await run(["tools/skipped-tests.ts", file])).toMatchObject({
    exitCode: 2,
    output: expect.stringMatching("is no report of Vitest"),
  });
  expect((await run(["tools/skipped-tests.ts", `${file}.none`])).exitCode).toBe(2);
  expect((await run(["tools/skipped-tests.ts"])).exitCode).toBe(2);
});

const test1 = { fullName: " a", status: "skipped", meta: { skipReason: "SKIPPED LOUD: php is not on PATH" } };
const report = {
  testResults: [
    { name: "a.test.ts", assertionResults: [test1, { fullName: "b", status: "passed", meta: {} }] },
    {
      name: "b.test.ts",
      assertionResults: [test1, { fullName: "c", status: "todo" }, { fullName: "d", status: "failed" }],
    },
  ],
};

test("skipped tests are counted by reason, and what is allowed is", () => {
  const allowed = [{ reason: "SKIPPED LOUD: php is not on PATH", tests: 2, why: "the board is simulated" }];
  const verdicts = skipVerdicts(skippedTests(report)!, allowedSkipsOf(allowed));
  expect(verdicts.map(({ reason, tests, allowed: most }) => [reason, tests.length, most])).toEqual([
    ["SKIPPED LOUD: php is not on PATH", 2, 2],
    ["no reason given", 1, 0],
  ]);
});

test("nothing is allowed without saying why", () => {
  expect(() => allowedSkipsOf([{ reason: "x", tests: 1 }])).toThrow(/why/);
  expect(() => allowedSkipsOf([{ reason: "x", tests: 0, why: "y" }])).toThrow(/tests/);
});

import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { repository, runVitest, type SuiteRun } from "./run-suite.ts";

const config = ["run", "--config", "test/vitest/example.config.ts"];
const kept = join(repository, "examples/vitest/.stormlane");

afterAll(() => rmSync(kept, { recursive: true, force: true }));

function runExample(env: Readonly<Record<string, string>>): Promise<SuiteRun> {
  return runVitest(config, { cwd: repository, env });
}

test("the example holds, fails by the mistake that its README names, and holds again with what was kept", async () => {
  const names = [
    "no card is answered twice",
    "no card is answered twice under pct",
    "no card is answered twice under surw",
    "one run in which nothing goes wrong holds, whoever claims how",
  ];
  const before = await runExample({});
  expect(before.exitCode, before.output).toBe(0);
  expect(before.tests.map(({ name }) => name)).toEqual(names);

  const { exitCode, tests } = await runExample({ CLAIM: "looking" });
  expect(exitCode).toBe(1);
  const failed = tests.find(({ name }) => name === names[0])!;
  expect(failed.message).toMatch(/^SimulationFailure: FAILED {2}answers, seed \d+, [a-z-]+: answered-once: comments$/m);
  expect(failed.message).toContain("  rule   answered-once: No card is answered twice.");
  expect(failed.message).toMatch(/^ {2}> .* comments on card \d: Done: card \d$/m);
  expect(failed.message).toMatch(/^ {2}replay: npx vitest run --root examples\/vitest test\/answers\.test\.ts -t /m);

  const again = await runExample({});
  expect(again.exitCode, again.output).toBe(0);
}, 180_000);

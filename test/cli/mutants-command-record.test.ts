import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TrialRecord } from "../../src/cli/mutants-command-record.ts";
import type { Trial, TrialResult } from "../../src/trials/trial.ts";
import { temporaryFolder } from "./run-command.ts";

const trial: Trial = {
  mutant: "F01",
  scenario: "counter-locked",
  expects: ["C1"],
  strategy: "random",
  number: 1,
  runsMax: 40,
  cpuMsMax: 1_000,
};
const result: TrialResult = { isFound: false, runs: 40, cpuMs: 12.5, found: undefined, otherSignatures: ["C2: x"] };

const open = (path: string, code = "a"): TrialRecord => TrialRecord.open({ path, given: "trials", code });

test("a record has what was added to it, for the same trial, caps and code alone", () => {
  const path = join(temporaryFolder(), "trials");
  open(path).add(trial, result);
  const again = open(path);
  expect(again.resultOf({ ...trial })).toEqual(result);
  expect(again.resultOf({ ...trial, number: 2 })).toBeUndefined();
  expect(again.resultOf({ ...trial, cpuMsMax: 2_000 })).toBeUndefined();
  expect(open(path, "b").resultOf(trial)).toBeUndefined();
});

test("a record goes on behind a line that was cut off, wherever that was", () => {
  const path = join(temporaryFolder(), "trials");
  open(path).add(trial, result);
  const whole = readFileSync(path, "utf8");
  for (let length = 0; length < whole.length - 1; length++) {
    writeFileSync(path, whole + whole.slice(0, length));
    open(path).add({ ...trial, number: 3 }, result);
    const after = open(path);
    expect(after.resultOf(trial)).toEqual(result);
    expect(after.resultOf({ ...trial, number: 3 })).toEqual(result);
  }
});

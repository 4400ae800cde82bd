import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { Repro } from "../../src/cli/repro-file.ts";
import { filesBelow, runCommand, temporaryFolder } from "./run-command.ts";

let cwd = "";
let repro: Repro;

beforeEach(async () => {
  cwd = temporaryFolder();
  await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
  const [file] = filesBelow(join(cwd, "reports/out"));
  repro = JSON.parse(readFileSync(join(cwd, "reports/out", file!), "utf8")) as Repro;
});

function write(name: string, content: unknown): void {
  writeFileSync(join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
}

test("what has nothing to do with the failure goes, and the smaller file replays to the same failure", async () => {
  const site = "left@0/main/disk.write(/gone)#0";
  write("big.json", { ...repro, case: { ...repro.case, faults: [{ kind: "pause", durationMs: 5, site }] } });
  const { exitCode, out } = await runCommand(["shrink", "big.json", "--out", "small.json"], { cwd });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/minimal after \d+ executions/);
  const small = JSON.parse(readFileSync(join(cwd, "small.json"), "utf8")) as Repro;
  expect(small.case.faults).toEqual([]);
  expect(small.expected).toEqual(repro.expected);
  expect((await runCommand(["replay", "small.json"], { cwd })).out).toContain("same failure");
  expect(JSON.parse(readFileSync(join(cwd, "big.json"), "utf8"))).toHaveProperty("case.faults.length", 1);
});

test("without --out the file itself is made smaller, and --json says how far", async () => {
  write("repro.json", repro);
  const { exitCode, out } = await runCommand(["shrink", "repro.json", "--json"], { cwd });
  expect(exitCode).toBe(0);
  const document = JSON.parse(out) as Record<string, unknown>;
  expect(document).toMatchObject({ version: 1, command: "shrink", file: "repro.json", minimal: true });
  const { case: smaller } = JSON.parse(readFileSync(join(cwd, "repro.json"), "utf8")) as Repro;
  expect(document["preemptions"]).toBe(smaller.preemptions.length);
  expect(document["workload"]).toEqual(smaller.workload);
});

test("a budget is kept, and says that it ended the search", async () => {
  write("repro.json", repro);
  const { out } = await runCommand(["shrink", "repro.json", "--executions", "2", "--json"], { cwd });
  expect(JSON.parse(out)).toMatchObject({ executions: 2, minimal: false });
});

test.each([
  ["a file that is none", "nowhere.json", undefined, "nowhere.json"],
  ["a file that is no repro", "x.json", "{}", "is not a repro file"],
])("refuses %s", async (_, name, content, message) => {
  if (content !== undefined) write(name, content);
  const { exitCode, error } = await runCommand(["shrink", name], { cwd });
  expect(exitCode).toBe(2);
  expect(error).toContain(message);
});

test("refuses a case that no longer fails so, and leaves the file as it is", async () => {
  const text = JSON.stringify({ ...repro, expected: { ...repro.expected, signature: "C9: elsewhere" } });
  write("repro.json", text);
  const { exitCode, error } = await runCommand(["shrink", "repro.json"], { cwd });
  expect(exitCode).toBe(2);
  expect(error).toContain("does not fail as C9: elsewhere");
  expect(readFileSync(join(cwd, "repro.json"), "utf8")).toBe(text);
});

test("whatever bound on CPU time it gets, it finds out whether the case fails", async () => {
  write("repro.json", repro);
  const { exitCode } = await runCommand(["shrink", "repro.json", "--cpu", "1ms", "--json"], { cwd });
  expect(exitCode).toBe(0);
  const refused = await runCommand(["shrink", "repro.json", "--cpu", "soon"], { cwd });
  expect(refused).toMatchObject({ exitCode: 2, out: "" });
  expect(refused.error).toContain("--cpu soon: not a duration");
});

test("refuses a bad number of executions", async () => {
  write("repro.json", repro);
  const { exitCode, error } = await runCommand(["shrink", "repro.json", "--executions", "0"], { cwd });
  expect(exitCode).toBe(2);
  expect(error).toContain("--executions 0");
});

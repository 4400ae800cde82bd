import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ImportFlags } from "../../../src/cli/import/import-settings.ts";
import { importWatched } from "../../../src/cli/import/watched-import.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { temporaryFolder } from "../run-command.ts";

/** Imports a log of a counter, whose processes go round for ever when they have more to do than one round. */
async function importCounter(
  flags: ImportFlags,
): Promise<{ readonly exitCode: number; readonly out: string; readonly error: string }> {
  const cwd = temporaryFolder();
  const lines = [1, 2].map((value) => JSON.stringify({ ts: `2026-01-01T00:00:0${value}Z`, msg: "counter.written" }));
  writeFileSync(join(cwd, "app.log"), lines.join("\n"));
  writeFileSync(join(cwd, "map.json"), `{"time": "ts", "event": "msg"}`);
  writeFileSync(join(cwd, "two-rounds.json"), "2");
  const written = { out: "", error: "" };
  const host = {
    cwd,
    writeOut: (text: string) => void (written.out += text),
    writeError: (text: string) => void (written.error += text),
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: new URL("../../campaign/odd-scenarios.ts", import.meta.url),
  };
  const mapped: ImportFlags = { mapping: "map.json", in: "counter-stuck", symptom: "C1", ...flags };
  const exitCode = await importWatched(["app.log"], mapped, host, 2_000);
  return { exitCode, ...written };
}

test("a run that never gives the turn back ends the import, by name of its seed and place", async () => {
  const { exitCode, out, error } = await importCounter({ firstSeed: "9" });
  expect(error).toMatch(/^stormlane: import: livelock: seed 10: after \S+ simulated code never gave the turn back$/m);
  expect(error).toContain("--first-seed 10 --runs 1; past it: with --first-seed 11");
  expect(out).toContain("counter-stuck");
  expect(exitCode).toBe(1);
});

test("so does one in which nothing goes wrong yet", async () => {
  const { exitCode, error } = await importCounter({ workload: "two-rounds.json" });
  expect(error).toBe(
    "stormlane: import: livelock: simulated code never gave the turn back, in a run in which nothing goes wrong\n",
  );
  expect(exitCode).toBe(1);
});

test("runs that come back are searched to their end", async () => {
  expect(await importCounter({ runs: "1" })).toMatchObject({ exitCode: 0, error: "" });
});

test("a mistake is told as the thread saw it", async () => {
  const end = importCounter({ in: "counter-struck" });
  await expect(end).rejects.toThrow(UsageError);
  await expect(end).rejects.toThrow(/counter-struck.*counter-stuck/s);
});

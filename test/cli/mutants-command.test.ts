import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { peers as named } from "../../tools/peers/kit.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

interface Document {
  readonly version: number;
  readonly mutants: readonly Row[];
  readonly strategies: readonly { readonly strategy: string; readonly foundAlways: number }[];
  readonly peers: {
    readonly groups: readonly { readonly id: string; readonly peer: string; readonly trials: number }[];
    readonly summary: { readonly verdicts: readonly unknown[]; readonly mean: { readonly ratio: number } };
  } | null;
  readonly comparison: { readonly means: readonly { readonly method: string }[] } | null;
}

interface Row {
  readonly id: string;
  readonly strategy: string;
  readonly trials: number;
  readonly found: number;
  readonly runs: { readonly median: number | null };
  readonly repro: { readonly size: { readonly total: number } } | null;
  readonly known: { readonly total: number } | null;
  readonly each: readonly { readonly isFound: boolean; readonly runs: number; readonly seed: number | null }[];
}

const real = "../../scenarios/index.ts" as const;

describe("mutants", () => {
  test(
    "finds two mutants, makes the finds small, and comes to the same when it is run again",
    { timeout: 60_000 },
    async () => {
      const cwd = temporaryFolder();
      const args = ["mutants", "F15", "F02", "--trials", "2", "--runs-max", "200", "--cpu-seconds", "20", "--json"];
      const corpus = ["--corpus", new URL("../../reports/corpus", import.meta.url).pathname];
      const first = await runCommand([...args, ...corpus, "--markdown", "table.md"], { cwd, catalogue: real });
      expect(first.exitCode).toBe(0);
      const document = JSON.parse(first.out) as Document;
      expect(document.version).toBe(1);
      expect(document.mutants.map(({ id, found, trials }) => [id, found, trials])).toEqual([
        ["F15", 2, 2],
        ["F02", 2, 2],
      ]);
      for (const { repro, known } of document.mutants) expect(repro!.size.total).toBeLessThanOrEqual(known!.total + 1);
      expect(readFileSync(join(cwd, "table.md"), "utf8")).toContain("| F15 | lost-webhook | portfolio | 2/2 |");
      expect(first.error).toContain("F02 portfolio: found 2/2");

      const second = await runCommand([...args, "--workers", "1"], { cwd, catalogue: real });
      const runsOf = ({ mutants }: Document): unknown =>
        mutants.map(({ each }) => each.map(({ runs, seed }) => [runs, seed]));
      expect(runsOf(JSON.parse(second.out) as Document)).toEqual(runsOf(document));
    },
  );

  test("holds strategies against the first one named", { timeout: 30_000 }, async () => {
    const args = ["mutants", "--strategy", "random,first-due", "--trials", "3", "--runs-max", "40", "--json"];
    const { out, exitCode } = await runCommand(args, { cwd: temporaryFolder() });
    const { mutants, comparison } = JSON.parse(out) as Document;
    expect(exitCode).toBe(0);
    expect(mutants.map(({ id, strategy }) => `${id} ${strategy}`)).toEqual(["F01 random", "F01 first-due"]);
    expect(comparison!.means.map(({ method }) => method)).toEqual(["first-due"]);
  });

  test("says that a mutant was not found within the cap, and fails", { timeout: 30_000 }, async () => {
    const args = ["mutants", "F16", "--strategy", "first-due", "--trials", "2", "--runs-max", "3"];
    const json = await runCommand([...args, "--json"], { cwd: temporaryFolder(), catalogue: real });
    const [row] = (JSON.parse(json.out) as Document).mutants;
    expect(row).toMatchObject({ found: 0, runs: { median: null }, repro: null });
    expect(json.exitCode).toBe(1);
    const text = await runCommand(args, { cwd: temporaryFolder(), catalogue: real });
    expect(text.out).toContain("> cap");
  });

  test("keeps each trial in the record, and comes to the same with it", { timeout: 30_000 }, async () => {
    const cwd = temporaryFolder();
    const args = [
      "mutants",
      "--strategy",
      "random",
      "--trials",
      "3",
      "--runs-max",
      "40",
      "--json",
      "--record",
      "trials",
    ];
    const first = await runCommand(args, { cwd });
    const lines = readFileSync(join(cwd, "trials"), "utf8").trimEnd().split("\n");
    expect(new Set(lines.map((line) => (JSON.parse(line) as { number: number }).number))).toEqual(new Set([1, 2, 3]));
    const seedsOf = ({ out }: { out: string }): unknown =>
      (JSON.parse(out) as Document).mutants[0]!.each.map(({ runs, seed }) => [runs, seed]);
    const second = await runCommand([...args, "--workers", "3"], { cwd });
    expect(seedsOf(second)).toEqual(seedsOf(first));
    expect(second.error.match(/^\d+\/\d+ /gm), "all trials end at once, and are counted once").toEqual(["1/1 "]);
  });

  test("refuses a record that is something else", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "notes.txt"), "not a trial\n");
    const end = await runCommand(["mutants", "--record", "notes.txt"], { cwd });
    const fix = "name another file, or one that does not exist yet";
    const error = `stormlane: --record notes.txt: holds a line that is no trial; ${fix}\n`;
    expect(end).toEqual({ exitCode: 2, out: "", error });
    expect(readFileSync(join(cwd, "notes.txt"), "utf8")).toBe("not a trial\n");
    const missing = await runCommand(["mutants", "--record", "nowhere/trials"], { cwd });
    expect(missing.error).toBe("stormlane: --record nowhere/trials: cannot be used (ENOENT); name another file\n");
  });

  test("holds the first strategy against the peers", { timeout: 60_000 }, async () => {
    const args = ["mutants", "F01", "--strategy", "random", "--trials", "2", "--cpu-seconds", "1", "--peers"];
    const { out, error } = await runCommand([...args, "--json"], { cwd: temporaryFolder() });
    const { peers } = JSON.parse(out) as Document;
    expect(peers!.groups.map(({ id, peer, trials }) => `${id} ${peer} ${trials}`)).toEqual(
      named.map(({ name }) => `F01 ${name} 2`),
    );
    expect(peers!.summary.verdicts).toHaveLength(1);
    expect(peers!.summary.mean.ratio).toBeGreaterThan(0);
    for (const { name } of named) expect(error).toContain(`F01 ${name}: `);
  });

  test.each([
    [["F0X"], "stormlane: mutant F0X: there is none of that id; did you mean F01?\n"],
    [["--strategy", "prtfolio"], "stormlane: --strategy prtfolio: no such strategy; did you mean portfolio?\n"],
    [["--strategy", "pct,"], "stormlane: --strategy pct,: an empty name; use names with commas between them\n"],
    [["--trials", "0"], "stormlane: --trials 0: out of range; use 1 to 1000\n"],
    [["--runs-max", "many"], "stormlane: --runs-max many: not a whole number; use 1 to 10000000\n"],
    [["--cpu-seconds", "0"], "stormlane: --cpu-seconds 0: out of range; use 1 to 3600\n"],
  ])("refuses %j with what to do about it", async (args, message) => {
    const end = await runCommand(["mutants", ...args], { cwd: temporaryFolder() });
    expect(end).toEqual({ exitCode: 2, out: "", error: message });
  });

  test("tells before anything runs that the table cannot be written", async () => {
    const end = await runCommand(["mutants", "--markdown", "nowhere/table.md"], { cwd: temporaryFolder() });
    expect(end.exitCode).toBe(2);
    expect(end.out).toBe("");
    expect(end.error).toBe("stormlane: --markdown nowhere/table.md: cannot be written (ENOENT); name another file\n");
  });
});

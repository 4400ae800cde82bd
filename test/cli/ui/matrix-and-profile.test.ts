import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readMutants } from "../../../src/cli/ui/mutants-file.ts";
import { readProfile } from "../../../src/cli/ui/profile-file.ts";
import { runCommand, temporaryFolder } from "../run-command.ts";

const evidence = fileURLToPath(new URL("../../../reports/evidence/", import.meta.url));

test("a matrix is what mutants --json prints, by mutant and strategy", { timeout: 30_000 }, async () => {
  const cwd = temporaryFolder();
  const args = ["mutants", "--strategy", "random,first-due", "--trials", "3", "--runs-max", "40", "--json"];
  const { out } = await runCommand(args, { cwd });
  const path = join(cwd, "mutants.json");
  writeFileSync(path, out);
  const printed = JSON.parse(out) as {
    readonly mutants: readonly { readonly found: number; readonly runs: { readonly median: number | null } }[];
  };
  expect(readMutants("--mutants", path, "mutants.json")).toEqual({
    source: "mutants.json",
    strategies: ["random", "first-due"],
    rows: [
      {
        id: "F01",
        title: "increments without the lock",
        scenario: "counter-locked",
        cells: printed.mutants.map(({ found, runs }) => ({ found, trials: 3, runsMedian: runs.median })),
      },
    ],
  });
});

test("a matrix has a gap where a strategy did not try a mutant, or no trial came to its end", () => {
  const path = join(temporaryFolder(), "mutants.json");
  const mutant = (id: string, strategy: string): object => ({ id, title: `t ${id}`, scenario: "s", strategy });
  const found = { trials: 5, found: 2, runs: { median: null } };
  const mutants = [{ ...mutant("F01", "pct"), ...found }, mutant("F02", "pct"), { ...mutant("F02", "pos"), ...found }];
  writeFileSync(path, JSON.stringify({ version: 1, command: "mutants", mutants }));
  const { strategies, rows } = readMutants("--mutants", path, "m");
  expect(strategies).toEqual(["pct", "pos"]);
  expect(rows.map(({ id, cells }) => [id, cells])).toEqual([
    ["F01", [{ found: 2, trials: 5, runsMedian: null }, null]],
    ["F02", [null, { found: 2, trials: 5, runsMedian: null }]],
  ]);
});

test("the mutants that the project has proved are a matrix, too", () => {
  const { strategies, rows } = readMutants("--mutants", join(evidence, "mutants.json"), "evidence");
  expect(strategies).toEqual(["portfolio"]);
  expect(rows.length).toBeGreaterThan(50);
  expect(rows[0]).toMatchObject({ id: "F01", scenario: "concurrent-orchestrators", cells: [{ found: 1, trials: 1 }] });
});

test("a profile is what profile --json prints, in the tables that it prints otherwise", async () => {
  const cwd = temporaryFolder();
  const options = { cwd, catalogue: "../../scenarios/index.ts" } as const;
  const { out } = await runCommand(["profile", "partial-spawn", "--runs", "1", "--json"], options);
  const path = join(cwd, "profile.json");
  writeFileSync(path, out);
  const { sections } = readProfile("--profile", path, "p");
  const titles = ["Time by lane", "Time by agent", "Operations", "Rates"];
  expect(sections.map(({ title }) => title)).toEqual([...titles, expect.stringMatching(/^Real time: /)]);
  expect(sections[1]!.columns.slice(0, 2)).toEqual([
    { title: "agent", isNumber: false },
    { title: "lane", isNumber: true },
  ]);
  expect(sections[1]!.rows.map(([agent]) => agent)).toContain("spawner");
});

test("the profile that the project keeps is shown as it is", () => {
  const { sections } = readProfile("--profile", join(evidence, "profile.json"), "p");
  expect(sections[0]).toMatchObject({
    title: "Self time by folder",
    columns: [{ isNumber: false }, { isNumber: true }, { isNumber: true }],
  });
});

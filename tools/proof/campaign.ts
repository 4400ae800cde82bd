import type { Findings } from "./evidence.ts";
import { jsonOf } from "./command.ts";
import type { RunResult } from "./run-result.ts";
import type { Part } from "./run-parts.ts";

/** A little over a tenth: which seeds are run twice is drawn, and of 100,000 at least 10,000 should be. */
const doubleRuns = "10.2%";

/** Many seeds of the correct core: all hold, every goal is reached, and what is run twice gives the same history twice. */
export function campaign(seeds: number, outFolder: string): Part {
  const args = ["run", "--seeds", String(seeds), "--double-runs", doubleRuns, "--out", outFolder, "--json"];
  return {
    name: "campaign",
    title: `Campaign of ${seeds} seeds on the correct core`,
    command: `npm run stormlane -- ${args.join(" ")}`,
    find: async () => findingsOf((await jsonOf("src/cli/bin.ts", args)) as unknown as RunResult, seeds),
  };
}

export function findingsOf(result: RunResult, seeds: number): Findings {
  const { scenarios, determinism } = result;
  const violations = scenarios.flatMap(({ invariants }) => invariants).reduce((sum, each) => sum + each.violations, 0);
  const limited = scenarios.flatMap(({ limits }) => Object.values(limits)).reduce((sum, runs) => sum + runs, 0);
  const problems = result.problems.map(({ scenario, text }) => `${scenario}: ${text}`);
  if (!result.ok && problems.length === 0) problems.push(`the campaign ended with exit code ${result.exitCode}`);
  if (result.seeds.run !== seeds) problems.push(`${result.seeds.run} of ${seeds} seeds were run`);
  if (determinism.mismatches > 0) problems.push(`${determinism.mismatches} runs differ when they are run again`);
  if (determinism.checked === 0) problems.push("no run was run twice");
  return {
    facts: {
      seedsRun: result.seeds.run,
      violations,
      runsThatReachedALimit: limited,
      runTwice: determinism.checked,
      runTwiceMismatches: determinism.mismatches,
      seedsPerSecond: result.seedsPerSecond,
      opsPerSecond: result.opsPerSecond,
      workers: result.workers,
    },
    tables: [
      {
        title: "Scenarios",
        columns: ["scenario", "runs", "operations", "virtual hours", "failures", "reached a limit"],
        rows: scenarios.map(({ name, runs, ops, virtualMs, failures, limits }) => [
          name,
          runs,
          ops,
          Math.round(virtualMs / 3_600_000),
          failures.length,
          Object.values(limits).reduce((sum, count) => sum + count, 0),
        ]),
      },
      {
        title: "Invariants",
        columns: ["scenario", "invariant", "times judged", "violations"],
        rows: scenarios.flatMap(({ name, invariants }) =>
          invariants.map(({ id, checked, violations }) => [name, id, checked, violations]),
        ),
      },
      {
        title: "What must happen at least once",
        columns: ["scenario", "goal", "runs in which it happened"],
        rows: scenarios.flatMap(({ name, sometimes }) => sometimes.map((goal) => [name, goal.name, goal.hits])),
      },
    ],
    problems,
  };
}

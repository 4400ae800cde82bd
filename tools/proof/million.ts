import { builtInScenarios } from "../../scenarios/index.ts";
import { findingsOf } from "./campaign.ts";
import { jsonOf } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { RunResult } from "./run-result.ts";
import type { Part } from "./run-parts.ts";

/** How many times the seeds of the others a scenario gets: its runs are that much shorter. */
const shareOf: Readonly<Record<string, number>> = { "partial-spawn": 6 };

/** A million seeds under the portfolio: all hold. Says what they cost. */
export function million(seeds: number, outFolder: string): Part {
  const split = splitSeeds(seeds);
  const argsOf = (scenario: string, count: number): readonly string[] => [
    "run",
    scenario,
    "--seeds",
    String(count),
    "--strategy",
    "portfolio",
    "--first-seed",
    "1000000",
    "--out",
    outFolder,
    "--json",
  ];
  return {
    name: "million",
    title: `${seeds} seeds on the correct core under the portfolio`,
    command: `npm run stormlane -- ${argsOf("SCENARIO", 0).join(" ").replace("--seeds 0", "--seeds N")}, for each scenario`,
    async find(say) {
      const results: RunResult[] = [];
      for (const [scenario, count] of split) {
        const result = (await jsonOf("src/cli/bin.ts", argsOf(scenario, count))) as unknown as RunResult;
        say(`   ${scenario}: ${result.seeds.run} seeds, ${Math.round(result.cpuMs / 1000)} s of CPU time`);
        results.push(result);
      }
      return inAll(results, seeds);
    },
  };
}

/** Whole numbers that add up to the total. */
export function splitSeeds(
  seeds: number,
  names = builtInScenarios.map(({ name }) => name),
): ReadonlyMap<string, number> {
  const shares = names.map((name) => shareOf[name] ?? 1);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const counts = shares.map((share) => Math.floor((seeds * share) / total));
  const left = seeds - counts.reduce((sum, count) => sum + count, 0);
  return new Map(names.map((name, index) => [name, counts[index]! + (index < left ? 1 : 0)]));
}

function inAll(results: readonly RunResult[], seeds: number): Findings {
  const sum = (of: (result: RunResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  const wallMs = sum((each) => each.wallMs);
  const runs = sum((each) => each.seeds.run);
  const whole: RunResult = {
    ok: results.every(({ ok }) => ok),
    exitCode: Math.max(...results.map(({ exitCode }) => exitCode)),
    problems: results.flatMap(({ problems }) => problems),
    seeds: { run: runs },
    wallMs,
    cpuMs: sum((each) => each.cpuMs),
    seedsPerSecond: Math.round((runs * 1000) / Math.max(1, wallMs)),
    opsPerSecond: Math.round(
      (sum(({ scenarios }) => scenarios.reduce((ops, scenario) => ops + scenario.ops, 0)) * 1000) / Math.max(1, wallMs),
    ),
    workers: results[0]!.workers,
    scenarios: results.flatMap(({ scenarios }) => scenarios),
    determinism: {
      checked: sum(({ determinism }) => determinism.checked),
      mismatches: sum(({ determinism }) => determinism.mismatches),
    },
  };
  const { facts, ...rest } = findingsOf(whole, seeds);
  return { facts: { ...facts, cpuSeconds: Math.round(whole.cpuMs / 1000) }, ...rest };
}

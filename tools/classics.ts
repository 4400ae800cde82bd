/**
 * Prints, as Markdown, after how many runs each strategy finds each classic schedule bug: the table of
 * `docs/strategies.md`. The same seeds each time, so the same table.
 *
 * Usage: node tools/classics.ts [--trials 51] [--runs-max 1000] [--strategies surw,pos] [NAME...]
 */
import { parseArgs } from "node:util";
import { classics } from "../scenarios/classics/classics.ts";
import { emptyCase, Explorer, strategyNames, type Plan, type StrategyName } from "../src/explore/explorer.ts";
import { RandomWalk } from "../src/explore/strategies/random-walk.ts";
import { installGuards } from "../src/kernel/guards.ts";
import { inMacrotask } from "../src/kernel/settle.ts";
import { neverUs } from "../src/kernel/time.ts";
import { runCaseNow } from "../src/sim/run-case.ts";
import type { Scenario } from "../src/sim/scenario.ts";
import { medianInterval } from "../src/trials/order-statistics.ts";

/** `walk`: the random walk of the papers, any step at each step; `random` does so at a share of them. */
const columns = ["walk", "random", "delay-bounded", "pct", "pos", "surw", "reads-from", "portfolio"] as const;
type Column = (typeof columns)[number];
/** Trials that find nothing, all from the first on, before the rest is taken to find nothing at the median. */
const barrenTrials = 20;
const seedsApart = 1_000_000;

type PlanOf = (seed: number) => Pick<Plan, "case" | "exploration">;

function plansOf(column: Column, scenario: Scenario): PlanOf {
  if (column !== "walk") {
    const explorer = new Explorer(scenario, column, runCaseNow);
    return (seed) => explorer.plan(seed);
  }
  return (seed) => ({
    case: emptyCase(scenario, seed, scenario.workloads.draw(seed)),
    exploration: { scheduler: new RandomWalk({ seed, switchPpm: 1_000_000, fairFromUs: neverUs }) },
  });
}

interface Bounds {
  readonly trials: number;
  readonly runsMax: number;
}

/** @returns by trial: after how many runs; Infinity when none of them found it */
function trialsOf(scenario: Scenario, planOf: PlanOf, { trials, runsMax }: Bounds): number[] {
  const results: number[] = [];
  for (let trial = 0; trial < trials; trial++) {
    if (trial === barrenTrials && !results.some(Number.isFinite)) break;
    results.push(runsToFind(scenario, planOf, trial * seedsApart, runsMax));
  }
  return results;
}

function runsToFind(scenario: Scenario, planOf: PlanOf, firstSeed: number, runsMax: number): number {
  for (let run = 1; run <= runsMax; run++) {
    const plan = planOf(firstSeed + run - 1);
    if (runCaseNow(scenario, plan.case, plan.exploration).verdict.kind === "violated") return run;
  }
  return Infinity;
}

function cellOf(results: readonly number[], { runsMax }: Bounds): string {
  const { median, low, high } = medianInterval(results);
  const text = (runs: number): string => (Number.isFinite(runs) ? String(runs) : `>${runsMax}`);
  return Number.isFinite(low) ? `${text(median)} [${text(low)}, ${text(high)}]` : text(median);
}

const { values, positionals } = parseArgs({
  options: {
    trials: { type: "string", default: "51" },
    "runs-max": { type: "string", default: "1000" },
    strategies: { type: "string", default: columns.join(",") },
  },
  allowPositionals: true,
});
const bounds: Bounds = { trials: Number(values.trials), runsMax: Number(values["runs-max"]) };
const chosen = values.strategies.split(",");
const unknown = chosen.filter((name) => name !== "walk" && !strategyNames.includes(name as StrategyName));
if (unknown.length > 0 || !(bounds.trials >= 1) || !(bounds.runsMax >= 1)) {
  process.stderr.write(
    `usage: node tools/classics.ts [--trials N] [--runs-max N] [--strategies ${columns.join(",")}]\n`,
  );
  process.exit(2);
}

installGuards();
const shown = columns.filter((column) => chosen.includes(column));
process.stdout.write(`| bug | ${shown.join(" | ")} |\n|---|${"---|".repeat(shown.length)}\n`);
for (const scenario of classics) {
  const name = scenario.name.slice("classics/".length);
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const cells: string[] = [];
  for (const column of shown) {
    cells.push(await inMacrotask(() => cellOf(trialsOf(scenario, plansOf(column, scenario), bounds), bounds)));
  }
  process.stdout.write(`| ${name} | ${cells.join(" | ")} |\n`);
}

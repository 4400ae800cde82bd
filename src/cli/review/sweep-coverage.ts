import { canonicalJson, type JsonValue } from "../../base/json.ts";
import type { SeedRange } from "../../campaign/seed-range.ts";
import { emptyCase, Explorer, type StrategyName } from "../../explore/explorer.ts";
import { SiteCollector, sweepPlan } from "../../explore/sweep.ts";
import type { Fault } from "../../faults/fault.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import type { SweepCoverage } from "../../review/evidence.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";

/** Seeds that were run. */
export interface SweptSeeds {
  readonly strategy: StrategyName;
  readonly seeds: Pick<SeedRange, "first" | "count">;
}

/** Of all pairs of a step and a fault in the scenario's example runs: how many these seeds have tried, each in a run of its own. */
export function sweepCoverage(scenario: Scenario, swept: readonly SweptSeeds[]): Promise<SweepCoverage> {
  return inMacrotask(() => {
    const tried = new Set<string>();
    for (const { strategy, seeds } of swept) {
      const explorer = new Explorer(scenario, strategy, runCaseNow);
      for (let seed = seeds.first; seed < seeds.first + seeds.count; seed++) {
        if (!isSweep(strategy, seed)) continue;
        const { case: input, strategy: planned } = explorer.plan(seed);
        const [fault] = input.faults;
        if (planned !== "sweep" || fault === undefined) continue;
        tried.add(nameOf(input.workload, fault));
      }
    }
    return { pairs: pairsOf(scenario), tried: tried.size };
  });
}

/** The portfolio's second half costs runs to plan, and sweeps nothing. */
function isSweep(strategy: StrategyName, seed: number): boolean {
  return strategy === "sweep" || (strategy === "portfolio" && seed % 2 === 1);
}

function pairsOf(scenario: Scenario): number {
  const { faults, workloads } = scenario;
  if (faults.families.length === 0) return 0;
  const pairs = new Set<string>();
  for (const workload of workloads.scripted) {
    const collector = new SiteCollector(faults);
    runCaseNow(scenario, emptyCase(scenario, 0, workload), { faults: collector });
    for (const fault of sweepPlan(collector, faults)) pairs.add(nameOf(workload, fault));
  }
  return pairs.size;
}

function nameOf(workload: JsonValue, fault: Fault): string {
  return canonicalJson([workload, fault]);
}

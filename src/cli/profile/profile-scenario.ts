import { Explorer, type StrategyName } from "../../explore/explorer.ts";
import { installGuards } from "../../kernel/guards.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { signatureOf } from "../../sim/outcome.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { folderOf, selfTimeBy, withProfiler, type TimeShares } from "./engine-time.ts";
import { spansOfHistory } from "./history-spans.ts";
import { profileSpans, type SpanProfile, type WrittenMark, type WrittenSpan } from "./span-profile.ts";

export interface ScenarioProfile extends SpanProfile {
  readonly scenario: string;
  readonly strategy: StrategyName;
  readonly runs: number;
  /** Runs that did not hold. */
  readonly failed: number;
  readonly ops: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly real: { readonly usPerOp: number; readonly shares: TimeShares };
}

/** Runs seeds from `firstSeed` on and tells where virtual and real time went. */
export async function profileScenario(
  scenario: Scenario,
  options: { readonly strategy: StrategyName; readonly firstSeed: number; readonly runs: number },
): Promise<ScenarioProfile> {
  installGuards();
  const { strategy, firstSeed, runs } = options;
  const explorer = new Explorer(scenario, strategy, runCaseNow);
  const runSeed = (seed: number): Promise<ReturnType<typeof runCaseNow>> =>
    inMacrotask(() => {
      const plan = explorer.plan(seed);
      return runCaseNow(scenario, plan.case, plan.exploration);
    });
  // The first runs pay for compiling.
  for (let index = 0; index < Math.min(3, runs); index++) await runSeed(firstSeed + index);
  const entries: (WrittenSpan | WrittenMark)[] = [];
  const sums = { failed: 0, ops: 0, virtualMs: 0, wallMs: 0 };
  const { profile } = await withProfiler(async () => {
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const startMs = performance.now();
      const outcome = await runSeed(seed);
      sums.wallMs += performance.now() - startMs;
      sums.ops += outcome.stats.ops;
      sums.virtualMs += outcome.stats.virtualMs;
      if (signatureOf(outcome.verdict) !== "held") sums.failed++;
      for (const entry of spansOfHistory(outcome.history.events)) {
        entries.push({ ...entry, role: `${entry.role} of seed ${seed}` });
      }
    }
  });
  const ofRuns = selfTimeBy(profile, folderOf).filter(([name]) => name !== "src/cli" && name !== "the measurement");
  const share = ofRuns.reduce((sum, [, each]) => sum + each, 0);
  return {
    ...profileSpans(entries),
    scenario: scenario.name,
    strategy,
    runs,
    ...sums,
    real: {
      usPerOp: (sums.wallMs * 1000) / Math.max(1, sums.ops),
      shares: ofRuns.map(([name, each]) => [name, each / share] as const),
    },
  };
}

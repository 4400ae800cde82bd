import { Explorer } from "../../explore/explorer.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { LargestReader, suggestBudgets, type MeasuredRun } from "../../limits/budgets/suggest.ts";
import type { BudgetsEvidence, FootGunsEvidence } from "../../review/evidence.ts";
import { FootGunCollector } from "../../review/foot-guns/find-foot-guns.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";

export interface RecordedEvidence {
  readonly footGuns: FootGunsEvidence;
  readonly budgets: BudgetsEvidence;
}

/** Reads the histories of the first seeds of each scenario: for habits, and for what runs take. */
export async function recordedEvidence({ settings, interrupted }: EvidenceOptions): Promise<RecordedEvidence> {
  const { run, recordedMax } = settings;
  const collector = new FootGunCollector();
  const measured: MeasuredRun[] = [];
  for (const { scenario, seeds } of run.scenarios) {
    const explorer = new Explorer(scenario, run.strategy, runCaseNow);
    for (let seed = seeds.first; seed < seeds.first + Math.min(seeds.count, recordedMax); seed++) {
      if (interrupted.aborted) break;
      await inMacrotask(() => {
        const plan = explorer.plan(seed);
        const { events } = runCaseNow(scenario, plan.case, plan.exploration).history;
        const reader = new LargestReader(run.budgets?.prices);
        for (const event of events) reader.observe(event);
        collector.add({ scenario: scenario.name, seed, events });
        measured.push({ scenario: scenario.name, seed, largest: reader.largest });
      });
    }
  }
  return {
    footGuns: { runs: measured.length, found: collector.found() },
    budgets: { runs: measured.length, suggested: suggestBudgets(measured) },
  };
}

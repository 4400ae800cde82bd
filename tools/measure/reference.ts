import { readFileSync, writeFileSync } from "node:fs";
import { externalOps, opMix, referenceRun } from "../../test/bench/reference-run.ts";
import { schedulesPerSecond } from "../../test/bench/schedules.ts";
import { canonicalJson } from "../../src/base/json.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Findings } from "../proof/evidence.ts";
import { measureRuns, percentile, rounded } from "./runs.ts";

const externalOpsPerSecondBudget = 300_000;
const frozenMixUrl = new URL("../../test/bench/reference-mix.json", import.meta.url);

/** How fast the reference run runs: at least so many seconds, and at least 30 runs. */
export async function measureReference(seconds: number): Promise<Findings> {
  const { scenario, case: input } = referenceRun();
  const measured = await measureRuns(() => runCaseNow(scenario, input), { seconds, runsMin: 30 });
  const { stats, verdict, history } = measured.outcome;
  const mix = opMix(history.events);
  const external = externalOps(mix);
  const runMs = measured.runMs.toSorted((left, right) => left - right);
  const schedules = await schedulesPerSecond(Math.min(5, seconds));
  const frozen = readFileSync(frozenMixUrl, "utf8");
  const problems: string[] = [];
  if (verdict.kind !== "held") problems.push(`the reference run ended ${verdict.kind}`);
  if (canonicalJson(JSON.parse(frozen) as typeof mix) !== canonicalJson(mix)) {
    problems.push("the mix of operations is another than the frozen one: compare rates of equal mixes alone");
  }
  const externalOpsPerSecond = rounded((external * measured.runs * 1000) / measured.wallMs);
  return {
    facts: {
      externalOpsPerSecond,
      externalOpsPerSecondBudget,
      meetsBudget: externalOpsPerSecond >= externalOpsPerSecondBudget,
      externalOpsPerCpuSecond: rounded((external * measured.runs * 1000) / measured.cpuMs),
      runsPerSecond: rounded((measured.runs * 1000) / measured.wallMs, 2),
      runMsMedian: rounded(percentile(runMs, 50), 2),
      runMsP95: rounded(percentile(runMs, 95), 2),
      runs: measured.runs,
      opsPerRun: stats.ops,
      externalOpsPerRun: external,
      stepsPerRun: stats.steps,
      eventsPerRun: stats.events,
      virtualMsPerRun: rounded(stats.virtualMs),
      virtualToReal: rounded((stats.virtualMs * measured.runs) / measured.wallMs),
      distinctSchedules: schedules.distinct,
      randomRuns: schedules.runs,
      distinctSchedulesPerSecond: rounded(schedules.perSecond),
    },
    tables: [
      {
        title: "Mix of operations in one run",
        columns: ["kind", "operations", "percent"],
        rows: Object.entries(mix)
          .toSorted(([, left], [, right]) => right - left)
          .map(([kind, ops]) => [kind, ops, rounded((ops * 100) / stats.ops, 1)]),
      },
    ],
    problems,
  };
}

/** Makes the mix of today the one that the test compares with. */
export async function freezeMix(): Promise<void> {
  const { scenario, case: input } = referenceRun();
  const outcome: Outcome = await inMacrotask(() => runCaseNow(scenario, input));
  writeFileSync(frozenMixUrl, `${JSON.stringify(opMix(outcome.history.events), undefined, 2)}\n`);
}

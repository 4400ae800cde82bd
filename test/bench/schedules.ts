import { mix32, hash32, hex32 } from "../../src/base/digest.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import { RandomWalk } from "../../src/explore/strategies/random-walk.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { neverUs } from "../../src/kernel/time.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";

/** Names the order in which operations were sent and answered. Two runs of one fingerprint took the same schedule. */
export function scheduleFingerprint(events: readonly HistoryEvent[]): string {
  let left = 0;
  let right = 1;
  for (const event of events) {
    if (event.kind !== "sent" && event.kind !== "answered") continue;
    const hash = hash32(event.op.site, event.kind === "sent" ? 1 : 2);
    left = mix32(left, hash);
    right = mix32(right, hash);
  }
  return hex32(left) + hex32(right);
}

/**
 * How many schedules a random walk finds in a fan-out of two stories by three orchestrators, without faults. Only the
 * runs are timed, not the fingerprints.
 */
export async function schedulesPerSecond(
  seconds: number,
): Promise<{ readonly runs: number; readonly distinct: number; readonly perSecond: number }> {
  const scenario = concurrentOrchestrators.build();
  const [workload] = scenario.workloads.scripted;
  const seen = new Set<string>();
  let runs = 0;
  let wallMs = 0;
  while (wallMs < seconds * 1000) {
    const scheduler = new RandomWalk({ seed: runs++, switchPpm: 100_000, fairFromUs: neverUs });
    const startMs = performance.now();
    const { history } = await inMacrotask(() => runCaseNow(scenario, emptyCase(scenario, 1, workload!), { scheduler }));
    wallMs += performance.now() - startMs;
    seen.add(scheduleFingerprint(history.events));
  }
  return { runs, distinct: seen.size, perSecond: (seen.size * 1000) / wallMs };
}

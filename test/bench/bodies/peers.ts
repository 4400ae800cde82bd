import { timedBench, type BenchModule } from "../../../src/bench/bench-module.ts";
import { emptyCase } from "../../../src/explore/explorer.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { concurrentOrchestrators } from "../../../scenarios/concurrent-orchestrators/scenario.ts";
import { fakeTimers } from "../../../tools/peers/fake-timers.ts";
import { fastCheckScheduler } from "../../../tools/peers/fast-check-scheduler.ts";
import type { Peer } from "../../../tools/peers/peer.ts";
import type { PeerRun } from "../../../tools/peers/run-on-peer.ts";

const built = concurrentOrchestrators.build();
const workload = built.workloads.scripted[0]!;

/** One fan-out of two stories by two pollers and a webhook server, without faults. */
const scenario: Scenario = {
  ...built,
  workloads: { ...built.workloads, scripted: [workload], draw: () => workload },
  faults: { ...built.faults, families: [] },
};

/** Real time over loopback is no benchmark: it takes the time that its timers say. */
const peers: readonly Peer[] = [fastCheckScheduler, fakeTimers];

/** The same run here, and as others would test it. */
export const peerRuns: readonly BenchModule[] = [
  timedBench({
    name: "fan-out, simulated",
    about: "a fan-out of two stories by three orchestrators",
    operations: 1,
    setUp: () => undefined,
    body: () => inMacrotask(() => runCaseNow(scenario, emptyCase(scenario, 1, workload)).verdict.kind),
    isDone: (verdict) => verdict === "held",
  }),
  ...peers.map((peer) =>
    timedBench({
      name: `fan-out, ${peer.name}`,
      about: `the same fan-out, as a test with ${peer.name} runs it`,
      operations: 1,
      setUp: () => undefined,
      body: () => runOnce(peer),
      isDone: (run) => (run as PeerRun).end?.kind === "stopped" && (run as PeerRun).violation === undefined,
    }),
  ),
];

async function runOnce(peer: Peer): Promise<PeerRun | undefined> {
  let first: PeerRun | undefined;
  const judge = (run: PeerRun): boolean => {
    first = run;
    return true;
  };
  await peer.search({ scenario, seed: 1, judge, isSpent: () => first !== undefined });
  return first;
}

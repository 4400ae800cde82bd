import { workerData } from "node:worker_threads";
import { assert } from "../../src/base/assert.ts";
import { Pulse } from "../../src/campaign/pulse.ts";
import type { Order, WorkerSettings } from "../../src/campaign/worker-pool.ts";
import { loadCatalogue } from "../../src/cli/catalogue.ts";
import type { MutantWorkerSettings } from "../../src/cli/mutants-command-worker.ts";
import { threadCpuMs } from "../../src/cli/thread-cpu.ts";
import type { PeerResult, PeerTrial } from "../../src/trials/peer-trial.ts";
import { fakeTimers } from "./fake-timers.ts";
import { fastCheckScheduler } from "./fast-check-scheduler.ts";
import type { Peer } from "./peer.ts";
import { realTime } from "./real-time.ts";
import { searchWithPeer } from "./search-with-peer.ts";

const peers: readonly Peer[] = [fastCheckScheduler, fakeTimers, realTime];

/** The entry of a worker thread: one trial of a peer. */
export async function runTask({ task, slot }: Order<PeerTrial>): Promise<PeerResult> {
  const { memory, settings } = workerData as WorkerSettings;
  const { catalogueUrl } = settings as unknown as MutantWorkerSettings;
  const catalogue = await loadCatalogue(new URL(catalogueUrl));
  const peer = peers.find(({ name }) => name === task.peer);
  assert(peer !== undefined, `no peer ${task.peer}`);
  const pulse = new Pulse(memory, slot);
  return searchWithPeer(peer, task, {
    scenario: catalogue.scenarioWith(task.scenario, { mutant: task.mutant }),
    cpuMs: threadCpuMs,
    onRun: () => pulse.enter(0),
  });
}

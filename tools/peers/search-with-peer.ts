import { hash32 } from "../../src/base/digest.ts";
import type { RunEnd } from "../../src/kernel/kernel.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import type { PeerResult, PeerTrial } from "../../src/trials/peer-trial.ts";
import type { Peer } from "./peer.ts";

export interface PeerSearchOptions {
  /** Around the mutant. */
  readonly scenario: Scenario;
  /** CPU time of this thread so far. */
  readonly cpuMs: () => number;
  /** Called after each run. */
  readonly onRun?: () => void;
}

/** One trial of a peer. The same one begins with the same seed each time. */
export async function searchWithPeer(peer: Peer, trial: PeerTrial, options: PeerSearchOptions): Promise<PeerResult> {
  const { expects, cpuMsMax, wallMsMax } = trial;
  const { scenario, cpuMs } = options;
  const startCpuMs = cpuMs();
  const startMs = performance.now();
  const others = new Set<string>();
  let signature: string | undefined;
  let runs = 0;
  const isSpent = (): boolean => cpuMs() - startCpuMs >= cpuMsMax || performance.now() - startMs >= wallMsMax;
  await peer.search({
    scenario,
    seed: hash32(`${trial.peer} ${trial.mutant} ${trial.number}`),
    isSpent,
    judge({ violation, end }) {
      options.onRun?.();
      runs++;
      const name = violation === undefined ? endText(end) : `${violation.invariant}: ${violation.place}`;
      if (violation !== undefined && expects.includes(violation.invariant)) signature = name;
      else if (name !== undefined) others.add(name);
      return signature !== undefined;
    },
  });
  return {
    isFound: signature !== undefined,
    runs,
    cpuMs: cpuMs() - startCpuMs,
    wallMs: performance.now() - startMs,
    signature,
    others: [...others],
  };
}

/** @returns undefined for a regular end @throws what our own code, or a fake, came to grief by: then nothing is measured */
function endText(end: RunEnd | undefined): string | undefined {
  switch (end?.kind) {
    case undefined:
    case "stopped":
      return undefined;
    case "broken":
      throw end.error;
    case "limit":
      return `limit: ${end.limit}`;
    default:
      return end?.kind;
  }
}

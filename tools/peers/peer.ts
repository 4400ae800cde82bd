import type { Scenario } from "../../src/sim/scenario.ts";
import type { PeerRun } from "./run-on-peer.ts";

export interface Search {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Takes a run in. @returns whether it shows what is looked for */
  readonly judge: (run: PeerRun) => boolean;
  /** Whether time is up. */
  readonly isSpent: () => boolean;
}

/** Another way to look for the same failures, as its users would go about it. */
export interface Peer {
  readonly name: string;
  /** Runs the scenario until a run shows the failure, or time is up. */
  search(search: Search): Promise<void>;
}

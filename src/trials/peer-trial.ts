import type { Measured } from "./trial.ts";

/** A trial by another way to test: until it finds what it looks for, or a cap. Plain data. */
export interface PeerTrial {
  /** By name. */
  readonly peer: string;
  readonly mutant: string;
  readonly scenario: string;
  /** Invariants of which one must be broken. */
  readonly expects: readonly string[];
  /** From 1. */
  readonly number: number;
  readonly cpuMsMax: number;
  /** Real time. Who waits for it uses little of the other. */
  readonly wallMsMax: number;
}

export interface PeerResult extends Measured {
  readonly wallMs: number;
  readonly signature: string | undefined;
  /** Failures that were none of those expected, and runs that came to no end, each once. */
  readonly others: readonly string[];
}

export interface PeerName {
  readonly name: string;
  /** It waits for real time, and so comes to an end there. */
  readonly isRealTime: boolean;
}

/** Other ways to test, as a module hands them in. */
export interface PeerKit {
  readonly peers: readonly PeerName[];
  /** Ids of mutants to hold them against when nobody names any. */
  readonly representative: readonly string[];
  /** A module that exports `runTask(order: Order<PeerTrial>): Promise<PeerResult>`. */
  readonly workerUrl: URL;
}

import type { Policies } from "../../src/index.ts";

/** The orchestrator core with one policy replaced by one that is known to fail somewhere: the test bed must find it. */
export interface Mutant {
  /** Of the failure mode it plants, as `F22`. */
  readonly id: string;
  readonly title: string;
  /** The scenario that finds it. */
  readonly scenario: string;
  /** Invariants of which one must be broken. */
  readonly expects: readonly string[];
  apply(policies: Policies): Policies;
}

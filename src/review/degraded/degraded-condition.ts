/** What a system does while one thing around it is bad, and afterwards; from runs in which nothing else went wrong. */
export interface DegradedCondition {
  readonly condition: ConditionName;
  /** As `The board is down`. */
  readonly title: string;
  /** In which it struck at least once. The other figures are about these. */
  readonly runs: number;
  /** How long it lasted in each run. */
  readonly lastedMs: number;
  /** Requests and starts of the kind that it strikes, of the system's processes, over all runs. */
  readonly callsPerVirtualHour: {
    /** While it lasted, as far as the runs came. */
    readonly failing: number;
    /** In the same stretch of the same runs without it. */
    readonly healthy: number;
  };
  /** From its end until as much was done as is done without it; of the runs that got there. */
  readonly recoveredAfterMs: { readonly median: number; readonly max: number } | undefined;
  /** Runs that did not get there. */
  readonly neverRecovered: number;
  /** What people were shown, over all runs, beyond what they see without it. */
  readonly shown: { readonly alarms: number; readonly comments: number; readonly failedCards: number };
  /** Violations in these runs: what was lost or done twice. */
  readonly lost: readonly LostWork[];
  /** What the system does then, in a sentence or two. */
  readonly words: string;
}

export type ConditionName =
  | "board-slow"
  | "board-down"
  | "provider-slow"
  | "provider-down"
  | "disk-full"
  | "cli-fails"
  | "webhooks-lost"
  | "git-locked";

export interface LostWork {
  readonly scenario: string;
  readonly seed: number;
  readonly invariant: string;
  readonly message: string;
}

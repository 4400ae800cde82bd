/** A budget that the measured runs would have kept, with room to spare. */
export interface SuggestedBudget {
  /** As in the config. */
  readonly name: string;
  readonly value: number;
  /** 99 of 100 measured ones were at most this. */
  readonly p99: number;
  readonly measured: number;
}

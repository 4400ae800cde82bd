/** What an effect asks before it leaves: whether this process may still act for its scope. */
export interface Guard {
  /**
   * Returns when at least `marginMs` of validity are left: long enough for the effect to be over before anybody else
   * may act.
   * @throws RunStop `lost` otherwise
   */
  require(marginMs: number): void;
  /** Told before each call of the board. @throws RunStop when there were too many */
  countBoardCall?(): void;
  /** Aborts when the right to act is lost. */
  readonly signal: AbortSignal;
}

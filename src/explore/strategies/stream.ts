import { mix32 } from "../../base/digest.ts";

/**
 * A stream of choices (xorshift). The choices of a strategy go into the case as preemptions, so they need no names of
 * their own, unlike the draws of a run.
 */
export class Stream {
  private state: number;

  constructor(seed: number, purpose: number) {
    const state = mix32(seed >>> 0, purpose);
    this.state = state === 0 ? 0x9e3779b9 : state;
  }

  /** From 0 to `bound - 1`. */
  below(bound: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return Math.floor((this.state / 0x1_0000_0000) * bound);
  }
}

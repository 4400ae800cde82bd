import { assert } from "../base/assert.ts";
import { mix32 } from "../base/digest.ts";

/** Whole numbers from a seed, the same ones each time: for resampling. */
export class RandomStream {
  private readonly seed: number;
  private count = 0;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** @returns 0 to `bound - 1`; the bias is at most bound / 2^32 */
  below(bound: number): number {
    assert(bound >= 1 && bound <= 0x1_0000, "bounds of resampling are small");
    return Math.floor((mix32(this.seed, this.count++) / 0x1_0000_0000) * bound);
  }
}

import { hash32, hex32, mix32 } from "../base/digest.ts";

/**
 * Random decisions, each keyed by (seed, site, purpose) and by nothing else: removing one fault, actor or delay leaves
 * every other draw as it was. Integers only.
 */
export class Draws {
  private readonly seedHash: number;

  constructor(seed: number) {
    this.seedHash = mix32(seed >>> 0, Math.floor(seed / 0x1_0000_0000) >>> 0);
  }

  /** 32 random bits, unsigned. */
  bits(siteHash: number, purpose: Purpose): number {
    return mix32(mix32(this.seedHash, siteHash), purpose);
  }

  /** An integer from 0 to `bound - 1`; `bound` is 1 to 2^32. The bias is below 2^-32 times the bound. */
  int(siteHash: number, purpose: Purpose, bound: number): number {
    return Math.floor((this.bits(siteHash, purpose) / 0x1_0000_0000) * bound);
  }

  /** True for `ppm` of a million draws. */
  chance(siteHash: number, purpose: Purpose, ppm: number): boolean {
    return this.int(siteHash, purpose, 1_000_000) < ppm;
  }

  id(siteHash: number, purpose: Purpose): string {
    const left = this.bits(siteHash, purpose);
    return hex32(left) + hex32(mix32(left, siteHash));
  }
}

/** What a draw is for, hashed once. */
export type Purpose = number;

export function purpose(name: string): Purpose {
  return hash32(name);
}

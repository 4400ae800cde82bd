import { RangeSeeds, type SeedRange, type SeedSource } from "../seed-range.ts";
import type { Ledger } from "./ledger.ts";

/** The seeds of a range that a ledger does not have yet. It is asked once for many of them. */
export class PendingSeeds implements SeedSource {
  private readonly ledger: Ledger;
  private readonly target: number;
  private readonly all: RangeSeeds;
  private readonly ready: number[] = [];

  constructor(ledger: Ledger, target: number, range: SeedRange) {
    this.ledger = ledger;
    this.target = target;
    this.all = new RangeSeeds(range);
  }

  get leftMax(): number {
    return this.ready.length + this.all.leftMax;
  }

  take(count: number): number[] {
    while (this.ready.length < count) {
      const next = this.all.take(seedsPerLook);
      if (next.length === 0) break;
      const recorded = new Set(this.ledger.recordedSeeds(this.target, next[0], next.at(-1)));
      for (const seed of next) if (!recorded.has(seed)) this.ready.push(seed);
    }
    return this.ready.splice(0, count);
  }
}

const seedsPerLook = 10_000;

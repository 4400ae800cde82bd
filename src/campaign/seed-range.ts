import { hash32, mix32 } from "../base/digest.ts";

/** The seeds `first` to `first + count - 1`, or of these the ones of a shard. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
  /** Absent: all of them. */
  readonly part?: ShardPart;
}

/** One of `count` machines that share a campaign; `index` is 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** A shard of one scenario: scenarios are dealt out differently. */
export interface ShardPart extends Shard {
  readonly scenario: string;
}

export const wholeCampaign: Shard = { index: 1, count: 1 };

/** What one shard runs of the seeds from `first` on. The shards together run each seed once. */
export function seedsOfShard(scenario: string, first: number, count: number, shard: Shard): SeedRange {
  return shard.count === 1 ? { first, count } : { first, count, part: { scenario, ...shard } };
}

/**
 * Which shard runs a seed, 1 to `shards`: a function of (scenario, seed) alone. Of `shards` seeds in a row, counted from
 * a multiple of `shards`, each shard has one, and a hash says who has which: strategies come by turns, and a fixed step
 * would give a machine always the same one.
 */
export function shardOf(scenario: string, seed: number, shards: number): number {
  return 1 + ((rotationOf(hash32(scenario), Math.floor(seed / shards)) + seed) % shards);
}

/** Hands out seeds in ascending order. */
export interface SeedSource {
  /** At most `count` of the seeds that are left; fewer only when there are no more. */
  take(count: number): number[];
  /** How many are left, at most. */
  readonly leftMax: number;
}

/** The seeds of a range, made as they are asked for. */
export class RangeSeeds implements SeedSource {
  private readonly part: ShardPart;
  private readonly firstBlock: number;
  private readonly end: number;
  private readonly scenarioHash: number;
  private readonly first: number;
  private block: number;

  constructor({ first, count, part = { scenario: "", ...wholeCampaign } }: SeedRange) {
    this.part = part;
    this.first = first;
    this.end = first + count;
    this.scenarioHash = hash32(part.scenario);
    this.firstBlock = Math.floor(first / part.count);
    this.block = this.firstBlock;
  }

  get leftMax(): number {
    return Math.max(0, Math.ceil(this.end / this.part.count) - this.block);
  }

  take(count: number): number[] {
    const seeds: number[] = [];
    for (; seeds.length < count && this.block * this.part.count < this.end; this.block++) {
      const seed = this.seedIn(this.block);
      if (seed >= this.first && seed < this.end) seeds.push(seed);
    }
    return seeds;
  }

  /** How many the range has in all. */
  get total(): number {
    const lastBlock = Math.ceil(this.end / this.part.count) - 1;
    if (lastBlock < this.firstBlock) return 0;
    const isInside = (block: number): number => {
      const seed = this.seedIn(block);
      return seed >= this.first && seed < this.end ? 1 : 0;
    };
    // Blocks between the first and the last one lie inside as a whole.
    if (lastBlock === this.firstBlock) return isInside(lastBlock);
    return isInside(this.firstBlock) + (lastBlock - this.firstBlock - 1) + isInside(lastBlock);
  }

  private seedIn(block: number): number {
    const { index, count } = this.part;
    const first = block * count;
    const shift = (rotationOf(this.scenarioHash, block) + first) % count;
    return first + ((index - 1 - shift + count) % count);
  }
}

/** How many seeds a range has. */
export function countOf(range: SeedRange): number {
  return new RangeSeeds(range).total;
}

/** Seeds go up to 2^53: both halves count. */
function rotationOf(scenarioHash: number, block: number): number {
  return mix32(mix32(block >>> 0, Math.floor(block / 0x1_0000_0000)), scenarioHash);
}

/** Splits a number of seeds over scenarios as evenly as it goes; the first ones get what is left over. */
export function splitEvenly(seeds: number, parts: number): number[] {
  const each = Math.floor(seeds / parts);
  const leftOver = seeds - each * parts;
  return Array.from({ length: parts }, (_, index) => each + (index < leftOver ? 1 : 0));
}

/** The seeds `first`, `first + stride`, … : `count` of them. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}

/** One of `count` machines that share a campaign; `index` is 1 to `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export const wholeCampaign: Shard = { index: 1, count: 1 };

/** What one shard runs of the seeds from `first` on. The shards together run each seed once. */
export function seedsOfShard(first: number, count: number, shard: Shard): SeedRange {
  const own = Math.max(0, Math.ceil((count - (shard.index - 1)) / shard.count));
  return { first: first + shard.index - 1, count: own, stride: shard.count };
}

/** The seeds at positions `from` to `from + count - 1` of a range. */
export function partOf(range: SeedRange, from: number, count: number): SeedRange {
  return { first: range.first + from * range.stride, count, stride: range.stride };
}

export function seedAt(range: SeedRange, index: number): number {
  return range.first + index * range.stride;
}

/** Splits a number of seeds over scenarios as evenly as it goes; the first ones get what is left over. */
export function splitEvenly(seeds: number, parts: number): number[] {
  const each = Math.floor(seeds / parts);
  const leftOver = seeds - each * parts;
  return Array.from({ length: parts }, (_, index) => each + (index < leftOver ? 1 : 0));
}

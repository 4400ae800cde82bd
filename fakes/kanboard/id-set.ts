import type { Owner } from "./paged-array.ts";

/**
 * Ids in ascending order, in chunks, so that one id comes and goes without the others being touched. Copies share chunks;
 * whoever writes names the owner that they write for.
 */
export class IdSet {
  size = 0;

  private readonly owner: Owner;
  private readonly chunks: Chunk[];

  constructor(owner: Owner, chunks: Chunk[] = [], size = 0) {
    this.owner = owner;
    this.chunks = chunks;
    this.size = size;
  }

  /** This set when the owner may write to it, else a copy that they may write to. */
  ownedBy(owner: Owner): IdSet {
    return this.owner === owner ? this : new IdSet(owner, this.chunks.slice(), this.size);
  }

  /** @returns the lowest id */
  first(): number | undefined {
    return this.chunks[0]?.ids[0];
  }

  /** Ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (const { ids } of this.chunks) yield* ids;
  }

  toArray(): number[] {
    if (this.chunks.length === 1) return this.chunks[0]!.ids.slice();
    return this.chunks.flatMap(({ ids }) => ids);
  }

  /** An id that is not in the set. */
  add(id: number): void {
    this.size++;
    if (this.chunks.length === 0) {
      this.chunks.push({ owner: this.owner, ids: [id] });
      return;
    }
    const number = this.chunkOf(id);
    const { ids } = this.ownChunk(number);
    if (id > ids.at(-1)!) ids.push(id);
    else ids.splice(indexIn(ids, id), 0, id);
    if (ids.length <= chunkMax) return;
    // Ids mostly come in ascending order: what is full stays full.
    const kept = number === this.chunks.length - 1 ? chunkMax : chunkMax / 2;
    this.chunks.splice(number + 1, 0, { owner: this.owner, ids: ids.splice(kept) });
  }

  /** An id that is in the set. */
  delete(id: number): void {
    this.size--;
    const number = this.chunkOf(id);
    const { ids } = this.ownChunk(number);
    ids.splice(indexIn(ids, id), 1);
    if (ids.length === 0) this.chunks.splice(number, 1);
  }

  /** The number of the last chunk that starts at or before an id; 0 when there is none. */
  private chunkOf(id: number): number {
    let low = 0;
    let high = this.chunks.length - 1;
    if (this.chunks[high]!.ids[0]! <= id) return high;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.chunks[middle]!.ids[0]! <= id) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private ownChunk(number: number): Chunk {
    const chunk = this.chunks[number]!;
    if (chunk.owner === this.owner) return chunk;
    return (this.chunks[number] = { owner: this.owner, ids: chunk.ids.slice() });
  }
}

interface Chunk {
  readonly owner: Owner;
  /** Never empty. */
  readonly ids: number[];
}

const chunkMax = 256;

/** Where an id stands in an ascending list, or belongs. */
function indexIn(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { assert } from "../../src/base/assert.ts";
import { IdSet } from "./id-set.ts";
import type { Owner } from "./paged-array.ts";

/** Ids by a key, ascending: an index of a database. A copy shares what neither side has written to since. */
export class IdIndex<Key> {
  private readonly sets: IdSets<Key>;
  /** Marks the sets that nobody else reads. */
  private owner: Owner = {};

  /** @param sets an empty `PagedArray` for keys that are ids, or an empty `LayeredMap` for any */
  constructor(sets: IdSets<Key>) {
    this.sets = sets;
  }

  copy(): IdIndex<Key> {
    this.owner = {};
    return new IdIndex(this.sets.copy());
  }

  count(key: Key): number {
    const set = this.sets.get(key);
    return set === undefined ? 0 : typeof set === "number" ? 1 : set.size;
  }

  /** The lowest one. */
  first(key: Key): number | undefined {
    const set = this.sets.get(key);
    return typeof set === "object" ? set.first() : set;
  }

  /** A list of the caller's own. */
  ids(key: Key): number[] {
    const set = this.sets.get(key);
    return set === undefined ? [] : typeof set === "number" ? [set] : set.toArray();
  }

  add(key: Key, id: number): void {
    const set = this.sets.get(key);
    if (set === undefined) {
      this.sets.set(key, id);
      return;
    }
    this.own(key, set).add(id);
  }

  /** An id that is there. */
  delete(key: Key, id: number): void {
    const set = this.sets.get(key);
    assert(set !== undefined, "an id to be taken out is in the index");
    if (typeof set === "number" || set.size === 1) this.sets.set(key, undefined);
    else this.own(key, set).delete(id);
  }

  private own(key: Key, set: IdSet | number): IdSet {
    let owned: IdSet;
    if (typeof set === "number") {
      owned = new IdSet(this.owner);
      owned.add(set);
    } else {
      owned = set.ownedBy(this.owner);
    }
    if (owned !== set) this.sets.set(key, owned);
    return owned;
  }
}

/** One id stands for itself. */
export interface IdSets<Key> {
  copy(): IdSets<Key>;
  get(key: Key): IdSet | number | undefined;
  set(key: Key, ids: IdSet | number | undefined): void;
}

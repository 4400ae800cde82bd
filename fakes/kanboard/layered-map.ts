/**
 * A map that is copied when it is written to: a base that copies share and nobody changes, and the changes since. A copy
 * costs the changes; when there are many, they and the base become one, once for all later copies.
 */
export class LayeredMap<Key, Value> {
  private base: Map<Key, Value> = new Map();
  /** Whether copies read the base. */
  private isShared = false;
  /** Undefined where an entry of the base was removed. */
  private readonly changes: Map<Key, Value | undefined> = new Map();

  copy(): LayeredMap<Key, Value> {
    if (this.changes.size > changesMax) this.merge();
    this.isShared = true;
    const copy = new LayeredMap<Key, Value>();
    copy.base = this.base;
    copy.isShared = true;
    for (const [key, value] of this.changes) copy.changes.set(key, value);
    return copy;
  }

  get(key: Key): Value | undefined {
    if (this.changes.size === 0) return this.base.get(key);
    const changed = this.changes.get(key);
    return changed !== undefined || this.changes.has(key) ? changed : this.base.get(key);
  }

  /** Undefined removes the entry. */
  set(key: Key, value: Value | undefined): void {
    if (value === undefined && !this.base.has(key)) this.changes.delete(key);
    else if (this.isShared) this.changes.set(key, value);
    else setOrDelete(this.base, key, value);
  }

  private merge(): void {
    const base = this.isShared ? new Map(this.base) : this.base;
    for (const [key, value] of this.changes) setOrDelete(base, key, value);
    this.base = base;
    this.changes.clear();
  }
}

function setOrDelete<Key, Value>(map: Map<Key, Value>, key: Key, value: Value | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}

/** So many changes are copied, more are merged. */
const changesMax = 256;

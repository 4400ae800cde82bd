/**
 * Which id of one server stands for which of another: one to one within a kind, learned as they are met. Ids of
 * different kinds have nothing to do with each other.
 */
export class Identities {
  private readonly kinds = new Map<string, Pairs>();
  private removals = 0;

  /**
   * @returns whether the two may be the same thing, in view of all that were met before
   */
  agree(kind: string, expected: string, actual: string): boolean {
    const { forward, backward } = this.pairsOf(kind);
    const pair = forward.get(expected);
    if (pair?.actual === actual) {
      pair.removals = this.removals;
      return true;
    }
    // SQLite gives the id of a removed last row again; another database need not. Only a fresh id can be the new row's.
    if (backward.has(actual) || (pair !== undefined && pair.removals === this.removals)) return false;
    if (pair !== undefined) backward.delete(pair.actual);
    forward.set(expected, { actual, removals: this.removals });
    backward.set(actual, expected);
    return true;
  }

  /** @returns the partner of an id that was met before */
  partnerOf(kind: string, expected: string): string | undefined {
    return this.kinds.get(kind)?.forward.get(expected)?.actual;
  }

  /** Something was removed: ids may come again for other things. */
  noteRemoval(): void {
    this.removals++;
  }

  /** Whether both servers gave the very same ids so far. */
  areEqual(): boolean {
    for (const { forward } of this.kinds.values()) {
      for (const [expected, { actual }] of forward) if (expected !== actual) return false;
    }
    return true;
  }

  private pairsOf(kind: string): Pairs {
    let pairs = this.kinds.get(kind);
    if (pairs === undefined) this.kinds.set(kind, (pairs = { forward: new Map(), backward: new Map() }));
    return pairs;
  }
}

/** For a server that counts as the recorded one does: every id is its own partner. */
export class ExactIdentities extends Identities {
  override agree(_kind: string, expected: string, actual: string): boolean {
    return expected === actual;
  }

  override partnerOf(_kind: string, expected: string): string {
    return expected;
  }
}

interface Pairs {
  readonly forward: Map<string, { readonly actual: string; removals: number }>;
  readonly backward: Map<string, string>;
}

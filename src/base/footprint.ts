/** What one effect touches: a resource and whether it is read or written. Two effects conflict when one writes what the other touches. */
export interface Footprint {
  /** Stable inside a run, as `board:task/5` or `disk:/srv/state/a.json`. */
  readonly id: string;
  readonly rw: "r" | "w";
}

export function conflicts(left: readonly Footprint[], right: readonly Footprint[]): boolean {
  return left.some((a) => right.some((b) => a.id === b.id && (a.rw === "w" || b.rw === "w")));
}

import type { Footprint } from "../../base/footprint.ts";

/** What one step touched, each resource once: written when any of its footprints writes. */
export class Touched {
  /** By resource: whether it is written. */
  readonly resources = new Map<string, boolean>();

  add({ id, rw }: Footprint): void {
    if (rw === "w") this.resources.set(id, true);
    else if (!this.resources.has(id)) this.resources.set(id, false);
  }

  /** Whether the order of the two steps can matter: one writes what the other touches. */
  conflictsWith(other: Touched): boolean {
    const [few, many] = this.resources.size <= other.resources.size ? [this, other] : [other, this];
    for (const [id, isWritten] of few.resources) {
      const otherIsWritten = many.resources.get(id);
      if (otherIsWritten !== undefined && (isWritten || otherIsWritten)) return true;
    }
    return false;
  }
}

/** What no service keeps: virtual time. */
export const timeResource = "time";

/** The memory of one life of a process, and whether it still lives. */
export function lifeResource(process: string, incarnation: number): string {
  return `life:${process}@${incarnation}`;
}

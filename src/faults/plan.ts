import type { Operation } from "../kernel/operation.ts";
import type { Fault, FaultSpec, Seam } from "./fault.ts";

/** Asked once for each operation, when it is sent. */
export interface FaultSource {
  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined;
}

export const noFaults: FaultSource = { strike: () => undefined };

/** A fault plan: exactly these faults, at exactly these sites. */
export class PlannedFaults implements FaultSource {
  private readonly bySite = new Map<string, FaultSpec>();
  private readonly reached = new Set<string>();

  constructor(faults: readonly Fault[]) {
    for (const { site, ...spec } of faults) this.bySite.set(site, spec);
  }

  strike(operation: Operation): FaultSpec | undefined {
    if (this.bySite.size === 0) return undefined;
    const spec = this.bySite.get(operation.site);
    if (spec !== undefined) this.reached.add(operation.site);
    return spec;
  }

  /** The sites that the run never came to. */
  unreached(): readonly string[] {
    return [...this.bySite.keys()].filter((site) => !this.reached.has(site));
  }
}

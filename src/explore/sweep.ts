import type { Fault, FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSource } from "../faults/plan.ts";
import type { Operation } from "../kernel/operation.ts";
import { usPerMs } from "../kernel/time.ts";
import type { FaultSettings } from "../sim/scenario.ts";
import { faultMenu } from "./fault-menu.ts";

/** Lets a run pass and notes where faults could have struck. */
export class SiteCollector implements FaultSource {
  readonly sites: { readonly operation: Operation; readonly seam: Seam }[] = [];
  private readonly faultsUntilUs: number;
  private readonly victims: readonly string[] | undefined;

  constructor(settings: FaultSettings) {
    this.faultsUntilUs = settings.faultsUntilMs * usPerMs;
    this.victims = settings.victims;
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    const isVictim = this.victims?.includes(operation.process) !== false;
    if (isVictim && nowUs < this.faultsUntilUs) this.sites.push({ operation, seam });
    return undefined;
  }
}

/** Level one: every entry of the menu at every site of a passing run, in the order of the run. */
export function sweepPlan(collector: SiteCollector, settings: FaultSettings): readonly Fault[] {
  const menu = faultMenu(settings, new Set(settings.families));
  return collector.sites.flatMap(({ operation, seam }) =>
    menu[seam].map((spec): Fault => ({ ...spec, site: operation.site })),
  );
}

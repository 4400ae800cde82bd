import type { Fault, Seam } from "../../faults/fault.ts";
import type { FaultSource } from "../../faults/plan.ts";
import type { Operation } from "../../kernel/operation.ts";
import { usPerMs } from "../../kernel/time.ts";
import type { Outcome } from "../../sim/outcome.ts";
import { emptyCase } from "../explorer.ts";
import { faultMenu } from "../fault-menu.ts";
import type { RunCase, SweepTarget } from "./sweep-target.ts";

/** Where a fault may strike, and in which stage. */
export interface StagedSite {
  readonly site: string;
  readonly seam: Seam;
  readonly stage: string;
}

/** The run in which nothing goes wrong. */
export interface PassingRun {
  readonly outcome: Outcome;
  /** In order of sending. */
  readonly sites: readonly StagedSite[];
}

export function passingRun(target: SweepTarget, runCase: RunCase): PassingRun {
  const faults = new StagedSites(target);
  const outcome = runCase(target.scenario, emptyCase(target.scenario, 0, target.workload), { faults });
  return { outcome, sites: faults.sites };
}

/** Notes sites and strikes none. */
class StagedSites implements FaultSource {
  readonly sites: StagedSite[] = [];
  private readonly target: SweepTarget;
  private readonly faultsUntilUs: number;
  private stage = "";

  constructor(target: SweepTarget) {
    this.target = target;
    this.faultsUntilUs = target.scenario.faults.faultsUntilMs * usPerMs;
  }

  strike({ site }: Operation, seam: Seam, nowUs: number): undefined {
    this.stage = this.target.stageFrom(site) ?? this.stage;
    if (nowUs < this.faultsUntilUs) this.sites.push({ site, seam, stage: this.stage });
  }
}

export interface FirstFault {
  readonly stage: string;
  readonly fault: Fault;
}

export interface FirstFaults {
  /** Every entry of the menu at every site of the stages, in order of the run. */
  readonly tried: readonly FirstFault[];
  /** By reason: how many pairs of site and fault are left out. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export function firstFaults(target: SweepTarget, { sites }: PassingRun): FirstFaults {
  const settings = target.scenario.faults;
  const menu = faultMenu(settings, new Set(settings.families));
  const tried: FirstFault[] = [];
  const leftOut = new Map<string, number>();
  for (const { site, seam, stage } of sites) {
    if (!target.stages.includes(stage)) continue;
    for (const spec of menu[seam]) {
      const reason = target.reasonAgainst(site, spec);
      if (reason === undefined) tried.push({ stage, fault: { ...spec, site } });
      else leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
    }
  }
  return { tried, leftOut };
}

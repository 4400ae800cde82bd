import { assert } from "../../base/assert.ts";
import type { Fault, FaultSpec, Seam } from "../../faults/fault.ts";
import type { FaultSource } from "../../faults/plan.ts";
import type { Operation } from "../../kernel/operation.ts";
import { usPerMs } from "../../kernel/time.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { World } from "../../sim/world.ts";
import { emptyCase } from "../explorer.ts";
import type { FirstFault, PassingRun, StagedSite } from "./first-faults.ts";
import type { RunCase, SweepTarget } from "./sweep-target.ts";

/** What the system did about a fault: from where the run leaves the path of the passing run to the end of the stage. */
export interface Recovery {
  /** Of the operation that left the path, and all that stood in the world then. */
  readonly fingerprint: string;
  readonly sites: readonly StagedSite[];
}

export interface StruckRun {
  readonly outcome: Outcome;
  /** undefined when nothing was done that the passing run does not do as well. */
  readonly recovery: Recovery | undefined;
}

/** Runs the target with a first fault and looks for the recovery from it. */
export function runWithFirstFault(
  target: SweepTarget,
  passing: PassingRun,
  first: FirstFault,
  runCase: RunCase,
): StruckRun {
  const { scenario, workload } = target;
  let world: World | undefined;
  const watch = new RecoveryWatch(target, passing, first, () => {
    assert(world !== undefined, "a world is built before anything happens in it");
    return target.fingerprintOf(world);
  });
  const watched = {
    ...scenario,
    build(built: World, given: typeof workload) {
      world = built;
      scenario.build(built, given);
    },
  };
  const outcome = runCase(watched, emptyCase(scenario, 0, workload), { faults: watch });
  return { outcome, recovery: watch.recovery };
}

/** Strikes once, then listens. */
class RecoveryWatch implements FaultSource {
  private readonly target: SweepTarget;
  private readonly known: ReadonlySet<string>;
  private readonly fault: Fault;
  private readonly stage: string;
  private readonly fingerprint: () => string;
  private readonly faultsUntilUs: number;
  private state: "before" | "struck" | "recovering" | "over" = "before";
  private found: { readonly fingerprint: string; readonly sites: StagedSite[] } | undefined;

  constructor(target: SweepTarget, passing: PassingRun, first: FirstFault, fingerprint: () => string) {
    this.target = target;
    this.known = new Set(passing.sites.map(({ site }) => site));
    this.fault = first.fault;
    this.stage = first.stage;
    this.fingerprint = fingerprint;
    this.faultsUntilUs = target.scenario.faults.faultsUntilMs * usPerMs;
  }

  get recovery(): Recovery | undefined {
    return this.found;
  }

  strike(operation: Operation, seam: Seam, nowUs: number): FaultSpec | undefined {
    const { site } = operation;
    switch (this.state) {
      case "before": {
        if (site !== this.fault.site) return undefined;
        this.state = "struck";
        const { site: _, ...spec } = this.fault;
        return spec;
      }
      case "struck":
        if (this.isOver(site, nowUs) || this.known.has(site)) return undefined;
        if (this.target.reasonAgainst(site, crash) !== undefined) return undefined;
        this.state = "recovering";
        this.found = {
          fingerprint: `${operation.process}/${operation.name}(${operation.key}) ${this.fingerprint()}`,
          sites: [{ site, seam, stage: this.stage }],
        };
        return undefined;
      case "recovering":
        if (!this.isOver(site, nowUs)) this.found?.sites.push({ site, seam, stage: this.stage });
        return undefined;
      case "over":
        return undefined;
    }
  }

  /** What follows is another stage, or the tail in which nothing may strike. */
  private isOver(site: string, nowUs: number): boolean {
    const stage = this.target.stageFrom(site);
    if (nowUs >= this.faultsUntilUs || (stage !== undefined && stage !== this.stage)) this.state = "over";
    return this.state === "over";
  }
}

/** Who cannot crash is no part of the system, and recovers from nothing. */
const crash: FaultSpec = { kind: "kill", when: "after", restartAfterMs: 0 };

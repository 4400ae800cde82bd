import type { JsonValue } from "../../base/json.ts";
import type { FaultSpec } from "../../faults/fault.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Case } from "../../sim/case.ts";
import type { Exploration } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { World } from "../../sim/world.ts";

/** A workload that passes when nothing goes wrong, and how a sweep looks at its runs. */
export interface SweepTarget {
  readonly name: string;
  readonly scenario: Scenario;
  readonly workload: JsonValue;
  /** Of its stages, those that are swept. */
  readonly stages: readonly string[];
  /** The stage that begins with the operation of a site; undefined when the one before goes on. */
  stageFrom(site: string): string | undefined;
  /** Why a fault is not tried at a site; undefined when it is. */
  reasonAgainst(site: string, fault: FaultSpec): string | undefined;
  /** Names all that stands in a world, now: two with the same name go on alike. */
  fingerprintOf(world: World): string;
}

export type RunCase = (scenario: Scenario, input: Case, exploration: Exploration) => Outcome;

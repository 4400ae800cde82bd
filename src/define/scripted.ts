import type { JsonValue } from "../base/json.ts";
import { effectOf } from "../faults/effect.ts";
import type { Fault } from "../faults/fault.ts";
import { PlannedFaults } from "../faults/plan.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { World } from "../sim/world.ts";
import { DefinitionError } from "./definition-error.ts";

/** What is the same in every run of a scripted scenario. */
export interface Script {
  /** Kebab-case, as its folder. */
  readonly name: string;
  /** One sentence for lists and reports. */
  readonly about?: string;
  /** One that the scenario takes. */
  readonly workload: JsonValue;
  /** Each strikes at its site, once. Default none. */
  readonly faults?: readonly Fault[];
}

/**
 * A scenario with one workload, in every run of which the same faults strike: what is left to the schedule is the order of
 * steps. What `stormlane import` writes of an incident.
 *
 * @throws DefinitionError for a workload that the scenario does not take
 */
export function scripted(scenario: Scenario, { name, about = name, workload, faults = [] }: Script): Scenario {
  const refusal = scenario.workloads.refuse(workload);
  if (refusal !== undefined) throw new DefinitionError(`scripted ${JSON.stringify(name)}`, [`workload: ${refusal}`]);
  return {
    ...scenario,
    name,
    about,
    workloads: { scripted: [workload], draw: () => workload, refuse: (value) => scenario.workloads.refuse(value) },
    build(world, given) {
      strikeFirst(world, new PlannedFaults(faults));
      scenario.build(world, given);
    },
    faults: { ...scenario.faults, families: [], faultsMax: 0 },
    sometimes: [],
  };
}

/** The script's faults come before those of a case. They are no part of one: a case of this scenario is about the rest. */
function strikeFirst(world: World, planned: PlannedFaults): void {
  const strikeByCase = world.strike.bind(world);
  world.strike = (operation, seam) => {
    const fault = planned.strike(operation);
    if (fault === undefined) return strikeByCase(operation, seam);
    const { kind, ...params } = fault;
    world.history.fault(operation.site, kind, params, effectOf(fault));
    return fault;
  };
}

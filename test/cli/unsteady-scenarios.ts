import type { Ports } from "../../src/ports/ports.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

/** Toys whose history depends on something that is in no case. */
export const builtInScenarios: readonly Scenario[] = [
  unsteady("steady", () => 1),
  unsteady("zone", () => new Date(2026, 0, 5, 12).getTime()),
  unsteady("memory", () => ++runs),
];
export const builtInMutants = [];

export function scenarioWith(name: string): Scenario {
  return builtInScenarios.find((each) => each.name === name)!;
}

/** The fault: it outlives a run. */
let runs = 0;

function unsteady(name: string, value: () => number): Scenario {
  return {
    name,
    about: "A process says a number.",
    workloads: { scripted: [{}], draw: () => ({}), refuse: () => undefined },
    build: (world) => {
      world.process("toy", async (ports: Ports) => {
        await ports.clock.sleep(10);
        ports.log.event("said", { value: value() });
      });
    },
    faults: { families: [], faultsMax: 0, faultsUntilMs: 0, restartAfterMsMax: 1 },
    invariants: [],
    sometimes: [],
    bounds: { stepsMax: 100, virtualMsMax: 10_000 },
  };
}

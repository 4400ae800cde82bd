import type { Fault } from "../../src/faults/fault.ts";
import { PlannedFaults } from "../../src/faults/plan.ts";
import { History } from "../../src/history/history.ts";
import { Kernel, type RunEnd } from "../../src/kernel/kernel.ts";
import { World } from "../../src/sim/world.ts";

export interface WorldRun {
  readonly world: World;
  readonly end: RunEnd;
  readonly history: History;
}

/** Builds a world under a fault plan and runs it to its end. */
export async function runWorld(build: (world: World) => void, faults: readonly Fault[] = []): Promise<WorldRun> {
  const history: History = new History(() => kernel.nowUs);
  const kernel = new Kernel({ seed: 1, observer: history, stepsMax: 100_000, virtualMsMax: 3_600_000 });
  const world = new World({ kernel, history, faults: new PlannedFaults(faults) });
  build(world);
  const end = await kernel.run();
  if (end.kind === "broken") throw end.error;
  return { world, end, history };
}

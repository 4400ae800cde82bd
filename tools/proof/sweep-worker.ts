import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { SweepRuns, type SweepOrder, type SweptRun } from "./sweep-runs.ts";
import { sweepTargets } from "./sweep-targets.ts";

installGuards();
/** One for the life of the thread. */
const runs = new SweepRuns(sweepTargets, runCaseNow);

/** The entry of a worker thread. */
export function sweep(order: SweepOrder): Promise<readonly SweptRun[]> {
  return inMacrotask(() => runs.run(order));
}

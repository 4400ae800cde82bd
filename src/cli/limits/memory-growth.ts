import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { noFaults } from "../../faults/plan.ts";
import { History } from "../../history/history.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import type { Commands } from "../../limits/build-report.ts";
import type { Load, Ramp } from "../../limits/ramp.ts";
import type { LimitFinding, RealReport } from "../../limits/report.ts";
import { World } from "../../sim/world.ts";
import { realReport } from "./processor-time.ts";

/** The ramp whose runs are long and in which nothing happens: what memory they take, they need not. */
export const memoryRamp = "run-length";

export interface MemoryGrowth {
  readonly report: RealReport;
  readonly findings: readonly LimitFinding[];
}

/** Virtual hours of the run, and when its memory is looked at: the first hours fill what is meant to be kept. */
const hours = 24;
const lookHours: readonly number[] = [6, 12, 18, 24];
/**
 * For each operation the simulation itself keeps about 300 bytes of names until the run ends. What grows by less than
 * twice as much is not told apart from it.
 */
const leakBytesPerOperation = 640;

/**
 * How the memory of a system grows while nothing happens: one long run whose history forgets, looked at after all
 * rubbish is collected.
 */
export async function measureMemory(ramp: Ramp, seed: number, commands: Commands): Promise<MemoryGrowth> {
  const looks = await heapOver(ramp.load(hours, seed), seed);
  const points = looks.map(({ level, heapBytes }) => ({ level, cost: heapBytes }));
  const report = realReport(ramp.name, "heapBytes", "bytes in use", points);
  const perOperation = leastGrowthPerOperation(looks);
  if (perOperation < leakBytesPerOperation) return { report, findings: [] };
  const [first, last] = [looks[0]!, looks.at(-1)!];
  const perHour = (last.heapBytes - first.heapBytes) / (last.level - first.level);
  return {
    report,
    findings: [
      {
        kind: "memory",
        title: `Memory grows by ${Math.round(perHour / 1_024)} KiB for each virtual hour in which nothing happens.`,
        of: ramp.name,
        why: `between any two looks it grew by ${Math.round(perOperation)} bytes for each operation or more; ${leakBytesPerOperation} is taken for a leak`,
        evidence: points.map(({ level, cost }) => `${level} h: ${Math.round(cost / 1_024)} KiB`).join(", "),
        seed,
        command: commands.ramp(ramp.name),
      },
    ],
  };
}

/** At one virtual hour of the run. */
interface Look {
  readonly level: number;
  readonly heapBytes: number;
  readonly operations: number;
}

function leastGrowthPerOperation(looks: readonly Look[]): number {
  const growths = looks.slice(1).map((look, index) => {
    const before = looks[index]!;
    return (look.heapBytes - before.heapBytes) / Math.max(1, look.operations - before.operations);
  });
  return Math.min(...growths);
}

function heapOver({ scenario, workload }: Load, seed: number): Promise<readonly Look[]> {
  const collect = collector();
  const looks: Look[] = [];
  return inMacrotask(() => {
    const history = new History(() => kernel.nowUs, [], { windowed: true });
    const kernel = new Kernel({ seed, observer: history, ...scenario.bounds });
    const world = new World({ kernel, history, faults: noFaults });
    scenario.build(world, workload);
    for (const hour of lookHours) {
      // A moment before the end, which stops everything.
      world.later(`look at memory ${hour}`, hour * 3_600_000_000 - 1, () => {
        collect();
        looks.push({ level: hour, heapBytes: process.memoryUsage().heapUsed, operations: kernel.operationsSent });
      });
    }
    kernel.runToEnd();
    return looks;
  });
}

/** Node gives out its collector on request alone. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

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
const hours = 48;
const lookHours: readonly number[] = [12, 24, 36, 48];
/** What engines keep for themselves comes and goes by less than this. */
const leakBytesPerHour = 16_384;

/**
 * How the memory of a system grows while nothing happens: one long run whose history forgets, looked at after all
 * rubbish is collected.
 */
export async function measureMemory(ramp: Ramp, seed: number, commands: Commands): Promise<MemoryGrowth> {
  const points = await heapOver(ramp.load(hours, seed), seed);
  const report = realReport(ramp.name, "heapBytes", "bytes in use", points);
  const perHour = leastGrowthPerHour(points);
  if (perHour < leakBytesPerHour) return { report, findings: [] };
  return {
    report,
    findings: [
      {
        kind: "memory",
        title: `Memory grows by ${Math.round(perHour / 1_024)} KiB for each virtual hour in which nothing happens.`,
        of: ramp.name,
        why: `it grew between any two looks, and may by ${leakBytesPerHour / 1_024} KiB an hour`,
        evidence: points.map(({ level, cost }) => `${level} h: ${Math.round(cost / 1_024)} KiB`).join(", "),
        seed,
        command: commands.ramp(ramp.name),
      },
    ],
  };
}

type Points = RealReport["points"];

function leastGrowthPerHour(points: Points): number {
  return Math.min(
    ...points.slice(1).map(({ level, cost }, index) => (cost - points[index]!.cost) / (level - points[index]!.level)),
  );
}

function heapOver({ scenario, workload }: Load, seed: number): Promise<Points> {
  const collect = collector();
  const points: { level: number; cost: number }[] = [];
  return inMacrotask(() => {
    const history = new History(() => kernel.nowUs, [], { windowed: true });
    const kernel = new Kernel({ seed, observer: history, ...scenario.bounds });
    const world = new World({ kernel, history, faults: noFaults });
    scenario.build(world, workload);
    for (const hour of lookHours) {
      // A moment before the end, which stops everything.
      world.later(`look at memory ${hour}`, hour * 3_600_000_000 - 1, () => {
        collect();
        points.push({ level: hour, cost: process.memoryUsage().heapUsed });
      });
    }
    kernel.runToEnd();
    return points;
  });
}

/** Node gives out its collector on request alone. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

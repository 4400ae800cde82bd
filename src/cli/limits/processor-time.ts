import { fitGrowth } from "../../limits/growth-law.ts";
import type { Meters } from "../../limits/meters.ts";
import type { RunCase } from "../../limits/observe-load.ts";
import type { RealReport } from "../../limits/report.ts";

const hourMs = 3_600_000;

/** What the runs of one ramp cost this machine: processor time, which others that share it do not stretch. */
export class ProcessorTime {
  private readonly inner: RunCase;
  private lastMs = 0;
  /** Of the quickest run of each level: the others had something to learn or to clear away first. */
  private readonly leastMs = new Map<number, number>();

  constructor(inner: RunCase) {
    this.inner = inner;
  }

  readonly runCase: RunCase = async (scenario, input, exploration) => {
    const before = process.cpuUsage();
    const outcome = await this.inner(scenario, input, exploration);
    const { user, system } = process.cpuUsage(before);
    this.lastMs = (user + system) / 1_000;
    return outcome;
  };

  /** The run that came last was of this level. */
  note(level: number): void {
    this.leastMs.set(level, Math.min(this.leastMs.get(level) ?? Infinity, this.lastMs));
  }

  /** @param measured the levels whose growth is measured, each with what a run of it came to */
  reports(ramp: string, measured: ReadonlyMap<number, Meters>): readonly RealReport[] {
    if (measured.size < 3) return [];
    const costs = [...measured].map(([level, { virtualMs }]) => ({
      level,
      cpuMs: this.leastMs.get(level) ?? 0,
      virtualMs,
    }));
    return [
      realReport(
        ramp,
        "cpuMs",
        "ms of processor time",
        costs.map(({ level, cpuMs }) => ({ level, cost: cpuMs })),
      ),
      realReport(
        ramp,
        "cpuMsPerVirtualHour",
        "ms of processor time for an hour of virtual time",
        costs.map(({ level, cpuMs, virtualMs }) => ({
          level,
          cost: virtualMs === 0 ? 0 : (cpuMs * hourMs) / virtualMs,
        })),
      ),
    ];
  }
}

export function realReport(
  ramp: string,
  figure: RealReport["figure"],
  unit: string,
  points: RealReport["points"],
): RealReport {
  const { law, perUnit } = fitGrowth(points.map(({ level, cost }) => ({ size: Math.max(1, level), cost })));
  return {
    ramp,
    figure,
    unit,
    law,
    perUnit,
    points: points.map(({ level, cost }) => ({ level, cost: Math.round(cost * 10) / 10 })),
  };
}

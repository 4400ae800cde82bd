import type { UserProcess } from "./user-process.ts";

/** `Date` on the process's own clock. Dates that were made elsewhere are dates here too. */
export function simulatedDate(process: UserProcess, RealDate: DateConstructor): DateConstructor {
  const nowMs = (): number => process.task.ports.clock.nowMs();
  const SimulatedDate = function (this: unknown, ...args: []): unknown {
    if (new.target === undefined) return new RealDate(nowMs()).toString();
    const target: object = new.target === (SimulatedDate as unknown) ? RealDate : new.target;
    return Reflect.construct(RealDate, args.length === 0 ? [nowMs()] : args, target as NewableFunction) as object;
  } as unknown as DateConstructor;
  const { prototype, parse, UTC } = RealDate;
  Object.defineProperty(SimulatedDate, "name", { value: "Date" });
  Object.defineProperty(SimulatedDate, "prototype", { value: prototype });
  return Object.assign(SimulatedDate, { now: nowMs, parse, UTC });
}

/** `performance`, from the start of this life. */
export function simulatedPerformance(process: UserProcess): object {
  const monotonicMs = (): number => process.task.ports.clock.monotonicMs();
  const startMs = monotonicMs();
  const timeOrigin = process.task.ports.clock.nowMs();
  const now = (): number => monotonicMs() - startMs;
  const entry = (name: string, startTime = now(), duration = 0): object => ({ name, startTime, duration });
  const nothing = (): void => {};
  return {
    timeOrigin,
    now,
    mark: (name: string) => entry(name),
    measure: (name: string) => entry(name),
    clearMarks: nothing,
    clearMeasures: nothing,
    getEntries: () => [],
    getEntriesByName: () => [],
    getEntriesByType: () => [],
    eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
    timerify: <Wrapped>(wrapped: Wrapped): Wrapped => wrapped,
    toJSON: () => ({ timeOrigin }),
  };
}

export interface HighResolutionTime {
  (before?: readonly [number, number]): [number, number];
  bigint(): bigint;
}

export function simulatedHrtime(process: UserProcess): HighResolutionTime {
  const nowNs = (): bigint => BigInt(Math.round(process.task.ports.clock.monotonicMs() * 1_000)) * 1_000n;
  const hrtime = (before?: readonly [number, number]): [number, number] => {
    const ns = nowNs() - (before === undefined ? 0n : BigInt(before[0]) * nsPerS + BigInt(before[1]));
    return [Number(ns / nsPerS), Number(ns % nsPerS)];
  };
  return Object.assign(hrtime, { bigint: nowNs });
}

const nsPerS = 1_000_000_000n;

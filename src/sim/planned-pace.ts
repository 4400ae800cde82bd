import type { Pace } from "../kernel/scheduler.ts";
import type { Step } from "../kernel/step.ts";
import type { Delay } from "./case.ts";

/** Nominal latencies but for the delays of the case. */
export class PlannedPace implements Pace {
  private readonly bySite = new Map<string, Delay[]>();
  private readonly left: Set<Delay>;
  private readonly delays: readonly Delay[];

  constructor(delays: readonly Delay[]) {
    this.delays = delays;
    this.left = new Set(delays);
    for (const delay of delays) {
      const before = this.bySite.get(delay.site);
      if (before === undefined) this.bySite.set(delay.site, [delay]);
      else before.push(delay);
    }
  }

  extraUs(step: Step): number {
    if (this.bySite.size === 0) return 0;
    const delay = this.bySite.get(step.operation.site)?.find((each) => each.step === step.stage);
    if (delay === undefined) return 0;
    this.left.delete(delay);
    return delay.extraUs;
  }

  used(): readonly Delay[] {
    return this.delays.filter((delay) => !this.left.has(delay));
  }

  unused(): readonly string[] {
    return [...this.left].map((delay) => `delay of ${delay.site} step ${delay.step}`);
  }
}

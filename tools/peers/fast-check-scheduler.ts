import { createClock } from "@sinonjs/fake-timers";
import * as fc from "fast-check";
import type { Step } from "../../src/kernel/step.ts";
import { usPerMs } from "../../src/kernel/time.ts";
import { PeerLoop, type PeerLoopOptions } from "./peer-loop.ts";
import type { Peer } from "./peer.ts";
import { realTurn } from "./real-turn.ts";
import { callFaults, runOnPeer } from "./run-on-peer.ts";

/**
 * A property over `fc.scheduler()`: every message, file operation and statement of a service is a promise that the
 * scheduler lets go in an order of its own. There is no time in that order: what sleeps waits on a fake clock, which
 * moves on when nothing is scheduled any more.
 */
export const fastCheckScheduler: Peer = {
  name: "fc.scheduler",
  async search({ scenario, seed, judge, isSpent }) {
    const over = new Error("found, or time is up");
    const body = fc.asyncProperty(fc.scheduler(), fc.nat(), async (scheduler, each) => {
      if (isSpent()) throw over;
      const run = await runOnPeer({
        scenario,
        seed: each,
        faults: callFaults(scenario, each),
        createLoop: (options) => new ScheduledLoop(scheduler, options),
      });
      if (judge(run)) throw over;
    });
    // The first failure ends it: shrinking is not what is measured.
    const { errorInstance } = await fc.check(body, { seed, numRuns: runsMax, endOnFailure: true });
    if (errorInstance !== over) throw errorInstance;
  },
};

class ScheduledLoop extends PeerLoop {
  private readonly scheduler: fc.Scheduler;
  private readonly clock = createClock(0);

  constructor(scheduler: fc.Scheduler, options: PeerLoopOptions) {
    super(options);
    this.scheduler = scheduler;
  }

  get nowUs(): number {
    return this.clock.now * usPerMs;
  }

  protected wait(step: Step, nominalUs: number, _slackUs: number, happen: () => void): void {
    if (nominalUs >= sleepUsMin) this.clock.setTimeout(happen, Math.ceil(nominalUs / usPerMs));
    else void this.scheduler.schedule(Promise.resolve(), step.operation.name).then(happen);
  }

  async run(): Promise<void> {
    for (;;) {
      await this.scheduler.waitIdle();
      await realTurn();
      if (this.scheduler.count() > 0) continue;
      if (this.end !== undefined || this.clock.countTimers() === 0) return;
      this.clock.next();
    }
  }
}

/** What takes as long is meant to: a sleep, a time limit, a model that thinks. */
const sleepUsMin = 50_000;
const runsMax = 1_000_000_000;

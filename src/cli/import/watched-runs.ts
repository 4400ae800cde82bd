import { noteSites } from "../../campaign/task-runner.ts";
import type { Pulse } from "../../campaign/pulse.ts";
import type { RunCase } from "../../explore/explorer.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";

/** Runs of which another thread sees that they go on: each step is a beat, and it is told the seed, and where the run is. */
export class WatchedRuns {
  private readonly pulse: Pulse;

  constructor(pulse: Pulse) {
    this.pulse = pulse;
  }

  /** From now on it is about that seed. */
  enter(seed: number): void {
    this.pulse.enter(seed);
  }

  /** Call it inside a macrotask. */
  readonly runNow: RunCase = (scenario, input, exploration) => {
    const { pulse } = this;
    pulse.site = "";
    // Where nothing explores the case's own schedule holds, and must.
    const { scheduler } = exploration;
    const watched = scheduler === undefined ? {} : { scheduler: noteSites(scheduler, pulse) };
    return runCaseNow(scenario, input, { ...exploration, ...watched, heartbeat: pulse.beat });
  };

  run(scenario: Scenario, input: Case): Promise<Outcome> {
    return inMacrotask(() => this.runNow(scenario, input, {}));
  }
}

import { candidatesOf, ChoosingScheduler } from "../explore/strategies/choosing-scheduler.ts";
import type { Step } from "../kernel/step.ts";
import type { StepQueue } from "../kernel/step-queue.ts";
import type { Case } from "../sim/case.ts";
import { HeldSchedule } from "../sim/held-schedule.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";

type RunCase = (scenario: Scenario, input: Case, exploration: Exploration) => Outcome;

/**
 * The same order of steps, as far as nominal latencies allow it: what delays brought about is said by preemptions, which
 * say what waits for what. Takes two runs; whether the result still fails is for the caller to see.
 */
export function withoutDelays(input: Case, scenario: Scenario, runCase: RunCase): Case {
  const order: string[] = [];
  const held = new HeldSchedule(input.preemptions);
  const recording = {
    next(queue: StepQueue): Step | undefined {
      const step = held.next(queue);
      if (step !== undefined) order.push(nameOf(step));
      return step;
    },
    preemptions: () => input.preemptions,
  };
  runCase(scenario, input, { scheduler: recording });
  const undelayed = { ...input, preemptions: [], delays: [] };
  return runCase(scenario, undelayed, { scheduler: new FollowedOrder(order) }).realised();
}

/** Takes of what may come next what came first in another run. */
class FollowedOrder extends ChoosingScheduler {
  private readonly placeOf: ReadonlyMap<string, number>;
  private readonly candidates: Step[] = [];

  constructor(order: readonly string[]) {
    super(Number.MAX_SAFE_INTEGER);
    this.placeOf = new Map(order.map((name, place) => [name, place]));
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    let best = first;
    let bestPlace = this.placeOf.get(nameOf(first)) ?? Number.POSITIVE_INFINITY;
    for (const step of candidatesOf(queue, this.candidates)) {
      const place = this.placeOf.get(nameOf(step)) ?? Number.POSITIVE_INFINITY;
      if (place >= bestPlace) continue;
      best = step;
      bestPlace = place;
    }
    return best;
  }
}

function nameOf(step: Step): string {
  return `${step.operation.site} step ${step.stage}`;
}

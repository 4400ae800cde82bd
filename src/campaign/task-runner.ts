import { Explorer, type RunCase, type StrategyName } from "../explore/explorer.ts";
import { explainFailure } from "../explain/explain-failure.ts";
import { withoutDelays } from "../explain/without-delays.ts";
import { attemptOf } from "../shrink/attempt.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { exploreSeeds } from "./explore-seeds.ts";
import type { Pulse } from "./pulse.ts";
import type { LocateTask, Task, TaskAnswer } from "./task.ts";

export interface TaskRunnerOptions {
  /** Builds a scenario by its name. Called once for each. */
  readonly scenarioNamed: (name: string) => Scenario;
  readonly strategy: StrategyName;
  readonly runCase: RunCase;
  readonly signatureOf: (verdict: Outcome["verdict"]) => string;
}

/** Does tasks, one after the other, inside a macrotask. Keeps the scenarios and what their explorers have learnt. */
export class TaskRunner {
  private readonly options: TaskRunnerOptions;
  private readonly explorers = new Map<string, { readonly scenario: Scenario; readonly explorer: Explorer }>();

  constructor(options: TaskRunnerOptions) {
    this.options = options;
  }

  run(task: Task, pulse?: Pulse): TaskAnswer {
    const { runCase, signatureOf } = this.options;
    const { scenario, explorer } = this.explorerOf(task.scenario);
    switch (task.kind) {
      case "explore": {
        const startMs = performance.now();
        const segments = exploreSeeds({
          ...task,
          scenario,
          explorer,
          runCase,
          signatureOf,
          ...(pulse === undefined ? {} : { pulse }),
        });
        return { kind: "explored", segments, wallMs: performance.now() - startMs };
      }
      case "judge": {
        pulse?.enter(task.case.drawSeed);
        const outcome = runCase(scenario, task.case, pulse === undefined ? {} : { heartbeat: pulse.beat });
        return { kind: "judged", attempt: attemptOf(task.case, outcome, signatureOf(outcome.verdict)) };
      }
      case "undelay":
        pulse?.enter(task.case.drawSeed);
        return { kind: "undelayed", case: withoutDelays(task.case, scenario, beating(runCase, pulse)) };
      case "explain": {
        pulse?.enter(task.case.drawSeed);
        const beatingRun = beating(runCase, pulse);
        const explanation = explainFailure(task.case, { ...task.effort, scenario, signatureOf, runCase: beatingRun });
        return { kind: "explained", explanation };
      }
      case "locate":
        if (pulse !== undefined) this.locate(task, scenario, explorer, pulse);
        return { kind: "located" };
    }
  }

  private locate(task: LocateTask, scenario: Scenario, explorer: Explorer, pulse: Pulse): void {
    pulse.enter(task.seed);
    const plan = explorer.plan(task.seed);
    const scheduler = noteSites(plan.exploration.scheduler, pulse);
    this.options.runCase(scenario, plan.case, { ...plan.exploration, scheduler, heartbeat: pulse.beat });
  }

  private explorerOf(name: string): { readonly scenario: Scenario; readonly explorer: Explorer } {
    let known = this.explorers.get(name);
    if (known === undefined) {
      const scenario = this.options.scenarioNamed(name);
      known = { scenario, explorer: new Explorer(scenario, this.options.strategy, this.options.runCase) };
      this.explorers.set(name, known);
    }
    return known;
  }
}

/** The same, watched: each step of its runs is a beat. */
function beating(runCase: RunCase, pulse: Pulse | undefined): RunCase {
  if (pulse === undefined) return runCase;
  return (scenario, input, exploration) => runCase(scenario, input, { ...exploration, heartbeat: pulse.beat });
}

type Scheduler = NonNullable<Exploration["scheduler"]>;

/** Chooses as before, and shows the site of each step that it chose. */
export function noteSites(inner: Scheduler | undefined, pulse: Pulse): Scheduler {
  return {
    next(queue) {
      const step = inner === undefined ? queue.pop() : inner.next(queue);
      if (step !== undefined) pulse.site = step.operation.site;
      return step;
    },
    preemptions: () => inner?.preemptions() ?? [],
  };
}

import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { assert } from "../../src/base/assert.ts";
import { percentile } from "../../src/bench/sample-summary.ts";
import { noFaults } from "../../src/faults/plan.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { History } from "../../src/history/history.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import type { Program, ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import type { Service } from "../../src/ports/service.ts";
import type { Host, HostOptions } from "../../src/sim/host.ts";
import type { ServiceOptions } from "../../src/sim/network.ts";
import { World, type WorldOptions } from "../../src/sim/world.ts";

/**
 * A small machine that runs the orchestrators and all the programs that they start, in virtual time: what it says is the same
 * on every real machine.
 *
 * Modelled: a number of cores, for which programs queue in the order in which they ask, each for a slice of time; how long
 * programs compute (git, pytest: all the time; a coding agent: a quarter of it, since it waits for its provider else), and how
 * long the board and the model take to answer, each drawn from a distribution. Not modelled: the computing of the
 * orchestrators themselves, which takes no time here, memory, caches, disks, the network's bandwidth, and what cores of real
 * machines share.
 */
export interface Runner {
  readonly cores: number;
  readonly seed: number;
  /** How much programs compute, in percent of what the model says. */
  readonly computingPct: number;
}

/** What came of one run, in virtual time. */
export interface RunnerRun {
  /** Of each card, from when it is made to when it reaches the last lane; ascending. */
  readonly completionMs: readonly number[];
  /** When the last card was done. */
  readonly lastDoneMs: number;
  /** Of all cores until then, in percent. */
  readonly coresBusyPct: number;
  readonly historyHash: string;
}

/** Of all cards of some runs, one after the other. */
export function pooled(runs: readonly RunnerRun[]): {
  readonly completionMsP95: number;
  readonly cardsPerHour: number;
} {
  const completionMs = runs.flatMap((run) => run.completionMs).toSorted((left, right) => left - right);
  const hours = runs.reduce((sum, { lastDoneMs }) => sum + lastDoneMs, 0) / 3_600_000;
  return { completionMsP95: percentile(completionMs, 95), cardsPerHour: completionMs.length / hours };
}

/** Four epics of two stories each, worked by three pollers and two webhook servers at once: one run for each epic at a time. */
const workload: Workload = {
  epics: [smallEpic(1, 2), smallEpic(2, 2), smallEpic(3, 2), smallEpic(4, 2)],
  journey: "whole",
  pollers: 3,
  webhookServers: 2,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};
const cards = 12;

/** Runs the workload on it. From inside a macrotask. */
export function runOnModelledRunner(runner: Runner): RunnerRun {
  const history: History = new History(() => kernel.nowUs, []);
  const kernel = new Kernel({
    seed: runner.seed,
    observer: history,
    stepsMax: 1_000_000,
    virtualMsMax: 12 * 3_600_000,
  });
  const world = new RunnerWorld({ kernel, history, faults: noFaults }, runner);
  concurrentOrchestrators.build().build(world, workload);
  const end = kernel.runToEnd();
  if (end.kind === "broken") throw end.error;
  assert(end.kind === "stopped", `the workload ends by itself, not by ${end.kind}`);
  const { completionMs, lastDoneMs } = completions(history.events);
  assert(completionMs.length === cards, `${completionMs.length} of ${cards} cards are done`);
  return {
    completionMs,
    lastDoneMs,
    coresBusyPct: (100 * world.cores.busyUs) / (runner.cores * lastDoneMs * 1_000),
    historyHash: history.hash(),
  };
}

/** A world in which programs need cores, and services take their time. */
class RunnerWorld extends World {
  readonly cores: Cores;
  private readonly computingPct: number;

  constructor(options: WorldOptions, { cores, computingPct }: Runner) {
    super(options);
    this.cores = new Cores(cores, () => this.kernel.nowUs);
    this.computingPct = computingPct;
  }

  override host(name?: string, { programs = [], ...rest }: HostOptions = {}): Host {
    const computing = programs.map((program) => this.onCores(program));
    return super.host(name, { ...rest, ...(computing.length > 0 ? { programs: computing } : {}) });
  }

  override service(origin: string, service: Service, options?: ServiceOptions): void {
    const deciles = answerMs[service.name];
    assert(deciles !== undefined, `how long ${service.name} takes is modelled`);
    super.service(origin, slowed(service, deciles), options);
  }

  private onCores(program: Program): Program {
    const computing = computingOf[program.name];
    assert(computing !== undefined, `how much ${program.name} computes is modelled`);
    const { factorPct, corePct } = computing;
    const { cores, computingPct } = this;
    return {
      ...program,
      *run(context: ProgramContext): Generator<ProgramStep, number, string | undefined> {
        const speedPct = drawn(factorPct, "speed", context);
        const steps = program.run(context);
        for (let next = steps.next(); ;) {
          if (next.done === true) return next.value;
          const step = next.value;
          if (step.kind !== "work") {
            next = steps.next(yield step);
            continue;
          }
          const workUs = Math.round((step.durationUs * speedPct) / 100);
          const coreUs = Math.round((workUs * corePct * computingPct) / 10_000);
          const waitUs = Math.round((workUs * (100 - corePct)) / 100);
          for (let leftUs = coreUs; leftUs > sliceUs; leftUs -= sliceUs) {
            yield { kind: "work", durationUs: cores.takeUs(sliceUs) };
          }
          const lastUs = coreUs === 0 ? 0 : ((coreUs - 1) % sliceUs) + 1;
          next = steps.next(yield { ...step, durationUs: cores.takeUs(lastUs) + waitUs });
        }
      },
    };
  }
}

const sliceUs = 100_000;

/** Served in the order of asking: who asks gets the core that is free first. */
class Cores {
  busyUs = 0;
  private readonly freeAtUs: number[];
  private readonly nowUs: () => number;

  constructor(count: number, nowUs: () => number) {
    assert(count >= 1, "a machine has a core");
    this.freeAtUs = Array.from({ length: count }, () => 0);
    this.nowUs = nowUs;
  }

  /** @returns how long it takes to compute so long: the wait for a core included */
  takeUs(computingUs: number): number {
    const nowUs = this.nowUs();
    const first = this.freeAtUs.indexOf(Math.min(...this.freeAtUs));
    const endUs = Math.max(nowUs, this.freeAtUs[first]!) + computingUs;
    this.freeAtUs[first] = endUs;
    this.busyUs += computingUs;
    return endUs - nowUs;
  }
}

/** Values at 0, 10, … 100 percent of a distribution; in between it is even. */
type Deciles = readonly number[];

/** What a board in PHP behind a reverse proxy takes, and a model of some size, beyond what they take undisturbed. */
const answerMs: Readonly<Record<string, Deciles>> = {
  board: [8, 11, 13, 15, 17, 20, 24, 30, 42, 80, 400],
  model: [500, 900, 1_400, 1_900, 2_500, 3_200, 4_200, 5_800, 8_500, 14_000, 40_000],
};

interface Computing {
  /** Of the time that its fake takes. */
  readonly factorPct: Deciles;
  /** How much of that time it needs a core. */
  readonly corePct: number;
}

const computingOf: Readonly<Record<string, Computing>> = {
  git: { factorPct: [80, 90, 100, 110, 120, 140, 160, 200, 260, 400, 900], corePct: 100 },
  // The suite of a project of some size, and not of a handful of functions.
  pytest: {
    factorPct: [1_500, 1_600, 1_700, 1_800, 1_900, 2_000, 2_100, 2_250, 2_400, 2_600, 3_000],
    corePct: 100,
  },
  codex: { factorPct: [100, 130, 160, 200, 240, 290, 350, 420, 520, 680, 1_000], corePct: 25 },
};

function slowed(service: Service, ms: Deciles): Service {
  return {
    name: service.name,
    workersMax: service.workersMax,
    ...(service.faults === undefined ? {} : { faults: service.faults }),
    *serve(request, context) {
      yield { kind: "wait", durationUs: drawn(ms, "latency", context) * 1_000 };
      return yield* service.serve(request, context);
    },
  };
}

/** @returns a whole number */
function drawn(deciles: Deciles, purpose: string, context: Pick<ProgramContext, "draw">): number {
  const steps = 1_000;
  const at = context.draw(`runner ${purpose}`, (deciles.length - 1) * steps);
  const [low, high] = [deciles[Math.floor(at / steps)]!, deciles[Math.floor(at / steps) + 1]!];
  return low + Math.floor(((high - low) * (at % steps)) / steps);
}

function completions(events: readonly HistoryEvent[]): Pick<RunnerRun, "completionMs" | "lastDoneMs"> {
  const madeUs = new Map<number, number>();
  const doneUs = new Map<number, number>();
  for (const event of events) {
    if (event.kind !== "change") continue;
    const { type, card, to } = event.change as unknown as { type: string; card: number; to: string };
    if (type === "card.created") madeUs.set(card, event.atUs);
    if (type === "card.moved" && to.startsWith("11.")) doneUs.set(card, event.atUs);
  }
  const completionMs = [...doneUs].map(([card, atUs]) => (atUs - madeUs.get(card)!) / 1_000);
  return {
    completionMs: completionMs.toSorted((left, right) => left - right),
    lastDoneMs: Math.max(...doneUs.values()) / 1_000,
  };
}

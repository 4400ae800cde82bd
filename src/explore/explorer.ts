import { mix32 } from "../base/digest.ts";
import type { Fault } from "../faults/fault.ts";
import { Draws, purpose } from "../kernel/draws.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { RandomWalk } from "./random-walk.ts";
import { Swarm } from "./swarm.ts";
import { SiteCollector, sweepPlan } from "./sweep.ts";
import { TimedPace } from "./timed-pace.ts";

/** How the cases of a campaign are chosen. `default`: one half sweep, the other half random walk and timed, with swarm faults. */
export const strategyNames = ["default", "random", "timed", "sweep", "first-due"] as const;
export type StrategyName = (typeof strategyNames)[number];

export type RunCase = (scenario: Scenario, input: Case, exploration: Exploration) => Outcome;

/** A case to run, and who chooses on the way. */
export interface Plan {
  readonly case: Case;
  readonly exploration: Exploration;
  readonly strategy: Exclude<StrategyName, "default">;
}

/**
 * Says which case a seed stands for. A pure function of (scenario, strategy, seed): the fault sites that the sweep
 * needs come from passing runs of the same code.
 */
export class Explorer {
  private readonly scenario: Scenario;
  private readonly strategy: StrategyName;
  private readonly runCase: RunCase;
  /** Sweep plans of the scripted workloads, by index, made when first needed. */
  private readonly sweeps = new Map<number, readonly Fault[]>();

  constructor(scenario: Scenario, strategy: StrategyName, runCase: RunCase) {
    this.scenario = scenario;
    this.strategy = strategy;
    this.runCase = runCase;
  }

  plan(seed: number): Plan {
    switch (this.strategy) {
      case "default":
        if (seed % 2 === 1) return this.sweep(Math.floor(seed / 2));
        return seed % 4 === 0 ? this.timed(seed) : this.random(seed);
      case "random":
        return this.random(seed);
      case "timed":
        return this.timed(seed);
      case "sweep":
        return this.sweep(seed);
      case "first-due":
        return { case: this.drawnCase(seed), exploration: {}, strategy: "first-due" };
    }
  }

  private random(seed: number): Plan {
    const draws = new Draws(mix32(seed, 0xfa17));
    return {
      case: this.drawnCase(seed),
      exploration: {
        scheduler: new RandomWalk(seed, switchPpm[draws.int(0, switchPurpose, switchPpm.length)]!),
        faults: new Swarm(draws, this.scenario.faults),
      },
      strategy: "random",
    };
  }

  private timed(seed: number): Plan {
    const draws = new Draws(mix32(seed, 0xfa17));
    return {
      case: this.drawnCase(seed),
      exploration: {
        pace: new TimedPace(draws, latePpm[draws.int(0, latePurpose, latePpm.length)]!),
        faults: new Swarm(draws, this.scenario.faults),
      },
      strategy: "timed",
    };
  }

  /**
   * The faults of all scripted workloads, each once, in an order that spreads even a short campaign over whole runs;
   * past their end they begin again under late timing.
   */
  private sweep(index: number): Plan {
    const { scripted } = this.scenario.workloads;
    const counts = scripted.map((_, which) => this.sweepOf(which).length);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return { case: this.drawnCase(index), exploration: {}, strategy: "sweep" };
    const round = Math.floor(index / total);
    let left = spread(index % total, total);
    let which = 0;
    while (left >= counts[which]!) left -= counts[which++]!;
    const fault = this.sweepOf(which)[left]!;
    const input = { ...emptyCase(this.scenario, round, scripted[which]!), faults: [fault] };
    if (round === 0) return { case: input, exploration: {}, strategy: "sweep" };
    const draws = new Draws(mix32(round, index));
    const pace = new TimedPace(draws, latePpm[round % latePpm.length]!);
    return { case: input, exploration: { pace }, strategy: "sweep" };
  }

  private sweepOf(which: number): readonly Fault[] {
    let faults = this.sweeps.get(which);
    if (faults === undefined) {
      const collector = new SiteCollector(this.scenario.faults);
      const workload = this.scenario.workloads.scripted[which]!;
      this.runCase(this.scenario, emptyCase(this.scenario, 0, workload), { faults: collector });
      faults = sweepPlan(collector, this.scenario.faults);
      this.sweeps.set(which, faults);
    }
    return faults;
  }

  private drawnCase(seed: number): Case {
    const { scripted } = this.scenario.workloads;
    const pick = new Draws(seed).int(0, workloadPurpose, 2 * Math.max(1, scripted.length));
    const workload = scripted[pick] ?? this.scenario.workloads.draw(seed);
    return emptyCase(this.scenario, seed, workload);
  }
}

/** A permutation of 0 to `total - 1` in steps of about the golden section: what is near in it lies far apart. */
function spread(index: number, total: number): number {
  let stride = Math.max(1, Math.round(total * 0.618));
  while (greatestCommonDivisor(stride, total) !== 1) stride++;
  return (index * stride) % total;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

export function emptyCase(scenario: Scenario, drawSeed: number, workload: Case["workload"]): Case {
  return { scenario: scenario.name, drawSeed, workload, faults: [], preemptions: [], delays: [] };
}

const switchPpm: readonly number[] = [3_000, 20_000, 100_000, 400_000];
const latePpm: readonly number[] = [5_000, 30_000, 150_000, 500_000];

const switchPurpose = purpose("switch");
const latePurpose = purpose("late");
const workloadPurpose = purpose("workload");

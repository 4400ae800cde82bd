import { unreachable } from "../base/assert.ts";
import { mix32 } from "../base/digest.ts";
import type { JsonValue } from "../base/json.ts";
import type { Fault } from "../faults/fault.ts";
import { Draws, purpose } from "../kernel/draws.ts";
import { usPerMs } from "../kernel/time.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Exploration } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { ObservationChains } from "./observation-chain.ts";
import { ProfilingScheduler, type RunProfile } from "./profile.ts";
import type { ChoosingScheduler } from "./strategies/choosing-scheduler.ts";
import { DelayBounded } from "./strategies/delay-bounded.ts";
import { Pct } from "./strategies/pct.ts";
import { Pos } from "./strategies/pos.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { ReadsFrom } from "./strategies/reads-from.ts";
import { Surw } from "./strategies/surw.ts";
import { TimedPace } from "./strategies/timed-pace.ts";
import { Swarm } from "./swarm.ts";
import { SiteCollector, sweepPlan } from "./sweep.ts";

/**
 * How the cases of a campaign are chosen. `portfolio`, the default: one half the level-one sweep of faults, the other
 * half by turns the strategies that choose schedules, with a swarm of faults. Where nothing can go wrong, all of it is
 * schedules.
 */
export const strategyNames = [
  "portfolio",
  "surw",
  "pos",
  "pct",
  "delay-bounded",
  "reads-from",
  "random",
  "timed",
  "sweep",
  "first-due",
] as const;
export type StrategyName = (typeof strategyNames)[number];

export type RunCase = (scenario: Scenario, input: Case, exploration: Exploration) => Outcome;

/** A case to run, and who chooses on the way. */
export interface Plan {
  readonly case: Case;
  readonly exploration: Exploration;
  readonly strategy: Exclude<StrategyName, "portfolio">;
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
  /** Of the scripted workloads, made when first needed. */
  private readonly profiles = new Map<JsonValue, RunProfile>();
  private readonly choices = new Map<JsonValue, number>();
  private readonly chains: ObservationChains;

  constructor(scenario: Scenario, strategy: StrategyName, runCase: RunCase) {
    this.scenario = scenario;
    this.strategy = strategy;
    this.runCase = runCase;
    this.chains = new ObservationChains(
      (input, scheduler) => void runCase(scenario, { ...input, drawSeed: 0 }, { scheduler }),
      this.fairFromUs,
    );
  }

  plan(seed: number): Plan {
    const { strategy } = this;
    if (strategy !== "portfolio") return this.planBy(strategy, seed);
    // Without faults there is nothing to sweep.
    if (this.scenario.faults.families.length === 0) return this.planBy(turns[seed % turns.length]!, seed);
    if (seed % 2 === 1) return this.sweep(Math.floor(seed / 2));
    return this.planBy(turns[(seed / 2) % turns.length]!, seed);
  }

  private planBy(strategy: Plan["strategy"], seed: number): Plan {
    if (strategy === "sweep") return this.sweep(seed);
    if (strategy === "first-due") return { case: this.drawnCase(seed), exploration: {}, strategy };
    const draws = new Draws(mix32(seed, 0xfa17));
    const faults = new Swarm(draws, this.scenario.faults);
    if (strategy === "timed") {
      const pace = new TimedPace(draws, latePpm[draws.int(0, latePurpose, latePpm.length)]!);
      return { case: this.drawnCase(seed), exploration: { pace, faults }, strategy };
    }
    const input = strategy === "surw" || strategy === "reads-from" ? this.scriptedCase(seed) : this.drawnCase(seed);
    return { case: input, exploration: { scheduler: this.scheduler(strategy, seed, input, draws), faults }, strategy };
  }

  private scheduler(
    strategy: Exclude<Plan["strategy"], "sweep" | "first-due" | "timed">,
    seed: number,
    input: Case,
    draws: Draws,
  ): ChoosingScheduler {
    const { fairFromUs } = this;
    switch (strategy) {
      case "random": {
        const switchPpm = switchesPpm[draws.int(0, switchPurpose, switchesPpm.length)]!;
        return new RandomWalk({ seed, switchPpm, fairFromUs });
      }
      case "pos":
        return new Pos({ seed, fairFromUs });
      case "pct": {
        const depth = depths[draws.int(0, depthPurpose, depths.length)]!;
        return new Pct({ seed, depth, choices: this.choicesOf(input), fairFromUs });
      }
      case "delay-bounded": {
        const delays = delayCounts[draws.int(0, depthPurpose, delayCounts.length)]!;
        return new DelayBounded({ seed, delays, choices: this.choicesOf(input), fairFromUs });
      }
      case "surw": {
        const { shared } = this.profileOf(input);
        if (shared.length === 0) return new Pos({ seed, fairFromUs });
        const { id, counts } = shared[draws.int(0, resourcePurpose, shared.length)]!;
        return new Surw({ seed, resource: id, counts, fairFromUs });
      }
      case "reads-from":
        return new ReadsFrom({ observations: this.chains.draw(input, seed), fairFromUs });
      default:
        return unreachable(strategy);
    }
  }

  private get fairFromUs(): number {
    return this.scenario.faults.faultsUntilMs * usPerMs;
  }

  /**
   * At how many steps there is a choice, at most, in some runs under priorities: by default all tasks come to their ends
   * together, and who is held back to the end leaves a choice at every step.
   */
  private choicesOf(input: Case): number {
    const workload = this.likeWorkload(input);
    const known = this.choices.get(workload);
    if (known !== undefined) return known;
    const { steps, choices: byDefault } = this.profileOf(input);
    let choices = byDefault;
    for (let seed = 0; seed < priorityRuns; seed++) {
      const scheduler = new Pct({ seed, depth: 1, choices: steps, fairFromUs: this.fairFromUs });
      this.runCase(this.scenario, emptyCase(this.scenario, 0, workload), { scheduler });
      choices = Math.max(choices, scheduler.choicesMet);
    }
    if (this.scenario.workloads.scripted.includes(workload)) this.choices.set(workload, choices);
    return choices;
  }

  /** Of a scripted workload itself; any other is taken to be like the first scripted one. */
  private likeWorkload(input: Case): JsonValue {
    const { scripted } = this.scenario.workloads;
    return scripted.includes(input.workload) ? input.workload : (scripted[0] ?? input.workload);
  }

  private profileOf(input: Case): RunProfile {
    const workload = this.likeWorkload(input);
    let profile = this.profiles.get(workload);
    if (profile === undefined) {
      const scheduler = new ProfilingScheduler();
      this.runCase(this.scenario, emptyCase(this.scenario, 0, workload), { scheduler });
      profile = scheduler.profile;
      // Workloads that are drawn come once each.
      if (this.scenario.workloads.scripted.includes(workload)) this.profiles.set(workload, profile);
    }
    return profile;
  }

  /**
   * The faults of the scripted workloads, by turns, each once, in an order that spreads even a short campaign over whole
   * runs; past the end of one it begins again under late timing.
   */
  private sweep(index: number): Plan {
    const { scripted } = this.scenario.workloads;
    if (scripted.length === 0) return { case: this.drawnCase(index), exploration: {}, strategy: "sweep" };
    // One workload after the other: a campaign that finds something soon needs to know the sites of few.
    const which = index % scripted.length;
    const faults = this.sweepOf(which);
    if (faults.length === 0) return { case: this.drawnCase(index), exploration: {}, strategy: "sweep" };
    const at = Math.floor(index / scripted.length);
    const round = Math.floor(at / faults.length);
    const fault = faults[spread(at % faults.length, faults.length)]!;
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

  private scriptedCase(seed: number): Case {
    const { scripted } = this.scenario.workloads;
    if (scripted.length === 0) return this.drawnCase(seed);
    const which = new Draws(seed).int(0, workloadPurpose, scripted.length);
    return emptyCase(this.scenario, seed, scripted[which]!);
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

/** Of the portfolio's second half. */
const turns = ["surw", "timed", "pos", "reads-from", "pct", "random"] as const;

const switchesPpm: readonly number[] = [3_000, 20_000, 100_000, 400_000, 1_000_000];
/** To learn how many choices there are. */
const priorityRuns = 4;
const depths: readonly number[] = [3, 3, 2, 10];
const delayCounts: readonly number[] = [1, 1, 2, 4];
const latePpm: readonly number[] = [5_000, 30_000, 150_000, 500_000];

const switchPurpose = purpose("switch");
const depthPurpose = purpose("depth");
const resourcePurpose = purpose("resource");
const latePurpose = purpose("late");
const workloadPurpose = purpose("workload");

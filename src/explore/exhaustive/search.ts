import { Causality } from "./causality.ts";
import type { ExecutedStep, RunEnding } from "./execution.ts";
import { GuidedScheduler, type Guide } from "./guided-scheduler.ts";

/**
 * Runs one schedule of a fixed case, from its start. The same choices must give the same run.
 * It tells the scheduler whose code runs, and what the steps touch beyond their own word.
 */
export type RunSchedule = (scheduler: GuidedScheduler) => RunEnding;

export interface SearchOptions {
  /** Most schedules to run, those that were abandoned half-way included. */
  readonly runsMax: number;
  /**
   * Of so many schedules one is run again with its steps in another order that should be equivalent, to find out whether
   * steps touch more than they tell. None unless given.
   */
  readonly verifyEvery?: number;
  /** Asked now and then; the search ends unfinished when it aborts. */
  readonly signal?: AbortSignal;
}

export interface SearchCounts {
  /** Schedules that ran to their end, each from the start. */
  readonly schedules: number;
  /** Schedules abandoned half-way, because another one is equivalent to them. */
  readonly redundant: number;
  /** Partial orders among the schedules: how many of them differ by more than the order of steps without conflict. */
  readonly traces: number;
  /** States on the way, told apart by what happened before them and in which order of conflicting steps. */
  readonly states: number;
  /** Schedules that were run again in an equivalent order, with the same end. */
  readonly verified: number;
  /** Steps of all schedules. */
  readonly steps: number;
  /** Steps of the longest schedule. */
  readonly stepsMax: number;
}

/** Two orders of steps without a conflict did not lead to the same end: steps touch more than they tell. */
export class FootprintTooSmall extends Error {
  override readonly name = "FootprintTooSmall";
}

/** What the search came to. `complete`: every schedule that it was to explore, or one that is equivalent, has run. */
export interface SearchResult {
  readonly end: "complete" | "violated" | "budget" | "interrupted";
  readonly counts: SearchCounts;
  /** By outcome: how many schedules came to it. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Schedules that came to a bound of the run before its end: nothing is known of what follows. */
  readonly cut: number;
  /** The scheduler of the schedule that broke a rule: what it chose is the counterexample. */
  readonly violating?: GuidedScheduler;
}

/** A search under way: it yields after each schedule. Advance it from inside a macrotask, as runs ask for. */
export type Search = Generator<void, SearchResult>;

/** One schedule that was run. */
export interface Schedule {
  readonly steps: readonly ExecutedStep[];
  readonly abandoned: boolean;
  readonly isViolation: boolean;
  readonly outcome: string;
  readonly scheduler: GuidedScheduler;
}

/** Runs schedules and keeps the count of them, up to the budget. */
export class Tally {
  private readonly run: RunSchedule;
  private readonly options: SearchOptions;
  private readonly stateSet = new Set<number>();
  private readonly traceSet = new Set<number>();
  private readonly outcomes = new Map<string, number>();
  private schedules = 0;
  private redundant = 0;
  private steps = 0;
  private stepsMax = 0;
  private cut = 0;
  private verified = 0;

  constructor(run: RunSchedule, options: SearchOptions) {
    this.run = run;
    this.options = options;
  }

  /** Why no more schedules may be run; undefined while they may. */
  get exhausted(): "budget" | "interrupted" | undefined {
    if (this.options.signal?.aborted === true) return "interrupted";
    return this.schedules + this.redundant >= this.options.runsMax ? "budget" : undefined;
  }

  execute(guide: Guide): Schedule {
    const scheduler = new GuidedScheduler(guide);
    const { outcome, verdict } = this.run(scheduler);
    scheduler.finish();
    const { steps, abandoned } = scheduler;
    this.steps += steps.length;
    if (abandoned) this.redundant++;
    else {
      this.schedules++;
      this.stepsMax = Math.max(this.stepsMax, steps.length);
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      if (verdict === "cut") this.cut++;
    }
    return { steps, abandoned, isViolation: !abandoned && verdict === "violated", outcome, scheduler };
  }

  /**
   * Runs a schedule again in an equivalent order, when it is its turn.
   * @throws FootprintTooSmall when that does not lead to the same end
   */
  verify({ abandoned, outcome, steps }: Schedule, causality: Causality): void {
    const { verifyEvery } = this.options;
    if (verifyEvery === undefined || abandoned || (this.schedules - 1) % verifyEvery !== 0) return;
    const order = causality.lastFirst();
    const scheduler = new GuidedScheduler({
      choose: (candidates, before) => (before.length < order.length ? followed(order[before.length]!, candidates) : 0),
    });
    const again = this.run(scheduler);
    scheduler.finish();
    this.verified++;
    const differing = scheduler.steps.find((step, index) => step.name !== order[index]);
    const end = scheduler.abandoned ? `${order[scheduler.steps.length]!} cannot come` : again.outcome;
    if (!scheduler.abandoned && end === outcome && scheduler.steps.length === steps.length && differing === undefined) {
      const states = [...causality.states()];
      if ([...new Causality(scheduler.steps).states()].at(-1) === states.at(-1)) return;
    }
    throw new FootprintTooSmall(
      `a schedule ended with "${outcome}", and in an order that should be equivalent with "${end}"`,
    );
  }

  /**
   * Counts the states and the partial order of a schedule.
   * @param states fingerprints, in order
   * @returns whether its partial order is a new one
   */
  count(states: Iterable<number>, abandoned: boolean): boolean {
    let last = 0;
    for (const state of states) {
      this.stateSet.add(state);
      last = state;
    }
    const isNew = !abandoned && !this.traceSet.has(last);
    if (isNew) this.traceSet.add(last);
    return isNew;
  }

  result(end: SearchResult["end"], violating?: GuidedScheduler): SearchResult {
    const { counts, outcomes, cut } = this;
    return { end, counts, outcomes, cut, ...(violating === undefined ? {} : { violating }) };
  }

  private get counts(): SearchCounts {
    const { schedules, redundant, steps, stepsMax, verified } = this;
    return { schedules, redundant, verified, traces: this.traceSet.size, states: this.stateSet.size, steps, stepsMax };
  }
}

/** The place of a step among the candidates; undefined when it is not one of them. */
export function followed(name: string, candidates: readonly string[]): number | undefined {
  const index = candidates.indexOf(name);
  return index === -1 ? undefined : index;
}

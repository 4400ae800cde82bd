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
  /** Asked now and then; the search ends unfinished when it aborts. */
  readonly signal?: AbortSignal;
  /** After each schedule. */
  readonly onRun?: (counts: SearchCounts) => void;
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
  /** Steps of all schedules. */
  readonly steps: number;
  /** Steps of the longest schedule. */
  readonly stepsMax: number;
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

/** One schedule that was run. */
export interface Schedule {
  readonly steps: readonly ExecutedStep[];
  readonly abandoned: boolean;
  readonly isViolation: boolean;
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
    return { steps, abandoned, isViolation: !abandoned && verdict === "violated", scheduler };
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
    this.options.onRun?.(this.counts);
    return isNew;
  }

  result(end: SearchResult["end"], violating?: GuidedScheduler): SearchResult {
    const { counts, outcomes, cut } = this;
    return { end, counts, outcomes, cut, ...(violating === undefined ? {} : { violating }) };
  }

  private get counts(): SearchCounts {
    const { schedules, redundant, steps, stepsMax } = this;
    return { schedules, redundant, traces: this.traceSet.size, states: this.stateSet.size, steps, stepsMax };
  }
}

import { unreachable } from "../../base/assert.ts";
import type { Fault, Seam } from "../../faults/fault.ts";
import type { FaultSource } from "../../faults/plan.ts";
import { usPerMs } from "../../kernel/time.ts";
import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { emptyCase, type RunCase } from "../explorer.ts";
import { faultMenu } from "../fault-menu.ts";
import { runOfCase } from "./case-run.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { searchEverySchedule } from "./every-schedule.ts";
import { searchByReversals } from "./reversals.ts";
import type { RunSchedule, Search, SearchCounts, SearchOptions, SearchResult } from "./search.ts";
import { searchBySourceSets } from "./source-sets.ts";

/**
 * How schedules are enumerated. `source-sets`: one of each partial order; `reversals`: those that so many reversed races
 * lead to from the first-due schedule; `none`: each schedule, the yardstick of the others.
 */
export type Enumeration =
  | { readonly kind: "source-sets" }
  | { readonly kind: "reversals"; readonly max: number }
  | { readonly kind: "none" };

export interface ProofOptions {
  readonly scenario: Scenario;
  readonly runCase: RunCase;
  readonly enumeration: Enumeration;
  /** 0: nothing goes wrong. 1: also every choice of one process that is killed, at any of its operations. */
  readonly killsMax: 0 | 1;
  /** Schedules of all cases together. */
  readonly runsMax: number;
  readonly verifyEvery?: number;
  readonly signal?: AbortSignal;
}

export interface ProofProgress {
  /** Cases are the workloads without a fault, then each with one kill. */
  readonly casesDone: number;
  /** Known once the workloads without a fault are done. */
  readonly cases: number | undefined;
  readonly schedules: number;
}

export interface Proof {
  /**
   * `proven`: every schedule of every case was explored, up to equivalence and within the bounds, and held. `violated`:
   * one broke a rule. `unfinished`: some are left, so that nothing is proven.
   */
  readonly verdict: "proven" | "violated" | "unfinished";
  /** Why it is unfinished: the budget of schedules, an interruption, or schedules that came to a bound of the run. */
  readonly reason?: "budget" | "interrupted" | "limit";
  readonly casesDone: number;
  readonly cases: number | undefined;
  /** Of all cases together; `stepsMax` of the longest schedule. States of two cases are two. */
  readonly counts: SearchCounts;
  /** By outcome: how many schedules came to it, over all cases. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly violation?: { readonly case: Case; readonly outcome: Outcome };
}

/**
 * Explores every schedule of a scenario's workloads, and of one kill at every place when asked. Yields after each
 * schedule; to be advanced from inside a macrotask, as runs ask for.
 */
export function prove(options: ProofOptions): Generator<ProofProgress, Proof> {
  return new Prover(options).prove();
}

class Prover {
  private readonly options: ProofOptions;
  private readonly outcomes = new Map<string, number>();
  private counts: SearchCounts = nothing;
  private casesDone = 0;
  private cases: number | undefined;
  private cut = 0;
  private lastOutcome: Outcome | undefined;

  constructor(options: ProofOptions) {
    this.options = options;
  }

  *prove(): Generator<ProofProgress, Proof> {
    const { scenario, killsMax } = this.options;
    const kills: Case[] = [];
    for (const workload of scenario.workloads.scripted) {
      const input = emptyCase(scenario, 0, workload);
      const sites = new SiteSet(scenario);
      const stopped = yield* this.search(input, sites);
      if (stopped !== undefined) return stopped;
      if (killsMax === 1) kills.push(...killsAt(sites, scenario).map((fault) => ({ ...input, faults: [fault] })));
    }
    this.cases = this.casesDone + kills.length;
    for (const input of kills) {
      const stopped = yield* this.search(input);
      if (stopped !== undefined) return stopped;
    }
    return this.cut === 0 ? this.proof("proven") : this.proof("unfinished", "limit");
  }

  /** @returns the proof when it ends here */
  private *search(input: Case, faults?: FaultSource): Generator<ProofProgress, Proof | undefined> {
    const { scenario, runCase, signal, verifyEvery, runsMax } = this.options;
    const run = runOfCase({
      scenario,
      case: input,
      runCase,
      describe: describeOutcome,
      onOutcome: (outcome) => {
        this.lastOutcome = outcome;
      },
      ...(faults === undefined ? {} : { faults }),
    });
    const before = this.counts.schedules + this.counts.redundant;
    const search = this.enumerate(run, {
      runsMax: runsMax - before,
      ...(signal === undefined ? {} : { signal }),
      ...(verifyEvery === undefined ? {} : { verifyEvery }),
    });
    let schedules = before;
    let turn = search.next();
    for (; turn.done !== true; turn = search.next()) {
      yield { casesDone: this.casesDone, cases: this.cases, schedules: ++schedules };
    }
    const result = turn.value;
    this.add(result);
    switch (result.end) {
      case "complete":
        this.casesDone++;
        return undefined;
      case "violated":
        return this.proof("violated");
      case "budget":
      case "interrupted":
        return this.proof("unfinished", result.end);
      default:
        return unreachable(result.end);
    }
  }

  private enumerate(run: RunSchedule, options: SearchOptions): Search {
    const { enumeration } = this.options;
    switch (enumeration.kind) {
      case "source-sets":
        return searchBySourceSets(run, options);
      case "reversals":
        return searchByReversals(run, enumeration.max, options);
      case "none":
        return searchEverySchedule(run, options);
      default:
        return unreachable(enumeration);
    }
  }

  private add({ counts, outcomes, cut }: SearchResult): void {
    const { schedules, redundant, traces, states, verified, steps, stepsMax } = this.counts;
    this.counts = {
      schedules: schedules + counts.schedules,
      redundant: redundant + counts.redundant,
      traces: traces + counts.traces,
      states: states + counts.states,
      verified: verified + counts.verified,
      steps: steps + counts.steps,
      stepsMax: Math.max(stepsMax, counts.stepsMax),
    };
    for (const [outcome, count] of outcomes) this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    this.cut += cut;
  }

  private proof(verdict: Proof["verdict"], reason?: Proof["reason"]): Proof {
    const { casesDone, cases, counts, outcomes, lastOutcome } = this;
    const common = { verdict, casesDone, cases, counts, outcomes };
    if (verdict !== "violated") return reason === undefined ? common : { ...common, reason };
    return { ...common, violation: { case: lastOutcome!.realised(), outcome: lastOutcome! } };
  }
}

const nothing: SearchCounts = {
  schedules: 0,
  redundant: 0,
  traces: 0,
  states: 0,
  verified: 0,
  steps: 0,
  stepsMax: 0,
};

/** Lets all runs pass and notes where a process could have been struck, whatever the schedule. */
class SiteSet implements FaultSource {
  /** In the order in which they were first seen. */
  readonly seams = new Map<string, Seam>();
  private readonly scenario: Scenario;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  strike({ process, site }: Parameters<FaultSource["strike"]>[0], seam: Seam, nowUs: number): undefined {
    const { faultsUntilMs, victims } = this.scenario.faults;
    if (nowUs < faultsUntilMs * usPerMs && victims?.includes(process) !== false) this.seams.set(site, seam);
  }
}

/** Killed processes alone: what a crash of a host undoes is no footprint of the step in which it strikes. */
function killsAt({ seams }: SiteSet, { faults }: Scenario): readonly Fault[] {
  const menu = faultMenu(faults, new Set(faults.families));
  return [...seams].flatMap(([site, seam]) =>
    menu[seam].filter(({ kind }) => kind === "kill").map((spec): Fault => ({ ...spec, site })),
  );
}

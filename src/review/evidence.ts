import type { FaultFamily } from "../faults/fault.ts";
import type { SuggestedBudget } from "../limits/budgets/suggest.ts";
import type { LimitsReport } from "../limits/report.ts";
import type { DegradedCondition } from "./degraded/degraded-condition.ts";
import type { FootGun } from "./foot-guns/foot-gun.ts";
import type { ModuleCoverage } from "./coverage/module-coverage.ts";
import type { TestsEvidence } from "./tests-evidence.ts";

/**
 * All that a release brief is made of. Nothing in it depends on when, where and how fast it was gathered: the same code
 * and flags give the same evidence. A part that was not asked for is absent, and the brief says so.
 */
export interface ReviewEvidence {
  readonly system: SystemUnderReview;
  readonly scenarios: readonly ScenarioEvidence[];
  readonly proofs: readonly ProofEvidence[];
  readonly kept: KeptEvidence;
  readonly footGuns?: FootGunsEvidence;
  readonly degraded?: readonly DegradedCondition[];
  readonly budgets?: BudgetsEvidence;
  readonly modules?: readonly ModuleCoverage[];
  /** Without what the machine measured: that differs from day to day. */
  readonly limits?: Omit<LimitsReport, "real">;
  readonly tests?: TestsEvidence;
}

export interface SystemUnderReview {
  /** As `the built-in core`. */
  readonly name: string;
  /** The known bug that was put into it. */
  readonly mutant: string | undefined;
  /** Names the code: 32 hexadecimal digits. */
  readonly code: string;
  /** How Stormlane is called here, as `npx stormlane`. */
  readonly program: string;
  /** By which cases were chosen. */
  readonly strategy: string;
  /** What makes this brief again. */
  readonly command: string;
  /**
   * Of a system that nobody knows anything of: ids of the rules that speak of what some systems do, and others never. Nobody
   * has chosen them for it.
   */
  readonly generalRules?: readonly string[];
}

/** What the runs of one scenario came to. */
export interface ScenarioEvidence {
  readonly name: string;
  readonly about: string;
  /** Of faults: what its system is said to bear. */
  readonly families: readonly FaultFamily[];
  readonly runs: number;
  readonly firstSeed: number;
  /** Runs whose history was compared with that of a second run of their case. */
  readonly runsTwice: number;
  /** Runs that reached a bound before their end: what must have happened in the end was not judged. */
  readonly runsCutOff: number;
  readonly invariants: readonly InvariantEvidence[];
  /** What the runs had to stay within. */
  readonly budgets: readonly InvariantEvidence[];
  /** The first of each kind, in the order in which they were found. */
  readonly counterexamples: readonly Counterexample[];
  /** Goals that no run reached. */
  readonly goalsMissed: readonly string[];
  readonly goals: number;
  readonly sweep: SweepCoverage;
}

export interface InvariantEvidence {
  readonly id: string;
  readonly rule: string;
  /** It is one of the core's own, and means what the core's means. */
  readonly isBuiltIn: boolean;
  /** Runs in which it had something to judge. */
  readonly runs: number;
  /** How often it judged something, over all runs. */
  readonly checks: number;
}

/** Pairs of a place and a fault in the runs in which nothing goes wrong. */
export interface SweepCoverage {
  readonly pairs: number;
  /** Of these, each in a run of its own. */
  readonly tried: number;
}

/** A run that broke something. */
export interface Counterexample {
  readonly scenario: string;
  readonly kind: "violated" | "nondeterminism" | "broken" | "livelock" | "died";
  /** The invariant, or the kind where none is involved. */
  readonly invariant: string;
  readonly signature: string;
  readonly message: string;
  /** As `seed 12 (pos)`. */
  readonly foundBy: string;
  /** Runs that failed so. */
  readonly runs: number;
  /** It showed only when the run was over: what should have happened did not. */
  readonly atEnd: boolean;
  /** What must go wrong for it, each in words; none when it fails by itself. */
  readonly faults: readonly string[];
  readonly preemptions: number;
  readonly delays: number;
  readonly reproFile: string | undefined;
  readonly replayCommand: string;
}

/** What came of running every schedule of a small scenario. */
export interface ProofEvidence {
  readonly scenario: string;
  readonly verdict: "proven" | "violated" | "unfinished" | "unfit";
  /** Why it is not proven. */
  readonly reason: string | undefined;
  readonly bounds: string;
  readonly schedules: number;
  readonly states: number;
  /** Ids of those that had something to judge in at least one schedule, in order. */
  readonly exercised: readonly string[];
  readonly counterexample: Counterexample | undefined;
}

/** What came of running the kept counterexamples again. */
export interface KeptEvidence {
  /** As it was named; undefined when there is none. */
  readonly folder: string | undefined;
  /** Cases of the system itself: found once, and mended since. */
  readonly mended: number;
  /** Those of them that fail. */
  readonly counterexamples: readonly Counterexample[];
  /** Known bugs, put into the system to see whether anybody notices. */
  readonly mutants: readonly MutantEvidence[];
  /** Files that could not be used, and why. */
  readonly unusable: readonly string[];
}

export interface MutantEvidence {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  /** What caught it; undefined when nothing did. */
  readonly caughtBy: string | undefined;
  /** As it failed, or what it did instead. */
  readonly signature: string;
}

export interface FootGunsEvidence {
  /** Histories that were looked at. */
  readonly runs: number;
  readonly found: readonly FootGun[];
}

export interface BudgetsEvidence {
  /** Runs that were measured. */
  readonly runs: number;
  readonly suggested: readonly SuggestedBudget[];
}

import type { Counterexample, ReviewEvidence, ScenarioEvidence, SweepCoverage } from "../evidence.ts";
import { counterexamplesOf } from "../counterexamples.ts";
import { failureRateMax } from "./failure-rate.ts";

/**
 * What can be said for an invariant. `proven`: it held in every schedule of a small scenario, within the bounds that are
 * stated; and nothing else broke it. `likely`: it was judged in runs, and none broke it. `not guaranteed`: a run broke
 * it, or none had anything for it to judge.
 */
export interface Standing {
  readonly invariant: string;
  readonly rule: string;
  readonly isBuiltIn: boolean;
  readonly kind: "proven" | "likely" | "not guaranteed";
  /** Why it is not guaranteed. */
  readonly reason: "counterexample" | "not exercised" | undefined;
  /** Runs in which it had something to judge; of the other runs nothing is said. */
  readonly runs: number;
  /** Runs that broke it. */
  readonly failures: number;
  /** 0 to 1, with 95 % confidence; 1 when it was never judged. */
  readonly failureRateMax: number;
  /** Scenarios in which it had something to judge. */
  readonly scenarios: readonly string[];
  /** Scenarios that have it, and in which it had nothing to judge. */
  readonly silentIn: readonly string[];
  /** Of the scenarios in which it was judged. */
  readonly sweep: SweepCoverage;
  readonly proofs: readonly { readonly scenario: string; readonly bounds: string }[];
  /** Known bugs that it has caught just now. */
  readonly mutants: readonly string[];
}

/** One for each invariant of the scenarios, in order of their ids. */
export function standingsOf(evidence: ReviewEvidence): Standing[] {
  const rules = new Map<string, { readonly rule: string; readonly isBuiltIn: boolean }>();
  for (const { invariants } of evidence.scenarios) {
    for (const { id, rule, isBuiltIn } of invariants) if (!rules.has(id)) rules.set(id, { rule, isBuiltIn });
  }
  const counterexamples = counterexamplesOf(evidence);
  return [...rules]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([id, { rule, isBuiltIn }]) => {
      const own = counterexamples.filter(({ invariant }) => invariant === id);
      return { invariant: id, rule, isBuiltIn, ...standingOf(id, own, evidence) };
    });
}

function standingOf(
  id: string,
  counterexamples: readonly Counterexample[],
  { scenarios, proofs, kept }: ReviewEvidence,
): Omit<Standing, "invariant" | "rule" | "isBuiltIn"> {
  const having = scenarios.filter(({ invariants }) => invariants.some((each) => each.id === id));
  const judged = having.filter((scenario) => runsOf(scenario, id) > 0);
  const runs = judged.reduce((sum, scenario) => sum + runsOf(scenario, id), 0);
  const proven = proofs.filter(({ verdict, exercised }) => verdict === "proven" && exercised.includes(id));
  const failures = judged
    .flatMap((scenario) => scenario.counterexamples)
    .filter(({ invariant }) => invariant === id)
    .reduce((sum, each) => sum + each.runs, 0);
  const facts = {
    runs,
    failures,
    failureRateMax: failureRateMax({ failures: Math.min(failures, runs), runs }),
    scenarios: judged.map(({ name }) => name),
    silentIn: having.filter((scenario) => runsOf(scenario, id) === 0).map(({ name }) => name),
    sweep: sweepOf(judged),
    proofs: proven.map(({ scenario, bounds }) => ({ scenario, bounds })),
    mutants: kept.mutants.filter(({ caughtBy }) => caughtBy === id).map((mutant) => mutant.id),
  };
  if (counterexamples.length > 0) return { kind: "not guaranteed", reason: "counterexample", ...facts };
  if (proven.length > 0) return { kind: "proven", reason: undefined, ...facts };
  if (runs > 0) return { kind: "likely", reason: undefined, ...facts };
  return { kind: "not guaranteed", reason: "not exercised", ...facts };
}

function runsOf({ invariants }: ScenarioEvidence, id: string): number {
  return invariants.find((each) => each.id === id)?.runs ?? 0;
}

/** Of several scenarios together. */
export function sweepOf(scenarios: readonly ScenarioEvidence[]): SweepCoverage {
  return {
    pairs: scenarios.reduce((sum, { sweep }) => sum + sweep.pairs, 0),
    tried: scenarios.reduce((sum, { sweep }) => sum + sweep.tried, 0),
  };
}

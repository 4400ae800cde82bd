import { assert } from "../../base/assert.ts";
import type { WriteEffect } from "./written-effects.ts";

/** What protects a module of the system under test: who runs it, who judges it then, and who proves that the judges look. */
export interface ModuleCoverage {
  /** From the root of the system, as `claims/claims.ts`. */
  readonly module: string;
  /** What it writes, in order; a module that writes anything is critical. */
  readonly writes: readonly WriteEffect[];
  /** Lines of code inside functions; 0 for a module of types or tables. */
  readonly lines: number;
  /** Of the lines, what ran in one scenario or another. Thousandths; 1 when there are no lines. */
  readonly share: number;
  /** Those that run any of it, in the order in which they were run. */
  readonly scenarios: readonly ScenarioShare[];
  /** Ids of those that had something to judge in these scenarios, in order. */
  readonly invariants: readonly string[];
  /** Ids of those that replace something that the module defines, asks for, or carries out, in order. */
  readonly mutants: readonly string[];
  readonly gaps: readonly CoverageGap[];
}

export interface ScenarioShare {
  readonly scenario: string;
  /** Of the module's lines, thousandths. */
  readonly share: number;
}

/**
 * `never-run`: it has code, and no scenario runs any. `no-invariant`: critical, and run where nobody judges. `no-mutant`:
 * critical, and nobody has tried whether a fault in it would be found.
 */
export type CoverageGap = "never-run" | "no-invariant" | "no-mutant";

/** What was seen of a module, before it is judged. */
export interface ObservedModule {
  readonly module: string;
  /** Numbers of its lines of code inside functions. */
  readonly lines: readonly number[];
  readonly writes: readonly WriteEffect[];
  /** Lines that ran, by scenario, in the order of the scenarios. */
  readonly ran: readonly { readonly scenario: string; readonly lines: readonly number[] }[];
  readonly mutants: readonly string[];
}

export interface ObservedSystem {
  readonly modules: readonly ObservedModule[];
  /** Invariants that had something to judge, by scenario. */
  readonly judged: ReadonlyMap<string, readonly string[]>;
  /** Whether there are mutants of this system at all; without, none is missing. */
  readonly hasMutants: boolean;
}

/** The map of a system's modules, by path. The same observations give the same map. */
export function moduleCoverage({ modules, judged, hasMutants }: ObservedSystem): ModuleCoverage[] {
  return modules
    .map((observed) => coverageOf(observed, judged, hasMutants))
    .toSorted((left, right) => (left.module < right.module ? -1 : 1));
}

function coverageOf(
  { module, lines, writes, ran, mutants }: ObservedModule,
  judged: ObservedSystem["judged"],
  hasMutants: boolean,
): ModuleCoverage {
  const running = ran.filter((each) => each.lines.length > 0);
  const anywhere = new Set(running.flatMap((each) => each.lines));
  assert(
    [...anywhere].every((line) => lines.includes(line)),
    `${module}: a line ran that is no line of it`,
  );
  const scenarios = running.map((each) => ({
    scenario: each.scenario,
    share: thousandths(each.lines.length, lines.length),
  }));
  const invariants = inOrder(running.flatMap(({ scenario }) => judged.get(scenario) ?? []));
  const isCritical = writes.length > 0;
  const gaps: CoverageGap[] = [
    ...(lines.length > 0 && scenarios.length === 0 ? (["never-run"] as const) : []),
    ...(isCritical && scenarios.length > 0 && invariants.length === 0 ? (["no-invariant"] as const) : []),
    ...(isCritical && hasMutants && mutants.length === 0 ? (["no-mutant"] as const) : []),
  ];
  return {
    module,
    writes: inOrder(writes),
    lines: lines.length,
    share: lines.length === 0 ? 1 : thousandths(anywhere.size, lines.length),
    scenarios,
    invariants,
    mutants: inOrder(mutants),
    gaps,
  };
}

function thousandths(part: number, whole: number): number {
  return Math.round((part / whole) * 1_000) / 1_000;
}

function inOrder<Name extends string>(names: readonly Name[]): Name[] {
  return [...new Set(names)].toSorted();
}

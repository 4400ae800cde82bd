import type { StrategyName } from "../explore/explorer.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import type { FaultSettings, Scenario } from "../sim/scenario.ts";

/** How a scenario is run as a test. Seeds, budgets and limits are those of one test. */
export interface SimTestOptions {
  /** How many seeds are run. Default 100; without end where `timeBudgetMs` is given. */
  readonly seeds?: number;
  /** The first of them. Default 1. */
  readonly firstSeed?: number;
  /** Real time after which no further seed is begun. What was begun is finished. */
  readonly timeBudgetMs?: number;
  /** Who chooses schedules and faults; seeds and time are split evenly between them. Default `portfolio` alone. */
  readonly strategies?: readonly StrategyName[];
  /** Of a built-in scenario: a variant of the system with a mistake in it. */
  readonly mutant?: string;
  /** What goes wrong, where it differs from what the scenario says; `false` for nothing. */
  readonly faults?: Partial<FaultSettings> | false;
  /** What every run may take at most, over the `budgets` of the project's config; `false` for none. */
  readonly budgets?: Budgets | false;
  /** A goal (`sometimes`) that no run reached does not fail the test. */
  readonly allowVacuous?: boolean;
  /**
   * Where failures are kept, from the root of the vitest project. Each test has a folder of its own in it.
   * Default `.stormlane/failures`.
   */
  readonly reproFolder?: string;
  /** Says why the failure fails, by some 200 further runs. Default true. */
  readonly explain?: boolean;
  /**
   * Real time until the test gives up and tells what it has found. Default: what seeds or time budget, shrinking and
   * explaining need at most.
   */
  readonly timeoutMs?: number;
  /**
   * Real time that simulated code may keep the turn without a step of its run: then it hangs, and is told and ended.
   * Default 10,000.
   */
  readonly stallMsMax?: number;
}

/** A scenario, or the name of one that comes with stormlane, as `stormlane:single-card`. */
export type ScenarioOrName = Scenario | string;

export interface NamedSimTestOptions extends SimTestOptions {
  /** May be left out where a mutant is named, which brings its own. */
  readonly scenario?: ScenarioOrName;
}

/** Real time that the test gives itself. Of options that turn out to be wrong any number will do. */
export function timeoutMsOf(options: SimTestOptions | undefined, environment: Environment): number {
  const { timeoutMs, timeBudgetMs } = options ?? {};
  if (isCount(timeoutMs)) return timeoutMs;
  const seedsAskedFor = variable(environment, "STORMLANE_SEEDS");
  const seeds = Number(seedsAskedFor ?? options?.seeds ?? seedsDefault);
  const hasBudget = isCount(timeBudgetMs) && seedsAskedFor === undefined;
  const exploringMs = hasBudget ? timeBudgetMs : Math.max(exploringMsMin, seeds * msPerSeed);
  return Math.min(Number.isFinite(exploringMs) ? exploringMs + afterwardsMs : afterwardsMs, timerMsMax);
}

/** What vitest gives it: more, so that the test itself still tells what it has found when its time is up. */
export function vitestTimeoutMsOf(options: SimTestOptions | undefined, environment: Environment): number {
  return Math.min(timeoutMsOf(options, environment) + graceMs, timerMsMax);
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set to nothing, as jobs do whose parameter is left empty, is not set. */
export function variable(environment: Environment, name: `STORMLANE_${string}`): string | undefined {
  return environment[name] === "" ? undefined : environment[name];
}

export const seedsDefault = 100;
/** Far more than a seed takes. */
const msPerSeed = 250;
const exploringMsMin = 60_000;
/** Shrinking, explaining, telling. */
const afterwardsMs = 90_000;
/** For the longest task that is not interrupted: the runs that explain a failure. */
const graceMs = 30_000;
/** Node takes no longer ones. */
const timerMsMax = 2_147_483_647;

function isCount(value: unknown): value is number {
  return typeof value === "number" && value > 0 && value <= timerMsMax;
}

import type { JsonValue } from "../base/json.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { FigureName } from "./figures.ts";
import type { GrowthLaw } from "./growth-law.ts";
import type { Observation } from "./observe-load.ts";
import type { Stress } from "./stress.ts";

/** One kind of load that can be raised step by step. */
export interface Ramp {
  /** Kebab-case. */
  readonly name: string;
  readonly about: string;
  /** What a level counts, as `stories`. */
  readonly unit: string;
  /** The lowest and the highest level that are looked at; whole numbers, >= 0. */
  readonly from: number;
  readonly to: number;
  /** Levels are looked at in steps of this size from `from`. Default 1. */
  readonly step?: number;
  /** No level may be higher: what lies beyond is not modelled, or takes for ever. */
  readonly levelMax: number;
  /** At this level, and at all below it, everything must hold. Anything else is a finding. */
  readonly promised: number;
  /** The load of one run. A pure function of both. */
  load(level: number, seed: number): Load;
  /** What a figure may come to at a level; more means that the system degrades. */
  readonly budgets?: readonly FigureBudget[];
  /** Levels at which growth is measured, at least three; none measures no growth. */
  readonly growthLevels: readonly number[];
  /** The steepest law that each figure may follow; what is not named may do as it likes. Default `linearWork`. */
  readonly allowed?: AllowedGrowth;
  /** Most runs at a level, however many are asked for: where each takes long, or all are alike. */
  readonly runsMax?: number;
}

/** What is run: a scenario, one of its workloads, and what goes wrong all the time. */
export interface Load {
  readonly scenario: Scenario;
  readonly workload: JsonValue;
  readonly stress?: readonly Stress[];
}

export type AllowedGrowth = Readonly<Partial<Record<FigureName, GrowthLaw>>>;

/** Twice the load, twice the work. */
export const linearWork: AllowedGrowth = {
  boardCalls: "linear",
  modelCalls: "linear",
  programs: "linear",
  ops: "linear",
};

export interface FigureBudget {
  readonly figure: FigureName;
  readonly max: (level: number) => number;
}

/**
 * An explicit limit of a system, and a load to try it with on both sides of its edge: the limit is set to what the load
 * needs, and to less.
 */
export interface LimitEdge {
  /** Kebab-case. */
  readonly name: string;
  /** As `commentsPerCardMax`. */
  readonly limit: string;
  readonly about: string;
  readonly unit: string;
  /** The load, with the limit set. */
  load(limitIs: number): Load;
  /** More than the load needs; `within` and `beyond` are told what a run with it came to. */
  readonly plenty: number;
  /** Enough, if only just. */
  readonly within: (plenty: Observation) => number;
  /** Too little. */
  readonly beyond: (plenty: Observation) => number;
  /** Whether a run was held back. Default: it says `limit.reached` of this limit. */
  readonly isHeldBack?: (run: Observation, limitIs: number, plenty: Observation) => boolean;
  /**
   * Who must be told. `card`: people see that it failed. `log`: it is in the log, as `note` or as `limit.reached`.
   * `effect`: nobody; what is held back is what one sees.
   */
  readonly tells: "card" | "log" | "effect";
  readonly note?: string;
}

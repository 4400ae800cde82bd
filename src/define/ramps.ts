import type { JsonValue } from "../base/json.ts";
import type { AllowedGrowth, FigureBudget, Ramp } from "../limits/ramp.ts";
import type { Scenario } from "../sim/scenario.ts";

/** A load that can be raised step by step, for `stormlane limits`. */
export interface RampDefinition<Workload extends JsonValue> {
  /** Kebab-case. */
  readonly name: string;
  /** One sentence. Default: its name. */
  readonly about?: string;
  /** What a level counts, as `cards`. */
  readonly unit: string;
  /** The lowest level, a whole number. Default 1. */
  readonly from?: number;
  /** The highest level that is looked at unless `--ramp-max` says otherwise. */
  readonly to: number;
  /** Up to here everything must hold; anything else is a finding. Default: nothing is promised. */
  readonly promised?: number;
  /** The workload of a run. */
  readonly workload: (level: number, seed: number) => Workload;
  /** Levels at which growth is measured. Default: four, up to `to`, each twice the one before. */
  readonly growthLevels?: readonly number[];
  /** The steepest law that each figure may follow. Default: calls, programs and operations linear. */
  readonly allowed?: AllowedGrowth;
  /** What a figure may come to at a level; more means that the system degrades. */
  readonly budgets?: readonly FigureBudget[];
  /** Most runs at a level. */
  readonly runsMax?: number;
}

/** No ramp of anybody's goes further. */
const levelMax = 1_000_000;

export function rampOf<Workload extends JsonValue>(
  scenario: Scenario<Workload>,
  definition: RampDefinition<Workload>,
): Ramp {
  const { name, about = name, from = 1, to, promised = 0, workload, growthLevels, ...others } = definition;
  return {
    ...others,
    name,
    about,
    from,
    to,
    levelMax: Math.max(to, levelMax),
    promised,
    growthLevels: growthLevels ?? doublings(from, to),
    load: (level, seed) => ({ scenario, workload: workload(level, seed) }),
  };
}

function doublings(from: number, to: number): readonly number[] {
  const levels = [to / 8, to / 4, to / 2, to].map(Math.floor).filter((level) => level >= Math.max(1, from));
  return [...new Set(levels)];
}

/** @returns what is wrong with what should be a definition of ramps */
export function rampsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "must be a list of ramps";
  for (const [index, ramp] of (value as readonly unknown[]).entries()) {
    const problem = rampProblem(ramp);
    if (problem !== undefined) return `${index}: ${problem}`;
  }
  const names = (value as readonly { readonly name: string }[]).map(({ name }) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  return double === undefined ? undefined : `two are called ${double}`;
}

function rampProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "must be an object";
  const { name, unit, from = 1, to, promised = 0, workload } = value as Partial<RampDefinition<JsonValue>>;
  if (typeof name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(name))
    return "name: must be in kebab-case, as many-cards";
  if (typeof unit !== "string" || unit === "") return "unit: must be a text, as cards";
  if (!isLevel(from)) return "from: must be a whole number from 0";
  if (!isLevel(to) || to < from) return "to: must be a whole number, and not below from";
  if (!isLevel(promised)) return "promised: must be a whole number from 0";
  return typeof workload === "function" ? undefined : "workload: must be a function, as (level) => ({ cards: level })";
}

function isLevel(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

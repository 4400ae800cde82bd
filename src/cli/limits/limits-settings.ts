import type { LimitEdge, Ramp } from "../../limits/ramp.ts";
import { plainLine } from "../../report/plain-line.ts";
import { suggestName } from "../nearest-name.ts";
import { readInteger } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";

export interface LimitsFlags {
  readonly level?: string;
  readonly seed?: string;
  readonly seeds?: string;
  readonly rampMax?: string;
  readonly list?: boolean;
  readonly mutant?: string;
  /** Budgets are suggested, and nothing is loaded. */
  readonly suggest?: boolean;
  readonly headroom?: string;
  /** False for `--no-real`. */
  readonly real?: boolean;
  readonly markdown?: boolean;
  readonly json?: boolean;
}

export interface LimitsSettings {
  readonly seeds: number;
  readonly firstSeed: number;
  /** Highest level to look at, in place of each ramp's own. */
  readonly rampMax: number | undefined;
  /** One run of one ramp. */
  readonly level: number | undefined;
  readonly format: "text" | "markdown" | "json";
  readonly isReal: boolean;
}

/** What is tried: ramps are gone up, and edges tried on both sides. */
export interface Chosen {
  readonly ramps: readonly Ramp[];
  readonly edges: readonly LimitEdge[];
}

/** Explicit limits are named so among ramps. */
export const limitPrefix = "limit:";

const seedsMax = 10_000;

export function readSettings(flags: LimitsFlags): LimitsSettings {
  if (flags.json === true && flags.markdown === true) {
    throw new UsageError({
      what: "limits",
      why: "--json and --markdown were both given",
      fix: "leave one of them out",
    });
  }
  const whole = (option: string, text: string | undefined): number | undefined =>
    text === undefined ? undefined : readInteger(option, text, { min: 0, max: 1_000_000_000 });
  return {
    seeds: readInteger("--seeds", flags.seeds ?? "6", { min: 1, max: seedsMax }),
    firstSeed: readInteger("--seed", flags.seed ?? "0", { min: 0, max: Number.MAX_SAFE_INTEGER - seedsMax }),
    rampMax: whole("--ramp-max", flags.rampMax),
    level: whole("--level", flags.level),
    format: flags.json === true ? "json" : flags.markdown === true ? "markdown" : "text",
    isReal: flags.real !== false,
  };
}

/** Those of the names; all when there are none. */
export function choose(names: readonly string[], all: Chosen, { level, rampMax }: LimitsSettings): Chosen {
  const known = [...all.ramps.map(({ name }) => name), ...all.edges.map(({ name }) => `${limitPrefix}${name}`)];
  for (const name of names) if (!known.includes(name)) throw unknownName(name, known);
  const chosen = {
    ramps: names.length === 0 ? all.ramps : all.ramps.filter(({ name }) => names.includes(name)),
    edges: names.length === 0 ? all.edges : all.edges.filter(({ name }) => names.includes(`${limitPrefix}${name}`)),
  };
  if (level !== undefined) requireOneLevel(chosen, level);
  // Of all ramps, each goes as far as it can.
  if (rampMax !== undefined && names.length > 0) {
    for (const ramp of chosen.ramps) requireLevel(ramp, rampMax, "--ramp-max");
  }
  return chosen;
}

function unknownName(name: string, known: readonly string[]): UsageError {
  const suggestion = suggestName(name, known);
  return new UsageError({
    what: `ramp ${plainLine(name, 60)}`,
    why: "there is none of that name",
    fix: suggestion.startsWith("choose") ? "see limits --list" : suggestion,
  });
}

function requireOneLevel({ ramps, edges }: Chosen, level: number): void {
  const [ramp] = ramps;
  if (ramp === undefined || ramps.length > 1 || edges.length > 0) {
    throw new UsageError({
      what: `--level ${level}`,
      why: "a level is one of a single ramp",
      fix: "name one ramp, as limits stories-per-epic --level 21",
    });
  }
  requireLevel(ramp, level, "--level");
}

function requireLevel({ name, from, levelMax, unit }: Ramp, level: number, option: string): void {
  if (level >= from && level <= levelMax) return;
  throw new UsageError({
    what: `${option} ${level}`,
    why: `${name} goes from ${from} to ${levelMax} ${unit}`,
    fix: "choose a level between them",
  });
}

/** The highest level that the search comes to: on a step of the ramp. */
export function topOf({ from, to, levelMax, step = 1 }: Ramp, rampMax: number | undefined): number {
  if (rampMax === undefined) return to;
  const highest = Math.max(from, Math.min(rampMax, levelMax));
  return from + step * Math.floor((highest - from) / step);
}

import type { GrowthLaw } from "./growth-law.ts";
import type { FigureName } from "./figures.ts";
import type { LevelVerdict } from "./find-edges.ts";
import type { LimitVerdict } from "./try-limit.ts";

/** What `stormlane limits` found. Same system and same flags, same report, but for `real`. */
export interface LimitsReport {
  readonly version: 1;
  /** Nothing was found. */
  readonly ok: boolean;
  /** Most runs at a level. */
  readonly seeds: number;
  readonly firstSeed: number;
  readonly ramps: readonly RampReport[];
  readonly limits: readonly LimitReport[];
  /** Settings that stand among the limits and were not tried, with the reason. */
  readonly untried: Readonly<Record<string, string>>;
  readonly findings: readonly LimitFinding[];
  /** What this machine measured while it ran; other machines, and other days, give other figures. */
  readonly real?: readonly RealReport[];
}

export interface RampReport {
  readonly name: string;
  readonly about: string;
  readonly unit: string;
  /** The lowest and the highest level that were looked for. */
  readonly from: number;
  readonly to: number;
  /** At this level, and at all below it, everything must hold. */
  readonly promised: number;
  /** Absent when even the lowest level does not. */
  readonly holdsUpTo?: EdgeReport;
  /** Absent where nothing degrades before it breaks, or before the ramp ends. */
  readonly degradesFrom?: EdgeReport;
  /** Absent when nothing breaks before the ramp ends. */
  readonly breaksAt?: EdgeReport;
  /** A level held, though one below it did not. */
  readonly isMonotone: boolean;
  readonly levels: readonly LevelReport[];
  readonly growth: readonly GrowthReport[];
}

/** A level at which the verdict changes, and the run that shows it. */
export interface EdgeReport {
  readonly level: number;
  readonly runs: number;
  readonly seed: number;
  /** The invariant, the budget or the limit, in words; empty where it holds. */
  readonly why: string;
  /** Where it holds: more than this share of runs would fail only with a chance of 5 %. */
  readonly failureRateMax?: number;
  readonly command: string;
}

export interface LevelReport {
  readonly level: number;
  readonly verdict: LevelVerdict;
  readonly runs: number;
  /** Of the run that the verdict and its reason are from. */
  readonly seed: number;
  readonly why: string;
}

/** How a figure of a run grows with the load. */
export interface GrowthReport {
  readonly figure: FigureName;
  readonly unit: string;
  readonly law: GrowthLaw;
  /** The steepest one that the ramp allows; absent where it may do as it likes. */
  readonly allowed?: GrowthLaw;
  /** cost = base + perUnit * f(level). */
  readonly base: number;
  readonly perUnit: number;
  readonly relativeError: number;
  /** In the upper half: the cost grows with this power of the level. */
  readonly exponent: number;
  readonly points: readonly { readonly level: number; readonly cost: number }[];
  readonly candidates: readonly { readonly law: GrowthLaw; readonly relativeError: number }[];
}

/** An explicit limit of the system, tried on both sides of its edge. */
export interface LimitReport {
  /** As the command takes it. */
  readonly name: string;
  readonly limit: string;
  readonly about: string;
  readonly unit: string;
  readonly command: string;
  /** What it was set to, and a run that needs no more than that. */
  readonly within: LimitSide;
  /** The same, and a run that needs more. */
  readonly beyond: LimitSide;
  readonly verdict: LimitVerdict;
}

export interface LimitSide {
  readonly limitIs: number;
  readonly isHeldBack: boolean;
  /** What the run said of it; empty where it said nothing. */
  readonly why: string;
}

export type FindingKind =
  /** It breaks below the load that is promised. */
  | "breaks-early"
  /** It is held back, or over a budget, below the load that is promised. */
  | "degrades-early"
  /** A figure grows faster than its load allows. */
  | "growth"
  /** A run comes to no end. */
  | "no-end"
  /** Cards make cards make cards, or calls wait for calls wait for calls. */
  | "recursion"
  | "unenforced-limit"
  | "silent-limit"
  | "premature-limit"
  /** What this machine measured: memory that is never given back. */
  | "memory";

export interface LimitFinding {
  readonly kind: FindingKind;
  /** One sentence. */
  readonly title: string;
  /** Of the ramp or the explicit limit that shows it. */
  readonly of: string;
  readonly why: string;
  /** Figures and points, in words. */
  readonly evidence: string;
  readonly seed: number;
  /** Shows it again. */
  readonly command: string;
}

/** By processor time and memory of this machine. */
export interface RealReport {
  readonly ramp: string;
  readonly figure: "cpuMs" | "cpuMsPerVirtualHour" | "heapBytes";
  readonly law: GrowthLaw;
  readonly perUnit: number;
  readonly unit: string;
  readonly points: readonly { readonly level: number; readonly cost: number }[];
}

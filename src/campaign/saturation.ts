import { assert } from "../base/assert.ts";
import { unseenMass, type ShareInterval } from "./saturation-interval.ts";
import type { TimelineColumn } from "./timeline-column.ts";

/** How far a search has come, by the timelines of its runs. Plain data. */
export interface Progress {
  /** Whose timelines were taken. */
  readonly runs: number;
  /** An estimate where it is not exact. */
  readonly distinctTimelines: number;
  /** Whether all timelines could be kept. */
  readonly isExact: boolean;
  /** The chance that the next run has a new timeline. */
  readonly unseenMass: ShareInterval;
  /** How many of the last `of` runs had a timeline that no earlier one had. */
  readonly latest: { readonly of: number; readonly distinct: number };
  /** Runs until the next new timeline: `null` where there may be none. */
  readonly nextNewRuns: { readonly estimate: number | null; readonly low: number; readonly high: number | null };
  /** `open`: too few runs to tell. */
  readonly state: "growing" | "open" | "saturated";
  /** How many were distinct after so many runs: about four points for each doubling, and the last. */
  readonly curve: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly runs: number;
  readonly distinct: number;
}

/** Of a campaign as a whole, and of each strategy's own runs. */
export interface CampaignProgress extends Progress {
  readonly strategies: readonly (Progress & { readonly strategy: string })[];
}

/**
 * Counts the timelines of a campaign. Show it the runs in order of seeds: only the curve and the latest runs depend on
 * the order as long as all timelines are kept.
 */
export class CampaignSaturation {
  private readonly whole = new Saturation();
  private readonly byStrategy = new Map<string, Saturation>();

  add({ fingerprints, strategies }: TimelineColumn): void {
    fingerprints.forEach((fingerprint, index) => this.addRun(fingerprint, strategies[index]!));
  }

  progress(): CampaignProgress {
    const strategies = [...this.byStrategy]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([strategy, saturation]) => ({ strategy, ...saturation.progress() }));
    return { ...this.whole.progress(), strategies };
  }

  private addRun(fingerprint: string, strategy: string): void {
    this.whole.add(fingerprint);
    let own = this.byStrategy.get(strategy);
    if (own === undefined) this.byStrategy.set(strategy, (own = new Saturation({ keptMax: ownTimelinesKeptMax })));
    own.add(fingerprint);
  }
}

/**
 * Counts distinct timelines in bounded memory. Once there are too many to keep, only those whose hash falls into a half,
 * a quarter and so on of all hashes are kept, and stand for the others: adaptive sampling, Flajolet, Computing 43 (1990).
 */
export class Saturation {
  /** How often each of those that are kept was seen. */
  private readonly seen = new Map<string, number>();
  private readonly keptMax: number;
  private readonly latest: Int32Array;
  private readonly points: CurvePoint[] = [];
  private nextPoint = 1;
  private runs = 0;
  private distinct = 0;
  private once = 0;
  private twice = 0;
  /** Each that is kept stands for 2 to the power of `level`. */
  private level = 0;

  constructor({ keptMax = timelinesKeptMax, latestMax = latestRunsMax } = {}) {
    assert(keptMax >= 1 && latestMax >= 1, "there is something to keep");
    this.keptMax = keptMax;
    this.latest = new Int32Array(latestMax);
  }

  /** @param fingerprint as 16 hexadecimal digits that any timeline has with the same chance */
  add(fingerprint: string): void {
    this.latest[this.runs % this.latest.length] = this.count(fingerprint);
    this.runs++;
    if (this.runs < this.nextPoint) return;
    this.points.push({ runs: this.runs, distinct: this.distinct });
    this.nextPoint = Math.max(this.runs + 1, Math.round(2 ** (this.points.length / pointsPerDoubling)));
  }

  progress(): Progress {
    const { runs, distinct } = this;
    const weight = 2 ** this.level;
    const mass = unseenMass({
      runs,
      once: Math.min(runs, this.once * weight),
      twice: Math.min(Math.floor(runs / 2), this.twice * weight),
    });
    const latestRuns = Math.min(runs, this.latest.length);
    return {
      runs,
      distinctTimelines: distinct,
      isExact: this.level === 0,
      unseenMass: mass,
      latest: { of: latestRuns, distinct: Math.min(latestRuns, sumOf(this.latest)) },
      nextNewRuns: { estimate: runsUntil(mass.estimate), low: 1 / mass.high, high: runsUntil(mass.low) },
      state: stateOf(mass),
      curve: this.points.at(-1)?.runs === runs || runs === 0 ? [...this.points] : [...this.points, { runs, distinct }],
    };
  }

  /** @returns how many new timelines this one stands for */
  private count(fingerprint: string): number {
    if (!this.isKept(fingerprint)) return 0;
    const before = this.seen.get(fingerprint) ?? 0;
    this.seen.set(fingerprint, before + 1);
    if (before === 1) {
      this.once--;
      this.twice++;
    }
    if (before === 2) this.twice--;
    if (before > 0) return 0;
    const weight = 2 ** this.level;
    this.once++;
    this.distinct += weight;
    if (this.seen.size > this.keptMax) this.keepHalf();
    return weight;
  }

  private isKept(fingerprint: string): boolean {
    return this.level === 0 || Number.parseInt(fingerprint.slice(0, 8), 16) < 2 ** (32 - this.level);
  }

  private keepHalf(): void {
    this.level++;
    for (const fingerprint of this.seen.keys()) if (!this.isKept(fingerprint)) this.seen.delete(fingerprint);
    this.once = 0;
    this.twice = 0;
    for (const times of this.seen.values()) {
      if (times === 1) this.once++;
      if (times === 2) this.twice++;
    }
  }
}

function runsUntil(mass: number): number | null {
  return mass === 0 ? null : 1 / mass;
}

function stateOf({ low, high }: ShareInterval): Progress["state"] {
  if (high <= saturatedMassMax) return "saturated";
  return low > saturatedMassMax ? "growing" : "open";
}

function sumOf(weights: Int32Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}

const timelinesKeptMax = 65_536;
/** Of one strategy's runs. */
const ownTimelinesKeptMax = 16_384;
const latestRunsMax = 1_000;
/** More seeds no longer help when fewer than one in a hundred runs shows anything new. */
const saturatedMassMax = 0.01;
const pointsPerDoubling = 4;

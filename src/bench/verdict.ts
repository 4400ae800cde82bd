import { mannWhitneyP } from "./mann-whitney.ts";
import { summarise } from "./sample-summary.ts";
import { welchTest } from "./welch-test.ts";

/** Values of one metric, in its unit. */
export interface Metric {
  /** As `ns`, `calls`, `bytes`, `runs`, `virtualMs`. */
  readonly unit: string;
  /** Whether the same code gives the same values on every machine: then any change is one of the code. */
  readonly isDeterministic: boolean;
  readonly samples: readonly number[];
}

export type Metrics = Readonly<Record<string, Metric>>;

/**
 * When a change counts. Each edge may be left out, and then does not count.
 *
 * | edge | counts when |
 * |---|---|
 * | `commentPct`, `failPct` | the median got worse by so many percent **or more** (>=) |
 * | `failP95` | the 95th percentile lies **above** it (>), in the metric's unit |
 * | `floor` | with the percentages: the median got worse by **more** than it (>), in the metric's unit |
 * | `pMax` | with the percentages: `chanceP` lies **below** it (<); not asked of deterministic metrics |
 */
export interface Threshold {
  readonly worse: "higher" | "lower";
  readonly commentPct?: number;
  readonly failPct?: number;
  readonly failP95?: number;
  readonly floor?: number;
  readonly pMax?: number;
}

export type Thresholds = (name: string, metric: Metric) => Threshold;

/**
 * Over 20 %, significant, and more than 20 ns for an operation: benchmarks repeat short ones a hundred times and more, and less
 * than some microseconds a clock cannot tell.
 */
export const wallClockThreshold: Threshold = {
  worse: "higher",
  commentPct: 10,
  failPct: 20,
  floor: 20,
  pMax: 0.05,
};

/** Counts, bytes and virtual time: what a machine cannot blur. */
export const deterministicThreshold: Threshold = { worse: "higher", commentPct: 1, failPct: 20, floor: 0 };

export interface VerdictItem {
  readonly metric: string;
  readonly level: "comment" | "fail";
  readonly reason: string;
}

/** `comment`: somebody should look. `invalid`: there is nothing to judge. */
export type Verdict =
  | { readonly kind: "ok" }
  | { readonly kind: "comment"; readonly items: readonly VerdictItem[] }
  | { readonly kind: "fail"; readonly items: readonly VerdictItem[] }
  | { readonly kind: "invalid"; readonly why: string };

/**
 * Judges what was measured against a baseline. Pure. A metric that vanished fails, since its gate would be gone without a
 * word; a new one is a comment until the baseline has it.
 */
export function evaluate(measured: Metrics, baseline: Metrics, thresholds: Thresholds): Verdict {
  const names = Object.keys(measured).toSorted();
  if (names.length === 0) return { kind: "invalid", why: "nothing was measured" };
  const items: VerdictItem[] = [];
  for (const name of names) {
    const now = measured[name]!;
    if (now.samples.length === 0 || !now.samples.every(Number.isFinite)) {
      return { kind: "invalid", why: `${name}: no samples, or such that are no numbers` };
    }
    const before = baseline[name];
    if (before === undefined) {
      items.push({ metric: name, level: "comment", reason: "is new: the baseline does not have it" });
    } else if (before.unit !== now.unit) {
      return { kind: "invalid", why: `${name}: measured in ${now.unit}, the baseline has ${before.unit}` };
    } else if (before.samples.length === 0) {
      return { kind: "invalid", why: `${name}: the baseline has no samples` };
    } else {
      const item = judge(name, now, before, thresholds(name, now));
      if (item !== undefined) items.push(item);
    }
  }
  for (const name of Object.keys(baseline).toSorted()) {
    if (measured[name] !== undefined) continue;
    items.push({ metric: name, level: "fail", reason: "has vanished: the baseline has it, and it was not measured" });
  }
  if (items.length === 0) return { kind: "ok" };
  return { kind: items.some(({ level }) => level === "fail") ? "fail" : "comment", items };
}

function judge(name: string, now: Metric, before: Metric, threshold: Threshold): VerdictItem | undefined {
  const { p50, p95 } = summarise(now.samples);
  const { failP95 } = threshold;
  if (failP95 !== undefined && p95 > failP95) {
    const reason = `its 95th percentile is ${p95} ${now.unit}, above ${failP95}`;
    return { metric: name, level: "fail", reason };
  }
  const { worsening, pct } = change(now, before, threshold);
  if (worsening <= (threshold.floor ?? 0)) return undefined;
  const isNoise = !now.isDeterministic && chanceP(before.samples, now.samples) >= (threshold.pMax ?? 1);
  if (isNoise) return undefined;
  const reason = `${p50} ${now.unit} instead of ${summarise(before.samples).p50}: ${percentText(pct)} worse`;
  // From nothing to something has no percentage, and is more than any.
  if (threshold.failPct !== undefined && pct >= threshold.failPct) return { metric: name, level: "fail", reason };
  if (threshold.commentPct !== undefined && pct >= threshold.commentPct) {
    return { metric: name, level: "comment", reason };
  }
  return undefined;
}

/**
 * Chance that so much of a difference is none: the smaller p of Welch's test and of Mann and Whitney's, twice, for asking two
 * (Bonferroni). The first needs few samples, and one wild sample blinds it; the second is the other way round.
 */
export function chanceP(before: readonly number[], now: readonly number[]): number {
  return Math.min(1, 2 * Math.min(welchTest(before, now).p, mannWhitneyP(before, now)));
}

/** Of the medians. `pct` is infinite where the baseline is 0. */
export function change(now: Metric, before: Metric, { worse }: Threshold): { worsening: number; pct: number } {
  const nowP50 = summarise(now.samples).p50;
  const beforeP50 = summarise(before.samples).p50;
  const worsening = worse === "higher" ? nowP50 - beforeP50 : beforeP50 - nowP50;
  if (beforeP50 === 0) return { worsening, pct: worsening > 0 ? Number.POSITIVE_INFINITY : 0 };
  return { worsening, pct: (100 * worsening) / Math.abs(beforeP50) };
}

function percentText(pct: number): string {
  return Number.isFinite(pct) ? `${Math.round(pct * 10) / 10} %` : "from nothing, so more than any percentage";
}

import { summarise } from "./sample-summary.ts";
import type { Metrics } from "./verdict.ts";

/** A sentence somebody wrote of a change: a metric, and by how many percent it moved at least. */
export interface Claim {
  readonly metric: string;
  /** As written: -60 claims that the median fell by 60 % or more, +10 that it rose by 10 % or more. */
  readonly percent: number;
}

/** `kanboard calls per idle poll -60 %`: the name of a metric, then a signed percentage. @returns nothing for another sentence */
export function parseClaim(text: string): Claim | undefined {
  const [, metric, sign, digits] = /^(.+?)\s+([+-])(\d{1,6}(?:\.\d{1,3})?)\s*%$/.exec(text.trim()) ?? [];
  if (metric === undefined) return undefined;
  return { metric, percent: Number(digits) * (sign === "-" ? -1 : 1) };
}

export type ClaimResult =
  | { readonly kind: "true" | "false"; readonly measuredPercent: number }
  | { readonly kind: "unknown"; readonly why: string };

/** Holds a claim against two measurements. */
export function checkClaim({ metric, percent }: Claim, before: Metrics, after: Metrics): ClaimResult {
  const [left, right] = [before[metric], after[metric]];
  if (left === undefined || right === undefined) {
    return { kind: "unknown", why: `${left === undefined ? "the first" : "the second"} measurement has no ${metric}` };
  }
  if (left.unit !== right.unit) return { kind: "unknown", why: `measured in ${left.unit}, then in ${right.unit}` };
  const beforeP50 = summarise(left.samples).p50;
  if (beforeP50 === 0) return { kind: "unknown", why: "it was 0: there is no percentage of that" };
  const measuredPercent = (100 * (summarise(right.samples).p50 - beforeP50)) / Math.abs(beforeP50);
  const isTrue = percent < 0 ? measuredPercent <= percent : measuredPercent >= percent;
  return { kind: isTrue ? "true" : "false", measuredPercent };
}

import { assert } from "../base/assert.ts";

/** How long something took, or how long it was watched without coming to its end. */
export interface Duration {
  /** Any unit, >= 0. */
  readonly length: number;
  /** False: it was given up then, and would have taken longer. */
  readonly isOver: boolean;
}

/** From this length on, the share that is estimated to last longer. */
export interface SurvivalStep {
  readonly length: number;
  readonly share: number;
}

/**
 * The estimated share that lasts longer than each length at which something was over. Source: Kaplan and Meier,
 * "Nonparametric Estimation from Incomplete Observations", JASA 1958.
 */
export function survivalCurve(durations: readonly Duration[]): SurvivalStep[] {
  const steps: SurvivalStep[] = [];
  let share = 1;
  for (const { length, over, atRisk } of deathTable(durations)) {
    if (over === 0) continue;
    share *= 1 - over / atRisk;
    steps.push({ length, share });
  }
  return steps;
}

/**
 * The mean of the durations when each counts up to the horizon at most: the area under the survival curve.
 *
 * @param horizon what was given up must have been watched as long, or its group's curve is extended as it stands
 */
export function restrictedMean(durations: readonly Duration[], horizon: number): number {
  assert(durations.length > 0, "a mean needs a value");
  assert(horizon > 0, "a horizon lies ahead");
  let area = 0;
  let from = 0;
  let share = 1;
  for (const step of survivalCurve(durations)) {
    if (step.length >= horizon) break;
    area += share * (step.length - from);
    from = step.length;
    share = step.share;
  }
  return area + share * (horizon - from);
}

export interface DeathTableRow {
  readonly length: number;
  /** How many were over at this length. */
  readonly over: number;
  /** How many had lasted until then. */
  readonly atRisk: number;
}

/** By length, each once. What is given up at a length was still at risk there. */
export function deathTable(durations: readonly Duration[]): DeathTableRow[] {
  const sorted = durations.toSorted((left, right) => left.length - right.length);
  const rows: DeathTableRow[] = [];
  for (let index = 0; index < sorted.length;) {
    const { length } = sorted[index]!;
    const atRisk = sorted.length - index;
    let over = 0;
    for (; sorted[index]?.length === length; index++) if (sorted[index]!.isOver) over++;
    rows.push({ length, over, atRisk });
  }
  return rows;
}

import type { HistoryEvent } from "../../../history/event.ts";

/** Where each event stands on the axis, in pixels at zoom 1, and where idle time is folded away. */
export interface TimeAxis {
  /** By event, ascending: each has room of its own, also where many happen at one time. */
  readonly xs: Float64Array;
  /** Idle spans that are drawn as a fold, ascending. */
  readonly folds: readonly Fold[];
  readonly width: number;
}

export interface Fold {
  /** The event after the idle span. */
  readonly before: number;
  readonly idleUs: number;
}

/**
 * The axis is not linear: a run does nothing for minutes and then twenty things in a millisecond. Distances grow with the
 * logarithm of the time between two events; from one second on the time is folded.
 */
export function timeAxis(events: readonly HistoryEvent[]): TimeAxis {
  const xs = new Float64Array(events.length);
  const folds: Fold[] = [];
  let x = marginPx;
  for (const [index, { atUs }] of events.entries()) {
    const sinceUs = index === 0 ? 0 : atUs - events[index - 1]!.atUs;
    if (sinceUs >= foldFromUs) folds.push({ before: index, idleUs: sinceUs });
    if (index > 0) x += sinceUs >= foldFromUs ? foldPx : gapPx(sinceUs);
    xs[index] = x;
  }
  return { xs, folds, width: x + marginPx };
}

function gapPx(sinceUs: number): number {
  return Math.min(gapPxMax, gapPxMin + 3 * Math.log2(1 + sinceUs / 100));
}

/** The last event at or left of a place; 0 when there is none. */
export function eventAt(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

const marginPx = 24;
const gapPxMin = 11;
const gapPxMax = 40;
const foldPx = 84;
const foldFromUs = 1_000_000;

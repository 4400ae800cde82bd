import { markup, type Markup } from "../page/markup.ts";
import type { Saturation } from "./campaign-document.ts";
import { shortNumber } from "./words.ts";

const width = 320;
const height = 170;
const plot = { left: 46, right: width - 12, top: 10, bottom: height - 24 };

/**
 * How many timelines were distinct after so many runs. The dashed line is what it would be were each run's a new one: a
 * curve that leaves it and turns flat is saturated.
 */
export function saturationCurve(name: string, { curve, distinctTimelines, runs }: Saturation): Markup {
  const runsMax = niceAbove(Math.max(1, runs));
  const distinctMax = niceAbove(Math.max(1, distinctTimelines));
  const x = (value: number): number => round(plot.left + ((plot.right - plot.left) * value) / runsMax);
  const y = (value: number): number => round(plot.bottom - ((plot.bottom - plot.top) * value) / distinctMax);
  const points = [{ runs: 0, distinct: 0 }, ...curve].map((point) => `${x(point.runs)},${y(point.distinct)}`);
  const last = curve.at(-1) ?? { runs: 0, distinct: 0 };
  const everyRunNew = Math.min(runsMax, distinctMax);
  return markup`<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}: ${shortNumber(distinctTimelines)} distinct timelines after ${shortNumber(runs)} runs">
${[0, 0.5, 1].map(
  (
    share,
  ) => markup`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y(share * distinctMax)}" y2="${y(share * distinctMax)}"/>
<text class="tick end" x="${plot.left - 6}" y="${y(share * distinctMax) + 4}">${tickText(share * distinctMax)}</text>
<text class="tick ${share === 1 ? "end" : "middle"}" x="${x(share * runsMax)}" y="${height - 8}">${tickText(share * runsMax)}${share === 1 ? " runs" : ""}</text>`,
)}
<line class="bound" x1="${x(0)}" y1="${y(0)}" x2="${x(everyRunNew)}" y2="${y(everyRunNew)}"/>
<polyline class="line" points="${points.join(" ")}"/>
<circle class="end-point" cx="${x(last.runs)}" cy="${y(last.distinct)}" r="3.5"/>
</svg>`;
}

/** The smallest of 1, 2, 3, 4, 5, 6, 8 or 10 times a power of ten that is at least `value`. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value)!;
}

function tickText(value: number): string {
  return value < 1_000 ? String(value) : shortNumber(value);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

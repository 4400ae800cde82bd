import { assert } from "../../base/assert.ts";
import { spanKinds, type Span, type SpanKind } from "./span.ts";

/** Milliseconds by what they were spent on; `own` is when nothing was waited for. They sum to the length of the period. */
export type TimeByKind = Readonly<Record<SpanKind | "own", number>>;

/**
 * Where the time of one task went. Of operations that overlap, a moment belongs to the one that began last: it is what the
 * task came to wait for. A pause counts only when nothing else is pending: beside an operation it is its time limit.
 *
 * @param spans of this task alone; parts outside of the period do not count
 */
export function timeByKind(
  spans: readonly Span[],
  period: { readonly startMs: number; readonly endMs: number },
): TimeByKind {
  assert(period.startMs <= period.endMs, "a period does not end before it begins");
  const spent: Record<SpanKind | "own", number> = { own: 0, ...zeroes() };
  const moments = new Set([period.startMs, period.endMs]);
  for (const { startMs, endMs } of spans) {
    for (const atMs of [startMs, endMs]) if (atMs > period.startMs && atMs < period.endMs) moments.add(atMs);
  }
  const isPause = ({ kind }: Span): number => (kind === "wait" ? 1 : 0);
  const latestFirst = spans.toSorted(
    (left, right) => isPause(left) - isPause(right) || right.startMs - left.startMs || right.requestId - left.requestId,
  );
  const ordered = [...moments].toSorted((left, right) => left - right);
  for (const [index, endMs] of ordered.entries()) {
    const startMs = ordered[index - 1];
    if (startMs === undefined) continue;
    const pending = latestFirst.find((span) => span.startMs <= startMs && span.endMs >= endMs);
    spent[pending?.kind ?? "own"] += endMs - startMs;
  }
  return spent;
}

function zeroes(): Record<SpanKind, number> {
  return Object.fromEntries(spanKinds.map((kind) => [kind, 0])) as Record<SpanKind, number>;
}

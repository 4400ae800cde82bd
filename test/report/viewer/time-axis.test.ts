import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { SpanIndex } from "../../../src/report/viewer/page/span-index.ts";
import type { Span } from "../../../src/report/viewer/page/run.ts";
import { eventAt, timeAxis } from "../../../src/report/viewer/page/time-axis.ts";

const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(1_000), fc.nat(100_000_000)), { minLength: 1 });

function eventsAt(gapsUs: readonly number[]): HistoryEvent[] {
  let atUs = 0;
  return gapsUs.map((gapUs) => {
    atUs += gapUs;
    return { kind: "process", atUs, process: "a", incarnation: 0, what: "start", reason: "" };
  });
}

describe("the axis of time", () => {
  test("gives each event room of its own, in order, and no gap that is worth a screen", () => {
    fc.assert(
      fc.property(gaps, (gapsUs) => {
        const { xs, width } = timeAxis(eventsAt(gapsUs));
        for (let index = 1; index < xs.length; index++) {
          expect(xs[index]! - xs[index - 1]!).toBeGreaterThan(8);
          expect(xs[index]! - xs[index - 1]!).toBeLessThan(100);
        }
        expect(width).toBeGreaterThan(xs.at(-1)!);
      }),
    );
  });

  test("folds idle time from one second on, and says how much", () => {
    fc.assert(
      fc.property(gaps, (gapsUs) => {
        const { folds } = timeAxis(eventsAt(gapsUs));
        const idle = gapsUs.flatMap((gapUs, index) =>
          index > 0 && gapUs >= 1_000_000 ? [{ before: index, idleUs: gapUs }] : [],
        );
        expect(folds).toEqual(idle);
      }),
    );
  });

  test("finds the event at a place", () => {
    fc.assert(
      fc.property(gaps, fc.nat(), (gapsUs, number) => {
        const { xs } = timeAxis(eventsAt(gapsUs));
        const index = number % xs.length;
        expect(eventAt(xs, xs[index]!)).toBe(index);
        expect(eventAt(xs, xs[index]! + 1)).toBe(index);
      }),
    );
  });
});

test("the operations under way between two events are those that began before its end and ended after its start", () => {
  const events = 2_000;
  const span = fc
    .tuple(fc.nat(events - 1), fc.nat(events - 1))
    .map(([left, right]) => ({ sent: Math.min(left, right), last: Math.max(left, right) }) as Span);
  fc.assert(
    fc.property(fc.array(span), fc.nat(events - 1), fc.nat(400), (spans, from, length) => {
      const to = Math.min(events - 1, from + length);
      const expected = spans.flatMap(({ sent, last }, index) => (sent <= to && last >= from ? [index] : []));
      const found = new SpanIndex(spans, events).overlapping(from, to);
      expect(found.toSorted((left, right) => left - right)).toEqual(expected);
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { saturationCurve } from "../../../src/report/campaign-page/saturation-curve.ts";
import { saturationOf } from "./documents.ts";

const curves = fc
  .array(fc.record({ runs: fc.integer({ min: 1, max: 1e7 }), isNew: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    const points: { readonly runs: number; readonly distinct: number }[] = [];
    let [runs, distinct] = [0, 0];
    for (const step of steps) {
      runs += step.runs;
      distinct += Math.round(step.runs * step.isNew);
      points.push({ runs, distinct });
    }
    return points;
  });

test("stays inside its frame and never goes down, for every search", () => {
  fc.assert(
    fc.property(curves, (curve) => {
      const { runs, distinct } = curve.at(-1)!;
      const { text } = saturationCurve("a", { ...saturationOf("growing"), curve, runs, distinctTimelines: distinct });
      const [, points] = /polyline class="line" points="([^"]*)"/.exec(text)!;
      const places = points!.split(" ").map((pair) => pair.split(",").map(Number) as [number, number]);
      expect(places).toHaveLength(curve.length + 1);
      for (const [index, [x, y]] of places.entries()) {
        expect(x).toBeGreaterThanOrEqual(46);
        expect(x).toBeLessThanOrEqual(308);
        expect(y).toBeGreaterThanOrEqual(10);
        expect(y).toBeLessThanOrEqual(146);
        if (index > 0) {
          expect(x).toBeGreaterThanOrEqual(places[index - 1]![0]);
          expect(y).toBeLessThanOrEqual(places[index - 1]![1]);
        }
      }
    }),
  );
});

test("says in words what it shows", () => {
  expect(saturationCurve("timeouts", saturationOf("growing")).text).toContain(
    `aria-label="timeouts: 300 distinct timelines after 2,000 runs"`,
  );
});

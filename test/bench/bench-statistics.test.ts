import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { percentile, summarise } from "../../src/bench/sample-summary.ts";
import { incompleteBeta, twoSidedP } from "../../src/bench/student-t.ts";
import { welchTest } from "../../src/bench/welch-test.ts";

const samples = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

describe("a summary", () => {
  test("gives percentiles by the nearest rank", () => {
    const { p50, p95, p99, min, max } = summarise([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect({ p50, p95, p99, min, max }).toEqual({ p50: 5, p95: 10, p99: 10, min: 1, max: 10 });
    expect(percentile([15, 20, 35, 40, 50], 40)).toBe(20);
    expect(
      percentile(
        Array.from({ length: 100 }, (_, index) => index + 1),
        7,
      ),
    ).toBe(7);
  });

  test("takes a percentile that so many values do not exceed, and no smaller one does", () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const sorted = values.toSorted((left, right) => left - right);
        const value = percentile(sorted, percent);
        const upTo = (limit: number): number => sorted.filter((each) => each <= limit).length;
        const below = sorted.filter((each) => each < value);
        expect(100 * upTo(value)).toBeGreaterThanOrEqual(percent * sorted.length);
        expect(100 * below.length).toBeLessThan(percent * sorted.length);
      }),
    );
  });

  test("divides by n - 1, and knows no deviation of a single value", () => {
    expect(summarise([2, 4, 4, 4, 5, 5, 7, 9]).standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(summarise([3])).toMatchObject({ standardDeviation: undefined, p50: 3, p99: 3, outliers: [] });
  });

  test("shows outliers, and keeps them", () => {
    const values = [...Array.from({ length: 99 }, (_, index) => 10 + (index % 3)), 1_000];
    expect(summarise(values)).toMatchObject({ outliers: [1_000], max: 1_000, count: 100, p99: 12 });
    expect(summarise([...values, 1_000])).toMatchObject({ p99: 1_000, medianAbsoluteDeviation: 1 });
  });
});

/** The density of Student's distribution, integrated by Simpson's rule over t = u / (1 - u). */
function tailByIntegration(t: number, df: number): number {
  const density = (x: number): number => (1 + (x * x) / df) ** (-(df + 1) / 2);
  const integral = (from: number): number => {
    const f = (u: number): number => (u === 1 ? 0 : density(from + u / (1 - u)) / (1 - u) ** 2);
    const intervals = 200_000;
    let sum = f(0) + f(1);
    for (let index = 1; index < intervals; index++) sum += (index % 2 === 0 ? 2 : 4) * f(index / intervals);
    return sum / (3 * intervals);
  };
  return integral(t) / integral(0);
}

describe("Student's distribution", () => {
  test.for([0.1, 0.5, 1, 2.5, 12.706, 300])("has the closed forms of 1, 2 and 4 degrees at %d", (t) => {
    const cosine = (df: number): number => 1 / Math.sqrt(1 + (t * t) / df);
    const sine = (df: number): number => Math.sqrt(1 - cosine(df) ** 2);
    expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    expect(twoSidedP(t, 2)).toBeCloseTo(1 - sine(2), 12);
    expect(twoSidedP(t, 4)).toBeCloseTo(1 - sine(4) * (1 + cosine(4) ** 2 / 2), 12);
  });

  test.for([
    [2.1, 3.2],
    [7.6, 2.5],
    [33.3, 1.1],
    [120, 0.4],
  ])("is what its density integrates to, with %d degrees at %d", ([df, t]) => {
    expect(twoSidedP(t!, df!)).toBeCloseTo(tailByIntegration(t!, df!), 7);
  });

  test.for([
    [10, 2.228138851964939],
    [2, 4.302652729911275],
    [30, 2.0422724563012373],
  ])("has the 5 %% point of the tables for %d degrees", ([df, t]) => {
    expect(twoSidedP(t!, df!)).toBeCloseTo(0.05, 10);
  });

  test("mirrors", () => {
    const shape = fc.double({ min: 0.1, max: 200, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 1e-5, max: 1 - 1e-5, noNaN: true }), shape, shape, (x, a, b) => {
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe("Welch's test", () => {
  test("gives t and the degrees of freedom of a worked example", () => {
    const { t, degreesOfFreedom, p } = welchTest([1, 2, 3], [2, 4, 6]);
    // By hand: means 2 and 4, variances of the means 1/3 and 4/3.
    expect(t).toBeCloseTo(2 / Math.sqrt(5 / 3), 12);
    expect(degreesOfFreedom).toBeCloseTo(50 / 17, 12);
    expect(p).toBeCloseTo(twoSidedP(t, degreesOfFreedom!), 12);
  });

  test("compares constants exactly", () => {
    expect(welchTest([10, 10, 10], [15, 15]).p).toBe(0);
    expect(welchTest([10], [10, 10]).p).toBe(1);
  });

  test("says nothing of a single value beside such that vary", () => {
    expect(welchTest([10], [14, 15, 16]).p).toBe(1);
  });

  test("does not depend on the order of the groups, but for the sign", () => {
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const one = welchTest(first, second);
        const other = welchTest(second, first);
        expect(other.p).toBeCloseTo(one.p, 9);
        if (Number.isFinite(one.t)) expect(other.t).toBeCloseTo(-one.t, 6);
      }),
    );
  });

  test("is wrong about equal groups as often as it says", () => {
    // Sums of twelve uniform numbers are nearly normal; a generator of its own keeps this repeatable.
    let state = 1;
    const uniform = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return state / 0x8000_0000;
    };
    const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    const group = (count: number): number[] => Array.from({ length: count }, normal);
    const alarms = Array.from({ length: 4_000 }, () => welchTest(group(3), group(8)).p).filter((p) => p < 0.05).length;
    expect(alarms / 4_000).toBeGreaterThan(0.03);
    expect(alarms / 4_000).toBeLessThan(0.07);
  });
});

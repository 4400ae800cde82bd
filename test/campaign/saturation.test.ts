import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digest64 } from "../../src/base/digest.ts";
import { CampaignSaturation, Saturation, type Progress } from "../../src/campaign/saturation.ts";
import { hitRate, unseenMass } from "../../src/campaign/saturation-interval.ts";
import { Stream } from "../../src/explore/strategies/stream.ts";

/** A timeline for each number, and where it is shown to a campaign. */
function fingerprintOf(species: number): string {
  return digest64(`timeline ${species}`);
}

function progressOf(species: readonly number[], keptMax?: number): Progress {
  const saturation = new Saturation(keptMax === undefined ? {} : { keptMax });
  for (const each of species) saturation.add(fingerprintOf(each));
  return saturation.progress();
}

const runs = fc.array(fc.nat(30), { minLength: 1, maxLength: 200 });

describe("a campaign's timelines", () => {
  test("are counted each once, in whatever order they come", () => {
    fc.assert(
      fc.property(
        runs.chain((species) =>
          fc.tuple(fc.constant(species), fc.shuffledSubarray(species, { minLength: species.length })),
        ),
        ([species, shuffled]) => {
          const one = progressOf(species);
          const other = progressOf(shuffled);
          expect(one.distinctTimelines).toBe(new Set(species).size);
          expect({ ...one, curve: [], latest: undefined }).toEqual({ ...other, curve: [], latest: undefined });
          expect(one.curve.at(-1)).toEqual(other.curve.at(-1));
        },
      ),
    );
  });

  test("come to the same however the runs are cut into chunks", () => {
    const chunks = fc.array(fc.array(fc.tuple(fc.nat(30), fc.constantFrom("pct", "surw", "sweep"))), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, (parts) => {
        const columnOf = (part: readonly (readonly [number, string])[]) => ({
          fingerprints: part.map(([species]) => fingerprintOf(species)),
          strategies: part.map(([, strategy]) => strategy),
        });
        const chunked = new CampaignSaturation();
        for (const part of parts) chunked.add(columnOf(part));
        const atOnce = new CampaignSaturation();
        atOnce.add(columnOf(parts.flat()));
        expect(chunked.progress()).toEqual(atOnce.progress());
      }),
    );
  });

  test("are counted for each strategy apart as well", () => {
    const saturation = new CampaignSaturation();
    saturation.add({ fingerprints: [1, 1, 2, 3].map(fingerprintOf), strategies: ["surw", "pct", "surw", "surw"] });
    const { distinctTimelines, strategies } = saturation.progress();
    expect(distinctTimelines).toBe(3);
    expect(strategies.map((each) => [each.strategy, each.runs, each.distinctTimelines])).toEqual([
      ["pct", 1, 1],
      ["surw", 3, 3],
    ]);
  });

  test("make a curve that never falls, has few points, and ends at the last run", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 5_000 }), (count, species) => {
        const stream = new Stream(count, species);
        const { curve } = progressOf(Array.from({ length: count }, () => stream.below(species)));
        expect(curve.length).toBeLessThanOrEqual(20 + 4 * Math.ceil(Math.log2(count + 1)));
        expect(curve.at(-1)!.runs).toBe(count);
        for (const [index, point] of curve.slice(1).entries()) {
          expect(point.runs).toBeGreaterThan(curve[index]!.runs);
          expect(point.distinct).toBeGreaterThanOrEqual(curve[index]!.distinct);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("of which there are too many to keep are estimated from those that are kept", () => {
    const stream = new Stream(7, 7);
    const species = Array.from({ length: 40_000 }, () => stream.below(20_000));
    const exact = progressOf(species);
    const estimated = progressOf(species, 2_000);
    expect(exact.isExact).toBe(true);
    expect(estimated.isExact).toBe(false);
    expect(Math.abs(estimated.distinctTimelines / exact.distinctTimelines - 1)).toBeLessThan(0.05);
    expect(Math.abs(estimated.unseenMass.estimate - exact.unseenMass.estimate)).toBeLessThan(0.02);
    expect(Math.abs(estimated.latest.distinct - exact.latest.distinct)).toBeLessThan(150);
  });
});

describe("whether more seeds help", () => {
  test("is said of runs that all differ", () => {
    const progress = progressOf(Array.from({ length: 400 }, (_, index) => index));
    expect(progress).toMatchObject({ state: "growing", latest: { of: 400, distinct: 400 } });
    expect(progress.nextNewRuns.estimate).toBe(1);
  });

  test("is denied of runs that show nothing new any more", () => {
    const progress = progressOf(Array.from({ length: 3_000 }, (_, index) => index % 7));
    expect(progress).toMatchObject({ state: "saturated", latest: { of: 1_000, distinct: 0 } });
    expect(progress.nextNewRuns).toMatchObject({ estimate: null, high: null });
    expect(progress.nextNewRuns.low).toBeGreaterThan(500);
  });

  test("is left open as long as there are too few runs", () => {
    expect(progressOf(Array.from({ length: 50 }, (_, index) => index % 7)).state).toBe("open");
    expect(progressOf([]).state).toBe("open");
  });
});

describe("the unseen mass", () => {
  /** Shares of all timelines, of a known distribution. */
  const distributions = {
    uniform: Array.from({ length: 300 }, () => 1),
    geometric: Array.from({ length: 60 }, (_, index) => 0.8 ** index),
    zipf: Array.from({ length: 2_000 }, (_, index) => 1 / (index + 1)),
  };

  test.for(Object.entries(distributions))("lies in its interval nearly always when it is %s", ([, weights]) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const trials = 600;
    for (const size of [50, 400, 2_000]) {
      let inside = 0;
      let errors = 0;
      for (let trial = 0; trial < trials; trial++) {
        const seen = sample(weights, total, size, new Stream(trial, size));
        const counts = [...seen.values()];
        const count = (times: number): number => counts.filter((each) => each === times).length;
        const unseen = weights.reduce((sum, weight, species) => sum + (seen.has(species) ? 0 : weight / total), 0);
        const { estimate, low, high } = unseenMass({ runs: size, once: count(1), twice: count(2) });
        if (low <= unseen && unseen <= high) inside++;
        errors += estimate - unseen;
      }
      // The normal limit is rough where runs are few.
      expect(inside / trials).toBeGreaterThan(size < 100 ? 0.88 : 0.92);
      // Good and Turing's estimate is off by at most 1 / size on average.
      expect(Math.abs(errors / trials)).toBeLessThan(1 / size + 0.004);
    }
  });

  test("and every rate stay inside 0 to 1 with the estimate between its bounds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.nat(), fc.nat(), (size, some, others) => {
        const once = some % (size + 1);
        const twice = others % (Math.floor((size - once) / 2) + 1);
        for (const { estimate, low, high } of [hitRate(once, size), unseenMass({ runs: size, once, twice })]) {
          expect(0 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
        }
      }),
    );
  });
});

/** How often each species was drawn. */
function sample(weights: readonly number[], total: number, size: number, stream: Stream): Map<number, number> {
  const seen = new Map<number, number>();
  for (let draw = 0; draw < size; draw++) {
    let left = (stream.below(1_000_000_000) / 1_000_000_000) * total;
    let species = 0;
    while (species < weights.length - 1 && left >= weights[species]!) left -= weights[species++]!;
    seen.set(species, (seen.get(species) ?? 0) + 1);
  }
  return seen;
}

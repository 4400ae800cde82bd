import fc from "fast-check";
import { expect, test } from "vitest";
import { countOf, RangeSeeds, seedsOfShard, shardOf } from "../../src/campaign/seed-range.ts";

const campaign = fc.record({
  first: fc.oneof(fc.nat(50), fc.integer({ min: 2 ** 40, max: 2 ** 50 })),
  count: fc.nat(200),
  shards: fc.integer({ min: 1, max: 9 }),
  chunk: fc.integer({ min: 1, max: 40 }),
});

test("the shards of a campaign together hand out each seed once, in ascending order, each the ones that are its own", () => {
  fc.assert(
    fc.property(campaign, ({ first, count, shards, chunk }) => {
      const all: number[] = [];
      for (let index = 1; index <= shards; index++) {
        const range = seedsOfShard("timeouts", first, count, { index, count: shards });
        const source = new RangeSeeds(range);
        const own: number[] = [];
        for (let part = source.take(chunk); part.length > 0; part = source.take(chunk)) {
          expect(part.length).toBeLessThanOrEqual(chunk);
          own.push(...part);
        }
        expect(own).toEqual(own.toSorted((left, right) => left - right));
        expect(countOf(range)).toBe(own.length);
        if (shards > 1) expect(own.every((seed) => shardOf("timeouts", seed, shards) === index)).toBe(true);
        all.push(...own);
      }
      expect(all.toSorted((left, right) => left - right)).toEqual(Array.from({ length: count }, (_, at) => first + at));
    }),
  );
});

test("every shard gets each of the portfolio's ten turns about equally often", () => {
  for (const shards of [2, 5, 10]) {
    const turns = Array.from({ length: shards }, () => Array.from({ length: 10 }, () => 0));
    for (let seed = 0; seed < 1_000 * shards; seed++) turns[shardOf("timeouts", seed, shards) - 1]![seed % 10]!++;
    for (const counts of turns) for (const count of counts) expect(count).toBeGreaterThan(60);
  }
});

test("scenarios are dealt out differently", () => {
  const dealt = (scenario: string): number[] => Array.from({ length: 64 }, (_, seed) => shardOf(scenario, seed, 4));
  expect(dealt("timeouts")).not.toEqual(dealt("partial-spawn"));
});

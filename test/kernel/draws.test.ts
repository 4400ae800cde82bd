import fc from "fast-check";
import { expect, test } from "vitest";
import { Draws, purpose } from "../../src/kernel/draws.ts";

const draw = { seed: fc.nat(), site: fc.nat(), name: fc.string(), bound: fc.integer({ min: 1, max: 1_000_000 }) };

test("a draw depends on seed, site and purpose alone, and stays below its bound", () => {
  fc.assert(
    fc.property(fc.record(draw), ({ seed, site, name, bound }) => {
      const first = new Draws(seed).int(site, purpose(name), bound);
      const busy = new Draws(seed);
      busy.int(site + 1, purpose("another"), 7);
      expect(busy.int(site, purpose(name), bound)).toBe(first);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(first).toBeLessThan(bound);
    }),
  );
});

test("draws are spread evenly over sites, purposes and seeds", () => {
  const counts = { site: 0, purpose: 0, seed: 0 };
  for (let index = 0; index < 30_000; index++) {
    counts.site += new Draws(7).int(index, purpose("p"), 2);
    counts.purpose += new Draws(7).int(1, purpose(`p${index}`), 2);
    counts.seed += new Draws(index).int(1, purpose("p"), 2);
  }
  for (const count of Object.values(counts)) expect(Math.abs(count - 15_000)).toBeLessThan(520);
});

test("seeds beyond 32 bits are seeds of their own", () => {
  expect(new Draws(2 ** 32 + 5).bits(1, 1)).not.toBe(new Draws(5).bits(1, 1));
});

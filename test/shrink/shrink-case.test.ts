import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Case } from "../../src/sim/case.ts";
import { reduceList } from "../../src/shrink/reduce-list.ts";
import { shrinkCase, type Shrunk } from "../../src/shrink/shrink-case.ts";

const sites = Array.from({ length: 24 }, (_, index) => `p@0/main/disk.write(f)#${index}`);
const someSites = fc.uniqueArray(fc.constantFrom(...sites), { maxLength: 24 });

function caseOf(faults: readonly string[], preemptions: readonly string[], delays: readonly string[]): Case {
  return {
    scenario: "toy",
    drawSeed: 1,
    workload: null,
    faults: faults.map((site) => ({ kind: "refused", site })),
    preemptions: preemptions.map((site) => ({ site, step: 0, until: { site: "other", step: 0 } })),
    delays: delays.map((site) => ({ site, step: 0, extraUs: 5 })),
  };
}

/** Fails as soon as all of `needed` is in the case. */
function shrinkTo(needed: Case, from: Case, executionsMax = 2_000, improved: Case[] = []): Promise<Shrunk> {
  return shrinkCase(from, {
    signature: "I1: here",
    executionsMax,
    onImproved: (smaller) => improved.push(smaller),
    attempt: async (candidate) =>
      holds(candidate.faults, needed.faults) &&
      holds(candidate.preemptions, needed.preemptions) &&
      holds(candidate.delays, needed.delays)
        ? "I1: here"
        : "held",
  });
}

function holds(all: readonly { site: string }[], some: readonly { site: string }[]): boolean {
  return some.every(({ site }) => all.some((each) => each.site === site));
}

describe("the shrinker", () => {
  test("finds exactly what the failure needs, however much more the case holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        someSites,
        someSites,
        someSites,
        fc.nat(3),
        fc.nat(3),
        async (faults, preemptions, delays, few, more) => {
          const needed = caseOf(faults.slice(0, few), preemptions.slice(more, more + 2), delays.slice(few, few + 1));
          const shrunk = await shrinkTo(needed, caseOf(faults, preemptions, delays));
          expect(shrunk.case).toEqual(needed);
          expect(shrunk).toMatchObject({ replays: true, minimal: true });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("spends no more executions than it may, and says that more could go", async () => {
    const shrunk = await shrinkTo(caseOf(sites.slice(3, 6), [], []), caseOf(sites, [], []), 7);
    expect(shrunk).toMatchObject({ executions: 7, minimal: false });
    expect(shrunk.case.faults.length).toBeLessThan(24);
  });

  test("hands over each improvement, smaller and smaller, the last one being the result", async () => {
    const improved: Case[] = [];
    const shrunk = await shrinkTo(caseOf(sites.slice(3, 5), [], []), caseOf(sites, sites, []), 500, improved);
    const sizes = improved.map(({ faults, preemptions }) => faults.length + preemptions.length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
    expect(improved.at(-1)).toEqual(shrunk.case);
  });

  test("leaves a case alone that does not fail as it should", async () => {
    const from = caseOf([], sites, []);
    const shrunk = await shrinkTo(caseOf(sites, [], []), from);
    expect(shrunk).toEqual({ case: from, executions: 1, replays: false, minimal: false });
  });

  test("keeps a failure apart from another one", async () => {
    const from = caseOf(sites.slice(0, 4), [], []);
    const shrunk = await shrinkCase(from, {
      signature: "I1: here",
      executionsMax: 100,
      attempt: async (candidate) => (candidate.faults.length === 4 ? "I1: here" : "I1: elsewhere"),
    });
    expect(shrunk.case).toEqual(from);
  });
});

test("a list is reduced to a part of which nothing can go", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(200), { maxLength: 60 }), fc.nat(5), async (items, bound) => {
      const needed = items.filter((item) => item % 7 <= bound % 3);
      const left = await reduceList(items, async (fewer) => needed.every((item) => fewer.includes(item)));
      expect(left).toEqual(needed);
    }),
  );
});

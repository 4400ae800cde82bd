import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonValue } from "../../src/base/json.ts";
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
    delays: delays.map((site) => ({ site, step: 0, extraUs: 1 })),
  };
}

const small = { steps: 1, actors: 1, judged: 1 };
const failed = { signature: "I1: here", ...small };
const held = { signature: "held", ...small };

/** Fails as soon as all of `needed` is in the case. */
function shrinkTo(needed: Case, from: Case, executionsMax = 2_000, improved: Case[] = []): Promise<Shrunk> {
  return shrinkCase(from, {
    signature: "I1: here",
    executionsMax,
    accepts: () => true,
    onImproved: (smaller) => improved.push(smaller),
    attempt: async (candidate) =>
      holds(candidate.faults, needed.faults) &&
      holds(candidate.preemptions, needed.preemptions) &&
      holds(candidate.delays, needed.delays)
        ? failed
        : held,
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
    expect(shrunk).toEqual({ case: from, executions: 1, actors: 0, replays: false, minimal: false });
  });

  test("keeps a failure apart from another one", async () => {
    const from = caseOf(sites.slice(0, 4), [], []);
    const shrunk = await shrinkCase(from, {
      signature: "I1: here",
      executionsMax: 100,
      accepts: () => true,
      attempt: async (candidate) => (candidate.faults.length === 4 ? failed : { signature: "I1: elsewhere", ...small }),
    });
    expect(shrunk.case).toEqual(from);
  });
});

const someJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.boolean(),
    fc.string({ maxLength: 60 }),
    tie("list"),
    tie("object"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value"), { maxKeys: 3 }),
})).value;

describe("a case that the run did not come to in full", () => {
  test("comes out as what really happened, found in one run more", async () => {
    const from = caseOf(sites.slice(0, 2), sites.slice(2, 12), []);
    const really = caseOf(sites.slice(0, 2), sites.slice(2, 3), []);
    const shrunk = await shrinkCase(from, {
      signature: "I1: here",
      executionsMax: 100,
      accepts: () => true,
      attempt: async (candidate) => {
        if (!holds(candidate.faults, really.faults) || !holds(candidate.preemptions, really.preemptions)) return held;
        return candidate.preemptions.length > 1 ? { ...failed, realised: really } : failed;
      },
    });
    expect(shrunk.case).toEqual(really);
    expect(shrunk.executions).toBeLessThan(12);
  });

  test("fails in an earlier life when the faults that made the later ones are left out", async () => {
    const site = (life: number, attempt: number): string => `p@${life}/card A attempt ${attempt}/disk.write(f)#0`;
    const shrunk = await shrinkCase(caseOf([site(0, 1), site(1, 2), site(2, 3)], [], []), {
      signature: "I1: here",
      executionsMax: 100,
      accepts: () => true,
      // The last fault alone does it; each life comes only after a fault in the one before.
      attempt: async ({ faults }) =>
        faults.length > 0 && faults.every((fault, life) => fault.site === site(life, life + 1)) ? failed : held,
    });
    expect(shrunk.case.faults).toEqual([{ kind: "refused", site: site(0, 1) }]);
  });

  test("is never one of which the invariant that failed had nothing to judge", async () => {
    const from = caseOf(sites.slice(0, 3), [], []);
    const shrunk = await shrinkCase(from, {
      signature: "I1: here",
      executionsMax: 100,
      accepts: () => true,
      attempt: async ({ faults }) => ({ ...failed, judged: faults.length > 1 ? 1 : 0 }),
    });
    expect(shrunk.case.faults).toHaveLength(2);
  });
});

test("a fault moves to an earlier repetition when the workload has one item less", async () => {
  const site = (occurrence: number): string => `p@0/main/disk.write(f)#${occurrence}`;
  const shrunk = await shrinkCase(
    { ...caseOf([site(5)], [], []), workload: { cards: ["a", "b", "c"] } },
    {
      signature: "I1: here",
      executionsMax: 200,
      accepts: () => true,
      // Two writes for each card: the last one of all must fail.
      attempt: async ({ workload, faults }) => {
        const cards = (isJsonObject(workload) && (workload["cards"] as readonly JsonValue[])) || [];
        return faults.length === 1 && faults[0]!.site === site(2 * cards.length - 1) ? failed : held;
      },
    },
  );
  expect(shrunk.case).toEqual({ ...caseOf([site(1)], [], []), workload: { cards: ["a"] } });
});

describe("delays", () => {
  const delayed = caseOf([], [], sites.slice(0, 6));
  const preempted = (count: number): Case => caseOf([], sites.slice(0, count), []);
  const shrinkUndelayed = (undelayed: Case, needed: number): Promise<Shrunk> =>
    shrinkCase(delayed, {
      signature: "I1: here",
      executionsMax: 200,
      accepts: () => true,
      undelay: async () => undelayed,
      attempt: async ({ delays, preemptions }) => (delays.length >= 2 || preemptions.length >= needed ? failed : held),
    });

  test("are said by preemptions where that fails as well", async () => {
    expect((await shrinkUndelayed(preempted(4), 1)).case).toEqual(preempted(1));
  });

  test("come back where they say it in fewer things", async () => {
    const shrunk = await shrinkCase(delayed, {
      signature: "I1: here",
      executionsMax: 200,
      accepts: () => true,
      undelay: async () => preempted(4),
      attempt: async ({ delays, preemptions }) => (delays.length >= 1 || preemptions.length >= 3 ? failed : held),
    });
    expect(shrunk.case).toMatchObject({ preemptions: [], delays: [{}] });
  });

  test("stay where preemptions do not bring the failure about", async () => {
    expect((await shrinkUndelayed(preempted(4), 5)).case.delays).toHaveLength(2);
  });
});

test("two that cannot go alone go together", async () => {
  const [first, second, third, fourth] = sites.slice(0, 4) as [string, string, string, string];
  const has = ({ faults }: Case, site: string): boolean => faults.some((fault) => fault.site === site);
  const shrunk = await shrinkCase(caseOf([first, second, third, fourth], [], []), {
    signature: "I1: here",
    executionsMax: 200,
    accepts: () => true,
    // The first undoes what the last does.
    attempt: async (input) =>
      has(input, second) && has(input, third) && has(input, first) === has(input, fourth) ? failed : held,
  });
  expect(shrunk.case).toEqual(caseOf([second, third], [], []));
});

test("no case is run twice", async () => {
  await fc.assert(
    fc.asyncProperty(someSites, someSites, fc.nat(4), async (faults, delays, few) => {
      const seen = new Set<string>();
      await shrinkCase(caseOf(faults, [], delays), {
        signature: "I1: here",
        executionsMax: 2_000,
        accepts: () => true,
        attempt: async (candidate) => {
          const name = JSON.stringify(candidate);
          expect(seen.has(name)).toBe(false);
          seen.add(name);
          return holds(
            candidate.faults,
            faults.slice(0, few).map((site) => ({ site })),
          )
            ? failed
            : held;
        },
      });
    }),
    { numRuns: 30 },
  );
});

test("what it may cost by another measure ends it", async () => {
  let spent = 0;
  const shrunk = await shrinkCase(caseOf(sites, [], []), {
    signature: "I1: here",
    executionsMax: 1_000,
    isSpent: () => spent >= 5,
    accepts: () => true,
    attempt: async ({ faults }) => {
      spent++;
      return faults.length > 2 ? failed : held;
    },
  });
  expect(shrunk).toMatchObject({ executions: 5, minimal: false });
});

test("durations of faults come down to plain ones, and never to nothing", async () => {
  const from: Case = {
    ...caseOf([], [], []),
    faults: [{ kind: "partition", direction: "both", durationMs: 64_000, site: sites[0]! }],
  };
  const shrunk = await shrinkCase(from, {
    signature: "I1: here",
    executionsMax: 100,
    accepts: () => true,
    attempt: async ({ faults: [fault] }) => (fault?.kind === "partition" && fault.durationMs >= 10_000 ? failed : held),
  });
  expect(shrunk.case.faults).toMatchObject([{ durationMs: 16_000 }]);
});

describe("a workload", () => {
  const shrinkWorkload = (
    workload: JsonValue,
    fails: (workload: JsonValue) => boolean,
    accepts: (workload: JsonValue) => boolean = () => true,
  ): Promise<Shrunk> =>
    shrinkCase(
      { ...caseOf([], [], []), workload },
      {
        signature: "I1: here",
        executionsMax: 2_000,
        accepts,
        attempt: async (candidate) => (fails(candidate.workload) ? failed : held),
      },
    );

  test("keeps what the failure needs, and nothing else", async () => {
    const from = {
      epics: [
        { name: "A", stories: [1, 2, 3, 4], note: "x".repeat(300) },
        { name: "B", stories: [5, 6, 7], note: "" },
      ],
      pollers: 3,
      strict: true,
    };
    const shrunk = await shrinkWorkload(from, (workload) => /"name":"B"[^}]*6/.test(JSON.stringify(workload)));
    expect(shrunk.case.workload).toEqual({ epics: [{ name: "B", stories: [6] }] });
  });

  test("that was drawn is made simpler by its generator, where structure alone is refused", async () => {
    // Two lists of one length: no item can go from one of them alone.
    const pairs = fc.array(fc.nat(9), { maxLength: 8 }).map((list) => ({ asked: list, given: list.map((n) => n + 1) }));
    const accepts = (workload: JsonValue): boolean => {
      const { asked, given } = workload as { asked?: number[]; given?: number[] };
      return asked !== undefined && given?.length === asked.length && asked.every((n, index) => given[index] === n + 1);
    };
    const seed = Array.from({ length: 100 }, (_, index) => index).find(
      (each) => fc.sample(pairs, { seed: each, numRuns: 1 })[0]!.asked.length > 5,
    )!;
    const shrunk = await shrinkCase(
      { ...caseOf([], [], []), drawSeed: seed, workload: fc.sample(pairs, { seed, numRuns: 1 })[0]! },
      {
        signature: "I1: here",
        executionsMax: 500,
        accepts,
        generator: async (from, fails) => {
          const property = fc.asyncProperty(pairs, async (workload) => !(await fails(workload)));
          await fc.check(property, { seed: from, numRuns: 1 });
        },
        attempt: async ({ workload }) => ((workload as { asked: number[] }).asked.length >= 2 ? failed : held),
      },
    );
    expect(shrunk.case.workload).toEqual({ asked: [0, 0], given: [1, 1] });
  });

  test("is never one that the scenario refuses", async () => {
    const refused: JsonValue[] = [];
    const accepts = (workload: JsonValue): boolean => {
      const isGood = isJsonObject(workload) && typeof workload["pollers"] === "number" && workload["pollers"] >= 2;
      if (!isGood) refused.push(workload);
      return isGood;
    };
    const shrunk = await shrinkWorkload({ pollers: 9, seed: 100 }, (workload) => accepts(workload), accepts);
    expect(shrunk.case.workload).toEqual({ pollers: 2 });
    expect(refused.length).toBeGreaterThan(2);
  });

  test("is not made smaller where that makes the run longer", async () => {
    const shrunk = await shrinkCase(
      { ...caseOf([], [], []), workload: { intervalMs: 5_000, cards: 9 } },
      {
        signature: "I1: here",
        executionsMax: 500,
        accepts: (workload) => isJsonObject(workload) && Object.keys(workload).length === 2,
        attempt: async ({ workload }) => {
          const { intervalMs, cards } = workload as { intervalMs: number; cards: number };
          return { ...failed, steps: 10 * cards + Math.floor(10_000 / Math.max(1, intervalMs)) };
        },
      },
    );
    expect(shrunk.case.workload).toEqual({ intervalMs: 5_000, cards: 0 });
  });

  test("of any shape comes out as one that fails and of which no part can go", async () => {
    await fc.assert(
      fc.asyncProperty(someJson, fc.nat(30), async (value, bound) => {
        const from = JSON.parse(JSON.stringify(value)) as JsonValue;
        const weight = (of: JsonValue): number => JSON.stringify(of).replaceAll(/[^0-9a-z]/gi, "").length;
        fc.pre(weight(from) >= bound);
        const shrunk = await shrinkWorkload(from, (workload) => weight(workload) >= bound);
        expect(weight(shrunk.case.workload)).toBeGreaterThanOrEqual(bound);
        const again = await shrinkWorkload(shrunk.case.workload, (workload) => weight(workload) >= bound);
        expect(again.case.workload).toEqual(shrunk.case.workload);
      }),
      { numRuns: 100 },
    );
  });

  test("delays that are left are made as short as the failure allows", async () => {
    const from = {
      ...caseOf([], [], sites.slice(0, 2)),
      delays: sites.slice(0, 2).map((site) => ({ site, step: 0, extraUs: 80_000 })),
    };
    const shrunk = await shrinkCase(from, {
      signature: "I1: here",
      executionsMax: 500,
      accepts: () => true,
      attempt: async ({ delays }) => (delays.some(({ extraUs }) => extraUs > 9_000) ? failed : held),
    });
    expect(shrunk.case.delays).toEqual([{ site: sites[0], step: 0, extraUs: 10_000 }]);
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

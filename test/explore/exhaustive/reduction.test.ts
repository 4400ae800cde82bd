import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchEverySchedule } from "../../../src/explore/exhaustive/every-schedule.ts";
import { searchByReversals } from "../../../src/explore/exhaustive/reversals.ts";
import { FootprintTooSmall, type Search, type SearchResult } from "../../../src/explore/exhaustive/search.ts";
import { searchBySourceSets } from "../../../src/explore/exhaustive/source-sets.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runToy, toyPrograms, type ToyProgram } from "./toy-program.ts";

const runsMax = 600;
/** Seconds on a quiet machine. */
const patienceMs = 120_000;

/** A read that its time limit takes back before the write comes that it could have come after: one in thousands shows it. */
const takenBackBeforeTheWrite: ToyProgram = {
  processes: [
    [{ kind: "read-within", variable: 2, us: 500 }],
    [
      { kind: "read", variable: 0 },
      { kind: "write", variable: 2, value: 1 },
    ],
  ],
  killAtUs: 500,
};

/** Of generated programs, those whose schedules are few enough to run them all. */
async function compareWithAll(compare: (program: ToyProgram, all: SearchResult) => void): Promise<void> {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(toyPrograms, async (program) => {
      await inMacrotask(() => {
        const all = toEnd(searchEverySchedule(runToy(program), { runsMax }));
        fc.pre(all.end === "complete");
        compared++;
        compare(program, all);
      });
    }),
    { numRuns: 80, examples: [[takenBackBeforeTheWrite]] },
  );
  expect(compared).toBeGreaterThan(20);
}

function toEnd(search: Search): SearchResult {
  for (;;) {
    const turn = search.next();
    if (turn.done === true) return turn.value;
  }
}

function outcomesOf({ outcomes }: SearchResult): readonly string[] {
  return [...outcomes.keys()].toSorted();
}

test(
  "the search by source sets comes to every outcome and partial order of all schedules, and to no other",
  () =>
    compareWithAll((program, all) => {
      const reduced = toEnd(searchBySourceSets(runToy(program), { runsMax, verifyEvery: 1 }));
      expect(reduced.end).toBe("complete");
      expect(outcomesOf(reduced)).toEqual(outcomesOf(all));
      expect(reduced.counts.traces).toBe(all.counts.traces);
      expect(reduced.counts.schedules).toBeLessThanOrEqual(all.counts.schedules);
    }),
  patienceMs,
);

test(
  "the search by reversals without a bound comes to every outcome and partial order of all schedules",
  () =>
    compareWithAll((program, all) => {
      const reduced = toEnd(searchByReversals(runToy(program), Infinity, { runsMax: 20 * runsMax }));
      expect(reduced.end).toBe("complete");
      expect(outcomesOf(reduced)).toEqual(outcomesOf(all));
      expect(reduced.counts.traces).toBe(all.counts.traces);
    }),
  patienceMs,
);

test(
  "each further reversal comes to what fewer came to, and more",
  () =>
    compareWithAll((program, all) => {
      let before: readonly string[] = [];
      for (let reversals = 0; reversals < 4; reversals++) {
        const bounded = outcomesOf(toEnd(searchByReversals(runToy(program), reversals, { runsMax: 20 * runsMax })));
        expect(bounded).toEqual(expect.arrayContaining([...before]));
        expect(outcomesOf(all)).toEqual(expect.arrayContaining([...bounded]));
        before = bounded;
      }
    }),
  patienceMs,
);

describe("a search", () => {
  const lostUpdate: ToyProgram = {
    processes: [
      [
        { kind: "read", variable: 0 },
        { kind: "write", variable: 0, value: 1 },
      ],
      [
        { kind: "read", variable: 0 },
        { kind: "write", variable: 0, value: 1 },
      ],
    ],
  };

  test("runs far fewer schedules than there are", async () => {
    const [reduced, all] = await inMacrotask(() => [
      toEnd(searchBySourceSets(runToy(lostUpdate), { runsMax })),
      toEnd(searchEverySchedule(runToy(lostUpdate), { runsMax: 20_000 })),
    ]);
    expect(all).toMatchObject({ end: "complete" });
    expect(reduced.counts.schedules * 50).toBeLessThan(all.counts.schedules);
  });

  test("says that it is not complete when its budget is too small", async () => {
    const result = await inMacrotask(() => toEnd(searchBySourceSets(runToy(lostUpdate), { runsMax: 3 })));
    expect(result).toMatchObject({ end: "budget", counts: { schedules: 3 } });
  });

  test("ends at the first violation, with the schedule that shows it", async () => {
    const run = runToy(lostUpdate);
    const result = await inMacrotask(() =>
      toEnd(
        searchBySourceSets(
          (scheduler) => {
            const { outcome } = run(scheduler);
            return { outcome, verdict: outcome.startsWith("[[2,") ? "violated" : "held" };
          },
          { runsMax },
        ),
      ),
    );
    expect(result.end).toBe("violated");
    expect(result.violating!.preemptions()).not.toEqual([]);
  });

  test("finds out that steps touch more than they tell", async () => {
    const search = inMacrotask(() =>
      toEnd(searchBySourceSets(runToy(lostUpdate, { tells: false }), { runsMax, verifyEvery: 1 })),
    );
    await expect(search).rejects.toThrow(FootprintTooSmall);
  });
});

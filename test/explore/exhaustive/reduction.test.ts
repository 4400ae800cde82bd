import * as fc from "fast-check";
import { expect, test } from "vitest";
import { searchEverySchedule } from "../../../src/explore/exhaustive/every-schedule.ts";
import { searchBySourceSets } from "../../../src/explore/exhaustive/source-sets.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runToy, toyPrograms } from "./toy-program.ts";

const runsMax = 1_000;

test("the search by source sets reaches exactly the outcomes of all schedules", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(toyPrograms, async (program) => {
      await inMacrotask(() => {
        const all = searchEverySchedule(runToy(program), { runsMax });
        fc.pre(all.end === "complete");
        compared++;
        const reduced = searchBySourceSets(runToy(program), { runsMax });
        expect(reduced.end).toBe("complete");
        expect([...reduced.outcomes.keys()].toSorted()).toEqual([...all.outcomes.keys()].toSorted());
        expect(reduced.counts.traces).toBe(all.counts.traces);
        expect(reduced.counts.schedules).toBeLessThanOrEqual(all.counts.schedules);
      });
    }),
    { numRuns: 100 },
  );
  expect(compared).toBeGreaterThan(25);
});

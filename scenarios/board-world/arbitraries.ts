import * as fc from "fast-check";
import { smallEpic } from "./stories.ts";
import type { Slip } from "./slips.ts";
import type { Epic, Workload } from "./workload.ts";

/** The workload of a seed: always the same one. */
/** The two things that a scenario needs of a generator: the workload of a seed, and simpler ones where that fails. */
export function drawnFrom(arbitrary: fc.Arbitrary<Workload>): {
  readonly draw: (seed: number) => Workload;
  readonly shrink: (seed: number, fails: (workload: Workload) => Promise<boolean>) => Promise<void>;
} {
  return {
    draw: (seed) => fc.sample(arbitrary, { seed: seed | 0, numRuns: 1 })[0]!,
    shrink: async (seed, fails) => {
      const holds = fc.asyncProperty(arbitrary, async (workload) => !(await fails(workload)));
      await fc.check(holds, { seed: seed | 0, numRuns: 1 });
    },
  };
}

export interface EpicBounds {
  readonly epicsMax: number;
  readonly storiesMax: number;
}

/** Small epics, numbered from 1. */
export function epics({ epicsMax, storiesMax }: EpicBounds): fc.Arbitrary<readonly Epic[]> {
  return fc
    .array(fc.integer({ min: 1, max: storiesMax }), { minLength: 1, maxLength: epicsMax })
    .map((counts) => counts.map((stories, index) => smallEpic(index + 1, stories)));
}

/** What people do around the first epic and its first story. None of it may make a careful system fail. */
export const harmlessSlips: fc.Arbitrary<readonly Slip[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("label" as const),
      card: fc.constantFrom("EPIC-1", "EPIC-1/S1"),
      lane: fc.integer({ min: 2, max: 9 }),
      tag: fc.constantFrom("urgent", "customer"),
    }),
    fc.record({
      kind: fc.constant("move-back" as const),
      card: fc.constant("EPIC-1"),
      lane: fc.constantFrom(3, 4),
      to: fc.constant(2),
    }),
    fc.record({
      kind: fc.constant("approved-file" as const),
      dirname: fc.constant("epic-1"),
      path: fc.constantFrom("DESIGN.md", "prd.json", "tests/test_S1.py"),
      deed: fc.constantFrom("delete" as const, "edit" as const, "link" as const),
      afterMs: fc.integer({ min: 0, max: 120_000 }),
    }),
  ),
  { maxLength: 2 },
);

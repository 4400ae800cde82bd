import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyTally } from "../../../src/campaign/tally.ts";
import { durationText, liveLines, type LiveStanding } from "../../../src/cli/live/live-lines.ts";
import { LiveTotals, type LivePlan } from "../../../src/cli/live/live-totals.ts";
import type { Failure } from "../../../src/campaign/failure.ts";
import type { Segment } from "../../../src/campaign/explore-seeds.ts";
import { emptyTimelines } from "../../../src/campaign/timeline-column.ts";
import { noPaint } from "../../../src/report/paint.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

const standing: LiveStanding = { phase: "exploring", hasKeys: true, showsHelp: false };
const size = { columns: 80, rows: 24 };
const plan: LivePlan = { scenarios: 2, seeds: 100, durationMs: 0 };

function withGoals(goals: readonly string[]): Scenario {
  const base = toy("counter-racy");
  return { ...base, sometimes: goals.map((name) => ({ ...base.sometimes[0]!, name })) };
}

function failure(seed: number, signature: string): Failure {
  return { kind: "violated", signature, seed, strategy: "", invariant: "C1", message: "", steps: 1 };
}

function segment(runs: number, sometimes: Record<string, number> = {}): Segment {
  return { tally: { ...emptyTally(), runs, sometimes }, timelines: emptyTimelines() };
}

function lines(totals: LiveTotals, elapsedMs: number, changes: Partial<LiveStanding> = {}): string[] {
  return liveLines(totals.figures(elapsedMs), { ...standing, ...changes }, size, noPaint);
}

describe("the live block", () => {
  test("has how much is done, how fast it goes, and how long it will take", () => {
    const totals = new LiveTotals(plan);
    totals.begin(toy("counter-racy"));
    totals.add(25, 1_000, 2, [segment(25)]);
    const text = lines(totals, 2_500).join("\n");
    expect(text).toContain("counter-racy (1 of 2 scenarios): exploring");
    expect(text).toContain("[######------------------]  25 %  25 of 100 runs in 3 s, 8 s left");
    expect(text).toContain("10 runs/s, 400 ops/s, 2 failed");
  });

  test("measures rates over the last seconds, so that what is left follows what happens now", () => {
    const totals = new LiveTotals({ ...plan, seeds: 100_000 });
    totals.begin(toy("counter-racy"));
    for (let second = 0; second <= 10; second++) {
      totals.figures(second * 1000);
      totals.add(1_000, 0, 0, []);
    }
    for (let second = 11; second <= 20; second++) totals.figures(second * 1000);
    expect(totals.figures(21_000).runsPerSecond).toBe(0);
    expect(totals.figures(21_000).leftMs).toBeUndefined();
  });

  test("counts time where time decides", () => {
    const totals = new LiveTotals({ scenarios: 1, seeds: undefined, durationMs: 60_000 });
    totals.begin(toy("counter-racy"));
    expect(lines(totals, 45_000).join("\n")).toContain("75 %  0 runs in 45 s, 15 s left");
  });

  test("does not wait for seeds that a scenario left out when it failed", () => {
    const totals = new LiveTotals(plan);
    totals.begin(toy("counter-racy"));
    totals.add(10, 0, 1, [segment(10)]);
    totals.end(50);
    expect(totals.figures(1_000).runsTotal).toBe(60);
  });

  test("names each kind of failure with scenario and seed, the newest ones last", () => {
    const totals = new LiveTotals(plan);
    totals.begin(toy("counter-racy"));
    for (let seed = 1; seed <= 6; seed++) totals.fail(failure(seed, `C1: place ${seed}`));
    const shown = lines(totals, 1_000);
    expect(shown).toContain("2 more kinds of failures before");
    expect(shown.filter((line) => line.startsWith("FAILED"))).toEqual(
      [3, 4, 5, 6].map((seed) => `FAILED  counter-racy, seed ${seed}: C1: place ${seed}`),
    );
  });

  test("names goals as long as no run has reached them, and those that a finished scenario missed", () => {
    const totals = new LiveTotals(plan);
    totals.begin(withGoals(["rain fell", "pigs flew"]));
    expect(lines(totals, 0).join("\n")).toContain("sometimes 0 of 2, not yet:\n  rain fell\n  pigs flew");
    totals.add(1, 1, 0, [segment(1, { "rain fell": 1 })]);
    expect(lines(totals, 0).join("\n")).toContain("sometimes 1 of 2, not yet:\n  pigs flew\n");
    totals.end(1);
    totals.begin(toy("counter-locked"));
    expect(lines(totals, 0)).toContain("counter-racy: never: pigs flew");
  });

  test("takes up what earlier sittings reached", () => {
    const totals = new LiveTotals(plan);
    totals.begin(withGoals(["rain fell"]), segment(7, { "rain fell": 3 }).tally);
    expect(lines(totals, 0)).toContain("sometimes 1 of 1");
  });

  test("says which invariants had nothing to judge yet", () => {
    const totals = new LiveTotals(plan);
    totals.begin(toy("counter-racy"));
    expect(lines(totals, 0)).toContain("invariants 0 of 1, nothing to judge yet: C1");
  });

  test("names the keys that do something now, and none where there is no keyboard", () => {
    const totals = new LiveTotals(plan);
    totals.begin(toy("counter-racy"));
    expect(lines(totals, 0).at(-1)).toContain("p pause");
    expect(lines(totals, 0, { phase: "paused" }).at(-1)).toContain("p go on");
    expect(lines(totals, 0, { phase: "stopping" }).at(-1)).toContain("Ctrl-C");
    expect(lines(totals, 0, { hasKeys: false, showsHelp: true }).join("\n")).not.toMatch(/pause|stop/);
    expect(lines(totals, 0, { showsHelp: true }).length).toBe(lines(totals, 0).length + 3);
    for (const line of lines(totals, 0, { showsHelp: true })) expect(line).not.toContain("…");
  });

  test("fits any terminal, whatever names, counts and failures there are", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    const property = fc.property(
      fc.record({ columns: fc.integer({ min: 1, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) }),
      fc.array(text, { maxLength: 12 }),
      fc.array(text, { maxLength: 12 }),
      fc.nat({ max: 1e9 }),
      fc.boolean(),
      (terminal, goals, signatures, runs, showsHelp) => {
        const totals = new LiveTotals({ scenarios: 3, seeds: runs, durationMs: 0 });
        totals.begin(withGoals([...new Set(goals)]));
        totals.add(runs, runs, signatures.length, []);
        for (const signature of signatures) totals.fail(failure(runs, signature));
        totals.end(runs);
        const shown = liveLines(totals.figures(runs), { ...standing, showsHelp }, terminal, noPaint);
        expect(shown.length).toBeLessThanOrEqual(Math.max(1, terminal.rows - 1));
        for (const line of shown) {
          expect([...line].length).toBeLessThanOrEqual(Math.max(1, terminal.columns - 1));
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });
});

test("a time is told in at most two units, and never as less than it is", () => {
  expect([0, 1, 59_000, 60_000, 61_001, 3_600_000, 7_265_000].map(durationText)).toEqual([
    "0 s",
    "1 s",
    "59 s",
    "1 min 00 s",
    "1 min 02 s",
    "1 h 00 min",
    "2 h 01 min",
  ]);
});

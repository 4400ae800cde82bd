import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, placesOf, Story } from "./story.ts";

const run = { card: "E1", lane: 2 };

describe("I1: one run for each cause", () => {
  test("attempts that come one after the other hold", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .start("poller-a", run)
      .finish("poller-a", run, "retry")
      .start("poller-a", { ...run, attempt: 2 })
      .finish("poller-a", { ...run, attempt: 2 }, "done");
    const { violations, checked } = judge("I1", story);
    expect(violations).toEqual([]);
    expect(checked).toBeGreaterThan(1);
  });

  test("a run after the cause was acknowledged breaks it", () => {
    for (const outcome of ["done", "failed"]) {
      const story = Story.ofEpic(2)
        .process("poller-a", "start")
        .start("poller-a", run)
        .finish("poller-a", run, outcome)
        .start("poller-a", { ...run, attempt: 2 });
      expect(placesOf("I1", story), outcome).toEqual(["E1 lane 2"]);
    }
  });

  test("a run of a later cause of the same card and lane holds", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .start("poller-a", run)
      .finish("poller-a", run, "done")
      .move("E1", 3)
      .move("E1", 2)
      .start("poller-a", run);
    expect(placesOf("I1", story)).toEqual([]);
  });

  test("a run whose predecessor's process died holds, unless it was acknowledged", () => {
    const story = Story.ofEpic(2).process("poller-a", "start").start("poller-a", run).process("poller-a", "kill");
    story.process("poller-a", "start", 1).start("poller-a", { ...run, attempt: 2 }, 1);
    expect(placesOf("I1", story)).toEqual([]);
  });

  test("a damaged record explains that the work is done again", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .start("poller-a", run)
      .finish("poller-a", run, "done")
      .fault("poller-a@0/tick 3/disk.readText(run:E1/lane-2)#0", "file-truncated")
      .start("poller-a", { ...run, attempt: 2 });
    expect(placesOf("I1", story)).toEqual([]);
  });

  test("a model that works for a card without a run gives a silent process away", () => {
    const story = Story.ofEpic(2).process("poller-a", "start").completion("E1/design");
    expect(placesOf("I1", story)).toEqual(["model planner E1/design"]);
    const told = Story.ofEpic(2).process("poller-a", "start").start("poller-a", run).completion("E1/design");
    expect(placesOf("I1", told)).toEqual([]);
  });

  test("a started tag without a run gives a silent process away, a copy's tag does not", () => {
    const story = Story.ofEpic(2).process("poller-a", "start").tags("E1", ["design-started"]);
    expect(placesOf("I1", story)).toEqual(["E1 tag design-started"]);
    // People may give the card another reference while the run is open.
    const renamed = Story.ofEpic(2).process("poller-a", "start").start("poller-a", run);
    renamed.key(renamed.id("E1"), "Z9", "people").tags("Z9", ["design-started"]);
    expect(placesOf("I1", renamed)).toEqual([]);
    const copied = Story.ofEpic(5);
    copied.change(copied.op("poller-a", "board.duplicateTaskToProject", "E1/S1"), {
      store: "board",
      type: "tags.set",
      card: copied.id("E1"),
      tags: ["spawning-started"],
    });
    expect(placesOf("I1", copied)).toEqual([]);
  });

  test("any number of failed attempts one after the other hold, and any overlap of two is found", () => {
    const attempts = fc.integer({ min: 2, max: 8 });
    fc.assert(
      fc.property(attempts, fc.nat(), (count, pick) => {
        const overlapped = 1 + (pick % (count - 1));
        const orderly = Story.ofEpic(2).process("poller-a", "start");
        const hasty = Story.ofEpic(2).process("poller-a", "start");
        for (let attempt = 1; attempt <= count; attempt++) {
          orderly.start("poller-a", { ...run, attempt }).finish("poller-a", { ...run, attempt }, "retry");
          hasty.start("poller-a", { ...run, attempt });
          if (attempt !== overlapped) hasty.finish("poller-a", { ...run, attempt }, "retry");
        }
        return placesOf("I1", orderly).length === 0 && placesOf("I1", hasty).length > 0;
      }),
      { numRuns: 30 },
    );
  });
});

describe("I4: the same over several processes", () => {
  const leased = { ...run, generation: 1 };
  const lease = { scope: "E1", generation: 1, takeover: false };

  test("two processes with a live run of one cause break it, and I1 leaves it to I4", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .process("poller-b", "start")
      .start("poller-a", run)
      .start("poller-b", run);
    expect(placesOf("I4", story)).toEqual(["E1 lane 2"]);
    expect(placesOf("I1", story)).toEqual([]);
  });

  test("a run that begins when the lease of the one before has run out holds", () => {
    const story = (seconds: number): Story =>
      Story.ofEpic(2)
        .process("poller-a", "start")
        .process("poller-b", "start")
        .note("poller-a", "lease.acquired", lease)
        .start("poller-a", leased)
        .wait(seconds)
        .note("poller-b", "lease.acquired", { ...lease, generation: 2, takeover: true })
        .start("poller-b", { ...run, generation: 2, attempt: 2 });
    expect(placesOf("I4", story(61))).toEqual([]);
    expect(placesOf("I4", story(40))).toEqual(["E1 lane 2"]);
  });

  test("a renewal keeps the lease alive", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .process("poller-b", "start")
      .note("poller-a", "lease.acquired", lease)
      .start("poller-a", leased)
      .wait(40)
      .answered("poller-a", { name: "disk.write", key: "claim:E1" }, "ok", "")
      .wait(40)
      .start("poller-b", { ...run, attempt: 2 });
    expect(placesOf("I4", story)).toEqual(["E1 lane 2"]);
  });

  test("a lease that its owner knows to be lost leaves room for the next run", () => {
    const story = Story.ofEpic(2)
      .process("poller-a", "start")
      .process("poller-b", "start")
      .note("poller-a", "lease.acquired", lease)
      .start("poller-a", leased)
      .note("poller-a", "lease.lost", { scope: "E1", generation: 1, reason: "expired" })
      .start("poller-b", { ...run, attempt: 2 });
    expect(placesOf("I4", story)).toEqual([]);
  });

  test("says nothing about a run with one process", () => {
    const story = Story.ofEpic(2).process("poller-a", "start").start("poller-a", run);
    expect(judge("I4", story).checked).toBe(0);
  });
});

import type { JsonObject } from "../../src/base/json.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, placesOf, Story, taskOf } from "./story.ts";

const run = { card: "E1", lane: 2 };
const task = taskOf(run);

describe("O1: the right agent, and its artifacts", () => {
  const ended = (story: Story, outcome: string): Story => story.start("poller-a", run).finish("poller-a", run, outcome);

  test("a run that leaves its lane's attachment holds", () => {
    const { violations, checked } = judge("O1", ended(Story.ofEpic(2).attach("E1", "DESIGN.md"), "done"));
    expect(violations).toEqual([]);
    expect(checked).toBe(2);
  });

  test("a run that acknowledges nothing but its own word breaks it", () => {
    expect(placesOf("O1", ended(Story.ofEpic(2), "done"))).toEqual(["E1 lane 2"]);
    expect(placesOf("O1", ended(Story.ofEpic(2), "retry"))).toEqual([]);
  });

  test("a coder's run needs its commit", () => {
    const coding = { card: "E1", lane: 8 };
    const story = (told: Story): Story => told.start("poller-a", coding).finish("poller-a", coding, "done");
    expect(placesOf("O1", story(Story.ofEpic(8).commit(["src/E1.py"])))).toEqual([]);
    expect(placesOf("O1", story(Story.ofEpic(8).commit(["src/E2.py"])))).toEqual(["E1 lane 8"]);
  });

  test("a failure that is not shown, or not explained, breaks it", () => {
    expect(placesOf("O1", ended(Story.ofEpic(2), "failed"))).toEqual(["E1 lane 2"]);
    expect(placesOf("O1", ended(Story.ofEpic(2).tags("E1", ["design-failed"]), "failed"))).toEqual(["E1 lane 2"]);
    const shown = Story.ofEpic(2).tags("E1", ["design-failed"]).comment("E1", "why");
    expect(placesOf("O1", ended(shown, "failed"))).toEqual([]);
  });

  test("a run for a lane that belongs to people breaks it", () => {
    for (const lane of [1, 10, 11]) {
      expect(placesOf("O1", Story.ofEpic(lane).start("poller-a", { card: "E1", lane }))).toEqual([`E1 lane ${lane}`]);
    }
  });

  test("a run for a lane that the card had left before anybody looked breaks it", () => {
    const story = (looks: boolean): Story => {
      const told = Story.ofEpic(2).start("poller-a", run).finish("poller-a", run, "retry");
      if (looks) told.sent("poller-a", "board.getTask", "E1");
      return told;
    };
    const stale = story(false).move("E1", 3);
    stale.note("poller-a", "run.started", { ...started(stale), attempt: 2 }, { task: "late" });
    expect(placesOf("O1", stale)).toEqual([]);
    const blind = story(false).move("E1", 3).sent("poller-a", "board.getTask", "E1");
    blind.note("poller-a", "run.started", { ...started(blind), attempt: 2 }, { task: "late" });
    expect(placesOf("O1", blind)).toEqual(["E1 lane 2"]);
  });

  function started(story: Story): Record<string, string | number> {
    const note = story.events.find((event) => event.kind === "note" && event.name === "run.started");
    return (note as unknown as { fields: Record<string, string | number> }).fields;
  }
});

describe("D1: nothing acknowledged is lost", () => {
  const ratchet = "/srv/projects/e1/.agentleeops/ratchet.json";
  const died = (path: string): Story => {
    const story = Story.ofEpic(2).process("poller-a", "start").write(path, "half");
    // The death falls into the same instant as the write.
    const death = Story.ofEpic(2).process("poller-a", "kill").events.at(-1)!;
    story.events.push({ ...death, atUs: story.events.at(-1)!.atUs });
    return story;
  };

  test("a death in the middle of a write in place breaks it", () => {
    expect(placesOf("D1", died(ratchet))).toEqual(["e1/.agentleeops/ratchet.json"]);
    expect(placesOf("D1", died("/srv/state/runs/E1/7-lane2-12345.json"))).toEqual(["runs/E1/lane2.json"]);
  });

  test("a death in the middle of a temporary file or of git's own files holds", () => {
    for (const path of [
      "/srv/projects/e1/.agentleeops/tmp/x",
      "/srv/projects/e1/.git/index",
      "/srv/state/runs/x.tmp",
    ]) {
      const { violations, checked } = judge("D1", died(path));
      expect(violations, path).toEqual([]);
      expect(checked).toBe(1);
    }
  });

  test("a write in place that breaks off breaks it without a death", () => {
    const story = Story.ofEpic(2).write(ratchet, "half");
    const op = story.op("poller-a", "disk.write", "e1/ratchet");
    story.events.push({ kind: "answered", atUs: story.events.at(-1)!.atUs, op, outcome: "unknown", detail: "EIO" });
    expect(placesOf("D1", story)).toEqual(["e1/.agentleeops/ratchet.json"]);
  });

  test("what a crash of the host undoes must not have been approved", () => {
    const story = Story.ofEpic(2).approve("DESIGN.md").remove("/srv/projects/e1/DESIGN.md", "crash");
    expect(placesOf("D1", story)).toEqual(["e1/DESIGN.md"]);
  });

  test("a crash that undoes a repair in the middle, and brings back what others wrote, is not to blame", () => {
    const path = "/srv/projects/e1/DESIGN.md";
    const repaired = Story.ofEpic(2)
      .approve("DESIGN.md")
      .write(path, "spoilt", "program:pytest")
      .write(path, "approved", "poller-a");
    expect(placesOf("D1", repaired.write(path, "spoilt", "crash"))).toEqual([]);
    expect(placesOf("D1", Story.ofEpic(2).approve("DESIGN.md").write(path, "spoilt", "crash"))).toEqual([
      "e1/DESIGN.md",
    ]);
  });

  test("nor when it brings back the beginning of what others wrote and did not sync", () => {
    const path = "/srv/projects/e1/DESIGN.md";
    const afterCrash = (sizeBytes: number): readonly string[] => {
      const story = Story.ofEpic(2).approve("DESIGN.md").write(path, "spoilt", "program:pytest", 25);
      return placesOf("D1", story.write(path, "approved", "poller-a").write(path, "part", "crash", sizeBytes));
    };
    expect(afterCrash(7)).toEqual([]);
    expect(afterCrash(25)).toEqual(["e1/DESIGN.md"]);
    const removed = Story.ofEpic(2).approve("DESIGN.md").write(path, "spoilt", "program:pytest", 25);
    expect(placesOf("D1", removed.write(path, "approved", "poller-a").remove(path, "crash"))).toEqual(["e1/DESIGN.md"]);
  });

  test("a file that is locked twice had lost its lock", () => {
    const lock = { workspace: "e1", path: "DESIGN.md", hash: "h", card: "E1" };
    const story = Story.ofEpic(2).note("poller-a", "artifact.locked", lock);
    expect(placesOf("D1", story)).toEqual([]);
    expect(placesOf("D1", story.note("poller-a", "artifact.locked", lock))).toEqual(["e1/DESIGN.md"]);
  });
});

describe("C1: costs are explained", () => {
  const begun = (): Story => Story.ofEpic(2).process("poller-a", "start").start("poller-a", run);

  test("answers up to the tries that are allowed hold, one more breaks it", () => {
    const story = begun().completion("E1/design", "poller-a", task).completion("E1/design", "poller-a", task);
    expect(placesOf("C1", story)).toEqual([]);
    expect(placesOf("C1", story.completion("E1/design", "poller-a", task))).toEqual(["E1 lane 2 completions"]);
  });

  test("an answer that was lost, and one that the network asked for twice, explain one more", () => {
    const story = begun()
      .answered("poller-a", { name: "model.complete", key: "planner/E1/design", task }, "unknown", "ETIMEDOUT")
      .completion("E1/design", "poller-a", task)
      .completion("E1/design", "poller-a", task)
      .completion("E1/design", "poller-a", task);
    expect(placesOf("C1", story)).toEqual([]);
  });

  test("coders and test runs are limited for each cause", () => {
    const coders = begun();
    for (let each = 0; each < 2; each++) coders.sent("poller-a", "codex.exec", "E1", task);
    expect(placesOf("C1", coders)).toEqual([]);
    expect(placesOf("C1", coders.sent("poller-a", "codex.exec", "E1", task))).toEqual(["E1 lane 2 coders"]);
    const tests = begun();
    for (let each = 0; each < 4; each++) tests.sent("poller-a", "pytest", "E1", task);
    expect(placesOf("C1", tests)).toEqual([]);
    expect(placesOf("C1", tests.sent("poller-a", "pytest", "E1", task))).toEqual(["E1 lane 2 tests"]);
  });

  test("a comment that comes again breaks it unless its writing was unclear", () => {
    const text = "done\n\n[E1/lane-2/design 5]";
    const twice = Story.ofEpic(2).comment("E1", text).comment("E1", `well ${text}`);
    expect(placesOf("C1", twice)).toEqual(["E1 comment"]);
    const unclear = Story.ofEpic(2)
      .comment("E1", text)
      .answered("poller-a", { name: "board.createComment", key: "E1" }, "unknown", "ECONNRESET")
      .comment("E1", text);
    expect(placesOf("C1", unclear)).toEqual([]);
    const faulty = Story.ofEpic(2)
      .comment("E1", text)
      .fault("poller-a@0/x/board.createComment(E1)#0", "service-fault")
      .comment("E1", text);
    expect(placesOf("C1", faulty)).toEqual([]);
  });

  test("attempts of one cause end", () => {
    const story = Story.ofEpic(2).process("poller-a", "start");
    for (let attempt = 1; attempt <= 4; attempt++) {
      story.start("poller-a", { ...run, attempt }).finish("poller-a", { ...run, attempt }, "retry");
    }
    expect(placesOf("C1", story)).toEqual(["E1 lane 2 attempts"]);
  });
});

describe("V1: the end is visible", () => {
  test("a card that is done, waits at a gate, or is new in the plan holds", () => {
    expect(judge("V1", Story.ofEpic(11))).toMatchObject({ violations: [], checked: 2 });
    expect(placesOf("V1", Story.ofEpic(3).tags("E1", ["locked"]))).toEqual([]);
    expect(placesOf("V1", Story.ofEpic(11).card("E1/S1", 5, { process: "poller-a" }))).toEqual([]);
  });

  test("a card that nobody has touched in a lane of agents breaks it", () => {
    for (let lane = 2; lane <= 9; lane++) expect(placesOf("V1", Story.ofEpic(lane))).toEqual([`E1 lane ${lane}`]);
  });

  test("a stale card waits for people if it says so", () => {
    const stale = Story.ofEpic(11).card("E1/S1", 8, { process: "poller-a" }).tags("E1/S1", ["stale"]);
    expect(placesOf("V1", stale)).toEqual(["E1/S1 lane 8"]);
    expect(placesOf("V1", stale.comment("E1/S1", "What was made is stale: move it back."))).toEqual([]);
  });

  test("an epic that stays where people would have moved it on breaks it", () => {
    expect(placesOf("V1", Story.ofEpic(1))).toEqual(["E1 lane 1"]);
    expect(placesOf("V1", Story.ofEpic(10))).toEqual(["E1 lane 10"]);
  });

  test("a started tag that stays breaks it, wherever the card is", () => {
    for (const lane of [2, 5, 11]) {
      expect(placesOf("V1", Story.ofEpic(lane).tags("E1", ["coding-started"]))).toEqual([`E1 lane ${lane}`]);
    }
  });

  test("and none that a run has just begun to work on again, while its process lives", () => {
    const lease = { scope: "E1", generation: 1, takeover: false };
    const begun = (): Story =>
      Story.ofEpic(5)
        .process("poller-a", "start")
        .note("poller-a", "lease.acquired", lease)
        .tags("E1", ["spawned", "spawning-started"]);
    expect(placesOf("V1", begun())).toEqual([]);
    expect(placesOf("V1", begun().wait(120).comment("E1", "later"))).toContain("E1 lane 5");
    expect(placesOf("V1", begun().process("poller-a", "kill"))).toEqual(["E1 lane 5"]);
    const other = Story.ofEpic(5)
      .process("poller-a", "start")
      .note("poller-a", "lease.acquired", { ...lease, scope: "Z9" });
    expect(placesOf("V1", other.tags("E1", ["spawning-started"]))).toEqual(["E1 lane 5"]);
  });

  test("a failure holds only with a comment and with more faults than the card must survive", () => {
    const failed = (faults: number, words: boolean): Story => {
      const story = Story.ofEpic(2).tags("E1", ["design-failed"]);
      if (words) story.comment("E1", "why");
      for (let each = 0; each < faults; each++) story.fault(`poller-a@0/x/board.getTask(E1)#${each}`);
      return story;
    };
    expect(placesOf("V1", failed(2, true))).toEqual([]);
    expect(placesOf("V1", failed(1, true))).toEqual(["E1 lane 2"]);
    expect(placesOf("V1", failed(2, false))).toEqual(["E1 lane 2"]);
  });

  test("faults of another epic explain nothing", () => {
    const story = Story.ofEpic(2)
      .note("people", "epic.asked", { reference: "Z9", mayFail: false })
      .tags("E1", ["design-failed"])
      .comment("E1", "why");
    for (let each = 0; each < 3; each++) story.fault(`poller-a@0/x/board.getTask(Z9)#${each}`);
    expect(placesOf("V1", story)).toEqual(["E1 lane 2"]);
  });

  test("an epic of which no plan can be carried out may fail without any fault", () => {
    const story = Story.ofEpic(2).tags("E1", ["design-failed"]).comment("E1", "why");
    story.note("people", "epic.asked", { reference: "E1", mayFail: true });
    expect(placesOf("V1", story)).toEqual([]);
  });

  test("a coder that needs every fix that is allowed has none to lose in its lane, and as many as anybody elsewhere", () => {
    const failed = (lane: number, tag: string, coderTries: number): Story => {
      const story = Story.ofEpic(lane).tags("E1", [tag]).comment("E1", "why").fault("poller-a@0/x/codex.exec(E1)#0");
      return story.note("people", "epic.asked", { reference: "E1", mayFail: false, coderTries });
    };
    expect(placesOf("V1", failed(8, "coding-failed", 2))).toEqual([]);
    expect(placesOf("V1", failed(8, "coding-failed", 1))).toEqual(["E1 lane 8"]);
    expect(placesOf("V1", failed(2, "design-failed", 2))).toEqual(["E1 lane 2"]);
  });

  test("a gate is closed to a later attempt when a program wrote over what was approved, and by nothing less", () => {
    const failed = (behaviour: string, words: string): Story =>
      Story.ofEpic(8)
        .tags("E1", ["coding-failed"])
        .comment("E1", words)
        .fault("poller-a@0/x/git.rev-parse(E1)#0", "program-misbehaves", { behaviour: { kind: behaviour } });
    const closed = "**coding-failed**: a gate of the work package is closed.";
    expect(placesOf("V1", failed("editForbiddenFile", closed))).toEqual([]);
    expect(placesOf("V1", failed("editForbiddenFile", "the code was not merged"))).toEqual(["E1 lane 8"]);
    expect(placesOf("V1", failed("leaveGitLock", closed))).toEqual(["E1 lane 8"]);
    const later = failed("editForbiddenFile", closed).comment("E1", "**coding-failed**: the code was not merged.");
    expect(placesOf("V1", later)).toEqual(["E1 lane 8"]);
  });

  test("a lease that a living process keeps for long breaks it", () => {
    const lease = { scope: "E1", generation: 1, takeover: false };
    const held = (): Story => Story.ofEpic(11).process("poller-a", "start").note("poller-a", "lease.acquired", lease);
    expect(placesOf("V1", held().wait(120).comment("E1", "later"))).toEqual(["lease of E1"]);
    expect(placesOf("V1", held().wait(5).comment("E1", "soon"))).toEqual([]);
    expect(placesOf("V1", held().wait(120).process("poller-a", "kill"))).toEqual([]);
    expect(placesOf("V1", held().wait(120).process("poller-a", "pause"))).toEqual([]);
    const released = held().note("poller-a", "lease.released", { scope: "E1", generation: 1 });
    expect(placesOf("V1", released.wait(120).comment("E1", "later"))).toEqual([]);
  });

  test("tags that people saved from an old form and nobody mended break it", () => {
    const worked = (): Story => Story.ofEpic(8).tags("E1", ["coding-started"]).tags("E1", ["coding-complete"]);
    expect(placesOf("V1", worked().tags("E1", ["coding-started"], "people"))).toEqual(["E1 lane 8"]);
    const wiped = worked().tags("E1", [], "people");
    expect(placesOf("V1", wiped)).toEqual(["E1 lane 8"]);
    expect(placesOf("V1", worked().tags("E1", [], "people").tags("E1", ["coding-complete"]))).toEqual([]);
  });

  test("a card that people took back into a lane without agents may show the failure of the lane that it left", () => {
    const takenBack = (mayFail: boolean): Story => {
      const story = Story.ofEpic(2).tags("E1", ["design-failed"]).comment("E1", "why").move("E1", 1);
      return story.note("people", "epic.asked", { reference: "E1", mayFail });
    };
    expect(placesOf("V1", takenBack(true))).toEqual([]);
    expect(placesOf("V1", takenBack(false))).toEqual(["E1 lane 1"]);
  });

  test("a program that still runs long after its start breaks it", () => {
    const program = (type: string): JsonObject => ({ store: "program", type, pid: 1001, name: "codex" });
    const started = (): Story => Story.ofEpic(11).change(undefined, program("program.started"));
    expect(placesOf("V1", started().wait(500).comment("E1", "later"))).toEqual(["program codex"]);
    expect(placesOf("V1", started().wait(100).comment("E1", "soon"))).toEqual([]);
    const ended = started().wait(500).change(undefined, program("program.ended"));
    expect(placesOf("V1", ended.comment("E1", "later"))).toEqual([]);
  });

  test("a lock file of git that later runs did not clear breaks it", () => {
    const path = "/srv/projects/e1/.git/index.lock";
    const left = (): Story => Story.ofEpic(2).process("poller-a", "start").write(path, "", "program:git");
    const after = (told: Story): Story => told.start("poller-a", run).finish("poller-a", run, "done").move("E1", 11);
    expect(placesOf("V1", after(left()))).toEqual(["e1/.git/index.lock"]);
    expect(placesOf("V1", after(left().remove(path, "program:git")))).toEqual([]);
    expect(placesOf("V1", left().move("E1", 11))).toEqual([]);
    // A run that was cut off may not have come so far.
    expect(placesOf("V1", left().start("poller-a", run).process("poller-a", "kill").move("E1", 11))).toEqual([]);
  });

  test("a system that marks every card as failed is found in each run without faults", () => {
    const tags = ["", "", "design-failed", "needs-human", "planning-failed", "spawning-failed", "tests-failed"];
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), (lane) => {
        const story = Story.ofEpic(lane).tags("E1", [tags[lane]!]).comment("E1", "no");
        return placesOf("V1", story).length === 1;
      }),
      { numRuns: 10 },
    );
  });
});

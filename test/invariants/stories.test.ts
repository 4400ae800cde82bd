import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, placesOf, Story, taskOf } from "./story.ts";

const spawn = { card: "E1", lane: 5 };
const by = { process: "poller-a", task: taskOf(spawn) };

/** An epic with an approved plan of these stories, and a run that spawns. */
function spawning(stories: readonly string[]): Story {
  return Story.ofEpic(5)
    .note("people", "plan.approved", { epic: "E1", stories })
    .process("poller-a", "start")
    .approve("prd.json")
    .start("poller-a", spawn);
}

describe("I2: one card for each story", () => {
  test("one card for each story holds", () => {
    const story = spawning(["S1", "S2"]).card("E1/S1", 5, by).card("E1/S2", 5, by).finish("poller-a", spawn, "done");
    const { violations, checked } = judge("I2", story);
    expect(violations).toEqual([]);
    expect(checked).toBe(6);
  });

  test("a story without a card is lost", () => {
    const story = spawning(["S1", "S2"]).card("E1/S1", 5, by).finish("poller-a", spawn, "done");
    expect(placesOf("I2", story)).toEqual(["E1/S2"]);
  });

  test("a missing card is no loss before the fan-out is acknowledged", () => {
    expect(placesOf("I2", spawning(["S1", "S2"]).card("E1/S1", 5, by))).toEqual([]);
  });

  test("the tag of the lane acknowledges as well as a note does", () => {
    const story = spawning(["S1"]).tags("E1", ["spawned"]);
    expect(placesOf("I2", story)).toEqual(["E1/S1"]);
  });

  test("a story that people took away is not lost", () => {
    const story = spawning(["S1"]).card("E1/S1", 5, by).finish("poller-a", spawn, "done").close(2, "people");
    expect(placesOf("I2", story)).toEqual([]);
    const closed = spawning(["S1"]).card("E1/S1", 5, by).comment("E1/S1", "closed").finish("poller-a", spawn, "done");
    expect(placesOf("I2", closed.close(2, "poller-a"))).toEqual(["E1/S1"]);
  });

  test("two cards that one run makes for a story break it, two that the network makes of one do not", () => {
    const twice = spawning(["S1"]).card("E1/S1", 5, by).card("E1/S1", 5, by);
    expect(judge("I2", twice).violations[0]).toMatchObject({ place: "E1/S1", actual: "it asked again at once" });
    const repeated = spawning(["S1"]).card("E1/S1", 5, by);
    const op = repeated.repeated("poller-a@0/card E1 lane 5 attempt 1/board.createTask(E1/S1)#0");
    repeated.change(op, {
      store: "board",
      type: "card.created",
      card: 9,
      project: 1,
      title: "again",
      reference: "E1/S1",
      column: "5. Lane",
      tags: [],
      dateMoved: 0,
    });
    repeated.change(repeated.op("poller-a", "board.createComment", "E1/S1"), {
      store: "board",
      type: "comment.created",
      card: 9,
      comment: 1,
      text: "Closed: a duplicate.",
    });
    repeated.close(9, "poller-a").finish("poller-a", spawn, "done");
    expect(placesOf("I2", repeated)).toEqual([]);
  });

  test("a run that makes a card for a story that has one did not look", () => {
    const later = { ...spawn, attempt: 2 };
    const story = spawning(["S1"])
      .card("E1/S1", 5, by)
      .finish("poller-a", spawn, "retry")
      .start("poller-a", later)
      .card("E1/S1", 5, { process: "poller-a", task: taskOf(later) });
    expect(judge("I2", story).violations[0]).toMatchObject({ place: "E1/S1", expected: "one open card" });
  });

  test("an unclear answer explains one card more, nothing does not", () => {
    const attempts = [1, 2].map((attempt) => ({ ...spawn, attempt }));
    const story = (unclear: boolean): Story => {
      const told = spawning(["S1"]).card("E1/S1", 5, by);
      const surplus = told.lastCard;
      if (unclear) told.answered("poller-a", { name: "board.createTask", key: "E1/S1" }, "unknown", "ETIMEDOUT");
      told
        .comment("E1/S1", "closed as a duplicate")
        .close(surplus, "poller-a")
        .finish("poller-a", attempts[0]!, "retry");
      const task = taskOf(attempts[1]!);
      return told
        .start("poller-a", attempts[1]!)
        .card("E1/S1", 5, { process: "poller-a", task })
        .finish("poller-a", attempts[1]!, "done");
    };
    expect(placesOf("I2", story(true))).toEqual([]);
    expect(placesOf("I2", story(false))).toEqual(["E1/S1"]);
  });

  test("a copy without a key must be used before another card is made", () => {
    const later = { ...spawn, attempt: 2 };
    const story = spawning(["S1"])
      .card("E1", 5, { ...by, copyOf: "E1", for: "E1/S1" })
      .finish("poller-a", spawn, "retry")
      .start("poller-a", later)
      .card("E1", 5, { process: "poller-a", task: taskOf(later), copyOf: "E1", for: "E1/S1" });
    expect(placesOf("I2", story)[0]).toBe("E1");
  });

  test("a copy that stays open without a key is left over", () => {
    const story = spawning(["S1"]).card("E1", 5, { ...by, copyOf: "E1", for: "E1/S1" });
    expect(placesOf("I2", story)).toEqual(["E1 left over"]);
    expect(placesOf("I2", story.key(story.lastCard, "E1/S1", "poller-a"))).toEqual([]);
  });

  test("a surplus card is closed with a reason or not at all", () => {
    const story = spawning(["S1"]).card("E1/S1", 5, by).close(2, "poller-a");
    expect(placesOf("I2", story)).toEqual(["E1/S1 closed"]);
  });

  test("a card that belongs to no story breaks it", () => {
    expect(placesOf("I2", spawning(["S1"]).card("X", 5, by))).toContain("card for X");
  });

  test("whatever the number of open cards of a story, exactly one holds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 }), (count) => {
        const story = spawning(["S1"]);
        for (let card = 0; card < count; card++) {
          story.card("E1/S1", 5, { process: "poller-a", task: `attempt ${card}` });
          story.fault("poller-a@0/x/board.createTask(E1/S1)#0");
        }
        const found = placesOf("I2", story.finish("poller-a", spawn, "done")).includes("E1/S1");
        return found === (count !== 1);
      }),
    );
  });

  test("a loss in which two processes took part is I4's", () => {
    const later = { ...spawn, attempt: 2 };
    const story = spawning(["S1"])
      .finish("poller-a", spawn, "retry")
      .process("poller-b", "start")
      .start("poller-b", later)
      .finish("poller-b", later, "done");
    expect(placesOf("I4", story)).toEqual(["E1/S1"]);
    expect(placesOf("I2", story)).toEqual([]);
  });
});

describe("I3: flood control", () => {
  const many = ["S1", "S2", "S3", "S4"];

  test("an epic over the limit that is refused visibly holds", () => {
    const story = spawning(many)
      .comment("E1", "4 stories, and an epic may have 3")
      .tags("E1", ["spawning-failed"])
      .finish("poller-a", spawn, "failed");
    const { violations, checked } = judge("I3", story);
    expect(violations).toEqual([]);
    expect(checked).toBe(3);
  });

  test("one card for an epic over the limit breaks it", () => {
    expect(placesOf("I3", spawning(many).card("E1/S1", 5, by))).toEqual(["E1"]);
  });

  test("an epic at the limit gets its cards, and not one more", () => {
    const story = spawning(many.slice(0, 3));
    for (const id of many.slice(0, 3)) story.card(`E1/${id}`, 5, by);
    expect(placesOf("I3", story)).toEqual([]);
    expect(placesOf("I3", story.card("E1/S4", 5, by))).toEqual(["E1"]);
  });

  test("a refusal that nobody can see breaks it", () => {
    const story = spawning(many).tags("E1", ["spawning-failed"]).finish("poller-a", spawn, "failed");
    expect(placesOf("I3", story)).toEqual(["E1"]);
  });

  test("a flood that is acknowledged as done breaks it", () => {
    expect(placesOf("I3", spawning(many).finish("poller-a", spawn, "done"))).toEqual(["E1"]);
  });

  test("a story that spawns breaks it", () => {
    const child = { card: "E1/S1", lane: 5 };
    const story = spawning(["S1"])
      .card("E1/S1", 5, by)
      .start("poller-a", child)
      .card("E1/S1x", 5, { process: "poller-a", task: taskOf(child) });
    expect(placesOf("I3", story)).toEqual(["E1"]);
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge, placesOf, Story, taskOf, type RunWords } from "./story.ts";

const task = taskOf({ card: "E1", lane: 2 });

/** From none to twice the limits that are promised here. */
const few = fc.integer({ min: 0, max: 6 });

function begun(run: RunWords = { card: "E1", lane: 2 }): Story {
  return Story.ofEpic(run.lane).process("poller-a", "start").start("poller-a", run);
}

function agent(story: Story, what: "started" | "finished", at: string = task): Story {
  return story.note("poller-a", `agent.${what}`, { card: "E1", agent: "architect" }, { task: at });
}

describe("L1: children of an epic", () => {
  test("an epic may come to as many stories as are allowed, over all of its plans, and to no more", () => {
    fc.assert(
      fc.property(few, few, (first, second) => {
        const story = Story.ofEpic(5);
        for (let each = 0; each < first; each++) story.card(`E1/A${each}`, 5, { process: "poller-a" });
        for (let each = 0; each < first; each++) story.close(story.id(`E1/A${each}`), "poller-a");
        for (let each = 0; each < second; each++) story.card(`E1/B${each}`, 5, { process: "poller-a" });
        const { violations, checked } = judge("L1", story);
        expect(checked).toBe(first + second);
        expect(violations).toHaveLength(Math.max(0, first + second - 3));
      }),
    );
  });

  test("a story's second card, another epic's stories, and cards that people make do not count", () => {
    const story = Story.ofEpic(5).card("Z1", 5);
    for (const id of ["S1", "S1", "S1", "S2", "S3"]) story.card(`E1/${id}`, 5, { process: "poller-a" });
    for (const id of ["S1", "S2", "S3"]) story.card(`Z1/${id}`, 5, { process: "poller-a" });
    for (const id of ["P1", "P2"]) story.card(`E1/${id}`, 5);
    expect(placesOf("L1", story)).toEqual([]);
  });

  test("a copy counts from when it has its story's reference", () => {
    const story = Story.ofEpic(5);
    for (const id of ["S1", "S2", "S3", "S4"]) {
      story.card("E1", 5, { process: "poller-a", copyOf: "E1", for: `E1/${id}` });
      story.key(story.lastCard, `E1/${id}`, "poller-a");
    }
    expect(placesOf("L1", story)).toEqual(["E1 stories"]);
  });
});

describe("L2: retries of a card", () => {
  function attempts(story: Story, count: number, agents: boolean): Story {
    for (let attempt = 1; attempt <= count; attempt++) {
      const run = { card: "E1", lane: 2, attempt };
      story.start("poller-a", run);
      // Two agents of one attempt are one attempt.
      if (agents) agent(agent(story, "started", taskOf(run)), "started", taskOf(run));
      story.finish("poller-a", run, "retry");
    }
    return story;
  }

  test("agents may begin in as many attempts as are allowed, and in no more", () => {
    fc.assert(
      fc.property(few, (count) => {
        const story = attempts(Story.ofEpic(2).process("poller-a", "start"), count, true);
        const { violations, checked } = judge("L2", story);
        expect(checked).toBe(count);
        expect(violations).toHaveLength(Math.max(0, count - 2));
      }),
    );
  });

  test("an attempt that only shows the failure is none", () => {
    expect(placesOf("L2", attempts(Story.ofEpic(2).process("poller-a", "start"), 4, false))).toEqual([]);
  });

  test("a card that people moved anew has all of its attempts again, and so has one whose record was damaged", () => {
    const story = attempts(Story.ofEpic(2).process("poller-a", "start"), 2, true);
    expect(placesOf("L2", attempts(story.move("E1", 3).move("E1", 2), 2, true))).toEqual([]);
    const damaged = attempts(Story.ofEpic(2).process("poller-a", "start"), 2, true);
    const { fields } = damaged.events.find((event) => event.kind === "note" && event.name === "run.started") as never;
    damaged.note("poller-a", "record.corrupt", { card: "E1", cause: fields["cause"] });
    expect(placesOf("L2", attempts(damaged, 2, true))).toEqual([]);
  });
});

describe("L3: iterations of the loop", () => {
  const coding = (attempt: number): RunWords => ({ card: "E1", lane: 8, attempt });

  test("a coder may be asked as often as is allowed, once more after each attempt that was cut off, and no more", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 }), (asked) => {
        const story = Story.ofEpic(8).process("poller-a", "start");
        let sum = 0;
        let broken = 0;
        for (const [index, times] of asked.entries()) {
          const run = coding(index + 1);
          story.start("poller-a", run);
          for (let each = 0; each < times; each++) {
            story.sent("poller-a", "codex.exec", "E1", taskOf(run));
            if (++sum > 2 + index) broken++;
          }
          story.finish("poller-a", run, "retry");
        }
        const { violations, checked } = judge("L3", story);
        expect(checked).toBe(sum);
        expect(violations).toHaveLength(broken);
      }),
    );
  });

  test("each story of a batch has its own share, and a planner's tool has no part in it", () => {
    const story = Story.ofEpic(8).process("poller-a", "start").start("poller-a", coding(1));
    for (const card of ["E1/S1", "E1/S2"]) {
      for (let each = 0; each < 2; each++) story.sent("poller-a", "claude.exec", card, taskOf(coding(1)));
    }
    expect(placesOf("L3", story)).toEqual([]);
    const planning = begun();
    for (let each = 0; each < 5; each++) planning.sent("poller-a", "claude.exec", "E1", task);
    expect(judge("L3", planning)).toEqual({ violations: [], checked: 0 });
  });
});

describe("L4: the time of a step", () => {
  test("a model asked or a program started within the time holds, and beyond it breaks it", () => {
    const things = fc.constantFrom("model.complete", "git.commit", "pytest", "codex.exec");
    fc.assert(
      fc.property(things, fc.integer({ min: 0, max: 120 }), (name, seconds) => {
        const { violations, checked } = judge(
          "L4",
          agent(begun(), "started").wait(seconds).sent("poller-a", name, "E1", task),
        );
        expect(checked).toBe(1);
        // The telling itself takes a second; clocks may differ by one in a hundred.
        expect(violations).toHaveLength(seconds + 1 > 60.6 ? 1 : 0);
      }),
    );
  });

  test("what shows a failure may come later, and another step has its own time", () => {
    const late = agent(begun(), "started").wait(100).sent("poller-a", "board.setTaskTags", "E1", task);
    expect(judge("L4", late)).toEqual({ violations: [], checked: 0 });
    const steps = agent(agent(agent(begun(), "started").wait(50), "finished").wait(50), "started");
    expect(placesOf("L4", steps.wait(50).sent("poller-a", "pytest", "E1", task))).toEqual([]);
    expect(placesOf("L4", steps.wait(50).sent("poller-a", "pytest", "E1", task))).toEqual(["E1 lane 2 architect"]);
  });
});

/** A trace of a run, written aside and put where traces are kept. */
function trace(story: Story, name: string, sizeBytes: number, at: string = task): Story {
  const op = story.op("poller-a", "disk.rename", "e1/traces", at);
  const temporary = `${admin}/tmp/trace-${name}`;
  story.change(op, { store: "disk", type: "file.written", path: temporary, digest: "t", sizeBytes, by: "poller-a" });
  const to = `${admin}/traces/20260105/${name}`;
  return story.change(op, { store: "disk", type: "file.renamed", from: temporary, to, by: "poller-a" });
}

const admin = "/srv/projects/e1/.agentleeops";

describe("L5: traces of a run", () => {
  test("all traces of an attempt count together, and those of another apart", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 });
    fc.assert(
      fc.property(sizes, (each) => {
        const story = begun();
        let sum = 0;
        let broken = 0;
        for (const [index, sizeBytes] of each.entries()) {
          trace(story, `${index}.json`, sizeBytes);
          sum += sizeBytes;
          if (sum > 100) broken++;
        }
        const second = { card: "E1", lane: 2, attempt: 2 };
        trace(story.start("poller-a", second), "other.json", 100, taskOf(second));
        const { violations, checked } = judge("L5", story);
        expect(checked).toBe(each.length + 1);
        expect(violations).toHaveLength(broken);
      }),
    );
  });
});

describe("L6: traces of a workspace", () => {
  test("as many and as much as is allowed may be kept, and no more", () => {
    expect(
      placesOf(
        "L6",
        ["1", "2", "3"].reduce((story, name) => trace(story, name, 80), begun()),
      ),
    ).toEqual([]);
    expect(
      placesOf(
        "L6",
        ["1", "2", "3", "4"].reduce((story, name) => trace(story, name, 1), begun()),
      ),
    ).toEqual(["e1 traces"]);
    expect(
      placesOf(
        "L6",
        ["1", "2"].reduce((story, name) => trace(story, name, 126), begun()),
      ),
    ).toEqual(["e1 traces"]);
  });

  test("what was removed first does not count, a file or a folder", () => {
    for (const path of ["traces/20260105/1", "traces/20260105", "traces"]) {
      const story = ["1", "2", "3"].reduce((told, name) => trace(told, name, 1), begun());
      expect(placesOf("L6", trace(story.remove(`${admin}/${path}`, "poller-a"), "4", 1))).toEqual([]);
    }
    const others = ["1", "2", "3"].reduce((told, name) => trace(told, name, 1), begun());
    expect(placesOf("L6", trace(others.remove(`${admin}/tmp`, "poller-a"), "4", 1))).toEqual(["e1 traces"]);
  });
});

describe("L7: the size of a prompt", () => {
  test("a prompt of as many tokens as are allowed holds, a longer one breaks it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 90, max: 110 }), (promptTokens) => {
        const story = begun();
        const op = story.op("poller-a", "model.complete", "planner/E1/design", task);
        const counts = { promptTokens, completionTokens: 1, finish: "stop" };
        const model = { store: "model", type: "completion", role: "planner", key: "E1/design", promptDigest: "p" };
        const { violations, checked } = judge("L7", story.change(op, { ...model, ...counts }));
        expect(checked).toBe(1);
        expect(violations.map(({ place }) => place)).toEqual(promptTokens > 100 ? ["E1/design prompt"] : []);
      }),
    );
  });
});

describe("L8: board calls of a run", () => {
  test("as many as are allowed hold, each one more breaks it; what others ask is not the run's", () => {
    fc.assert(
      fc.property(few, (count) => {
        const story = begun();
        for (let each = 0; each < 5; each++) story.sent("poller-a", "board.getTask", "E1", "tick 3");
        for (let each = 0; each < 5; each++) story.sent("poller-a", "disk.write", "run:E1", task);
        for (let each = 0; each < count; each++) story.sent("poller-a", "board.getTask", "E1", task);
        const { violations, checked } = judge("L8", story);
        expect(checked).toBe(count);
        expect(violations).toHaveLength(Math.max(0, count - 3));
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "../../src/history/event.ts";
import { CardNames } from "../../src/report/card-names.ts";
import { describeEvent } from "../../src/report/event-words.ts";
import { describeFault } from "../../src/report/fault-words.ts";
import { describeForced } from "../../src/report/forced-words.ts";
import { describeNote } from "../../src/report/note-words.ts";
import { shortText } from "../../src/report/short-text.ts";
import { describeSite } from "../../src/report/site-words.ts";
import { wrappedLines } from "../../src/report/wrapped-lines.ts";

test.each([
  ["poller-a@0/card EPIC-1/S1 lane 5 attempt 1/board.getTask(EPIC-1/S1)#0", "poller-a reads card EPIC-1/S1"],
  ["poller-a@2/main/board.getTask(EPIC-1)#1", "poller-a@2 reads card EPIC-1 (2nd time)"],
  ["poller-a@0/main/board.getTask(EPIC-1)#11", "poller-a reads card EPIC-1 (12th time)"],
  [
    "board@0/board.createTask(EPIC-1)~af4a/webhook.task.create(EPIC-1)#0",
    "board sends the webhook task.create about EPIC-1",
  ],
  ["program:git@0/run/run(a@0/main/git.init(E)#0)#0", "program:git at work (a runs git init for E)"],
  ["world@0/run/world(start poller-a)#0", "start poller-a"],
  ["no site at all", "no site at all"],
])("the site %s is said as %j", (site, words) => {
  expect(describeSite(site)).toBe(words);
});

test("a preemption is said by both steps, in the order in which they come to pass", () => {
  const [forced] = describeForced({
    scenario: "s",
    drawSeed: 1,
    workload: null,
    faults: [],
    delays: [],
    preemptions: [
      { site: "a@0/main/board.getBoard()#0", step: 0, until: { site: "b@0/main/board.removeTask(E)#0", step: 2 } },
    ],
  });
  expect(forced).toEqual({
    kind: "preemption",
    text: "preemption: a reads the board only after b removes card E (part 3)",
    site: "a@0/main/board.getBoard()#0 until b@0/main/board.removeTask(E)#0 step 2",
  });
});

describe("a note of a process", () => {
  test("is told in words", () => {
    expect(describeNote("spawn.intended", { epic: "EPIC-1", story: "S1" })).toBe(
      "notes that it will make a card for story S1",
    );
    expect(describeNote("lease.acquired", { scope: "E", generation: 2, takeover: true })).toBe(
      "takes over the lease of E (generation 2)",
    );
  });

  test("without a reason ends without a colon", () => {
    expect(describeNote("run.finished", { card: "E", lane: 2, outcome: "done", reason: "" })).toBe(
      "ends the run of E in lane 2 as done",
    );
  });

  test("of a list names its items, and nothing where a field is empty", () => {
    expect(describeNote("plan.approved", { epic: "E", stories: ["S1", "S2"] })).toBe(
      "approves the plan of E, with the stories S1, S2",
    );
    expect(describeNote("slip.made", { card: "", kind: "delete" })).toBe("makes a slip: delete");
  });

  test("that nobody has words for stands for itself", () => {
    expect(describeNote("constructor", { b: 1, a: "x" })).toBe("notes constructor: a x, b 1");
  });
});

test("a digest is cut, and a comment loses its mark and all but its first line", () => {
  const digest = "34e157908934283f26fc786104a3dbf72b18cfb01523aced2b9729c9bee1f368";
  expect(shortText(`locked (SHA-256 ${digest}).\n\nWhy: x\n\n[EPIC-1/lane-5/locked prd.json 17]`)).toBe(
    "locked (SHA-256 34e15790…).",
  );
  expect(shortText("[urgent] please")).toBe("[urgent] please");
  expect(shortText("1767603641")).toBe("1767603641");
});

describe("a change of tags", () => {
  const set = (...tags: string[]): HistoryEvent => ({
    kind: "change",
    atUs: 0,
    op: undefined,
    change: { store: "board", type: "tags.set", card: 1, tags },
  });

  test("is told by what comes and what goes", () => {
    const events = [set("a"), set("a", "b"), set("b"), set("b"), set("c", "d")];
    const cards = new CardNames(events);
    expect(events.map((event) => describeEvent(event, cards))).toEqual([
      "gives card 1 the tag a",
      "gives card 1 the tag b",
      "takes the tag a from card 1",
      "sets the tags of card 1 as they are",
      "gives card 1 the tags c, d, takes b from it",
    ]);
  });
});

test("a file that takes another one's place is told by its new name", () => {
  const renamed = (from: string, to: string): string =>
    describeEvent(
      { kind: "change", atUs: 0, op: undefined, change: { store: "disk", type: "file.renamed", from, to, by: "p" } },
      new CardNames([]),
    );
  expect(renamed("/srv/a/.tmp/x.1", "/srv/a/x")).toBe("renames …/.tmp/x.1 to /srv/a/x");
  expect(renamed("/srv/a/y", "/srv/a/x")).toBe("renames …/y to /srv/a/x");
  expect(renamed("/a", "/b")).toBe("renames /a to /b");
});

test("a program's misbehaviour is told without what does not apply", () => {
  const params = { behaviour: { kind: "hangAfterBytes", ignoresSignals: false, sizeBytes: 10, loud: true } };
  expect(describeFault("program-misbehaves", params)).toBe(
    "the program misbehaves: hangAfterBytes, loud, sizeBytes 10",
  );
});

test("wrapped lines keep every word in order and never exceed their width", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,30}$/)), fc.integer({ min: 12, max: 60 }), (words, width) => {
      const lines = wrappedLines("  rule  ", words.join(" "), width);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines.map((line) => line.slice(8).replaceAll(" ", "")).join("")).toBe(words.join(""));
      for (const line of lines.slice(1)) expect(line.startsWith("        ")).toBe(true);
    }),
  );
});

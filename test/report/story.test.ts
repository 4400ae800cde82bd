import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { describeEvent } from "../../src/report/event-words.ts";
import { CardNames } from "../../src/report/card-names.ts";
import { plainLine } from "../../src/report/plain-line.ts";
import { describeRule, describeWhy, tellStory, traceLines } from "../../src/report/story.ts";
import { clockTime, virtualTime } from "../../src/report/virtual-time.ts";
import { showView } from "../../src/report/world-view.ts";
import { toy } from "../campaign/toy-scenarios.ts";

beforeAll(() => installGuards());

const input = emptyCase(toy("counter-racy"), 1, 1);
let nextId = 0;

function op(process: string, name: string, key: string): OpIdentity {
  const id = nextId++;
  const site = `${process}@0/main/${name}(${key})#0`;
  return { id, site, process, incarnation: 0, taskName: "main", name, key, occurrence: 0 };
}

/** A read of another card, over and over. */
function noise(count: number, atUs: number): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const read = op("poller-b", "board.getTask", `OTHER-${index}`);
    return { kind: "answered", atUs, op: read, outcome: "ok", detail: "" } as const;
  });
}

/** Other cards get tags, over and over. */
function otherCards(count: number): HistoryEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "change",
    atUs: 5_700,
    op: op("poller-b", "board.setTaskTags", `OTHER-${index}`),
    change: { store: "board", type: "tags.set", card: 100 + index, tags: ["other"] },
  }));
}

const created: HistoryEvent = {
  kind: "change",
  atUs: 5_000,
  op: op("poller-a", "board.createTask", "EPIC-1/S2"),
  change: { store: "board", type: "card.created", card: 17, title: "Pay", reference: "EPIC-1/S2", column: "Design" },
};
const tagged: HistoryEvent = {
  kind: "change",
  atUs: 6_000,
  op: op("poller-a", "board.setTaskTags", "EPIC-1/S2"),
  change: { store: "board", type: "tags.set", card: 17, tags: ["started"] },
};
const lost: HistoryEvent = {
  kind: "fault",
  atUs: 4_000,
  site: "poller-a@0/main/board.createTask(EPIC-1/S2)#0",
  fault: "answer-lost",
  params: {},
  effect: "done",
};
const killed: HistoryEvent = {
  kind: "process",
  atUs: 7_000,
  process: "poller-a",
  incarnation: 0,
  what: "kill",
  reason: "",
};

const events: HistoryEvent[] = [
  ...noise(200, 1_000),
  lost,
  created,
  ...noise(200, 5_500),
  ...otherCards(60),
  tagged,
  killed,
  ...noise(9, 8_000),
];
const violation: Violation = {
  invariant: "I2",
  rule: "No story is ever lost.",
  place: "EPIC-1/S2",
  message: "The story has two children.",
  expected: 1,
  actual: 2,
  atUs: 6_000,
  eventIndex: events.indexOf(tagged),
};

describe("a story", () => {
  const story = tellStory({ events, case: input, violation });

  test("tells faults, what they did to processes before the failure, and what happened to the card", () => {
    const text = story.join("\n");
    expect(text).toContain("the effect takes place, the answer is lost");
    expect(text).toContain("creates card EPIC-1/S2 (17) in Design");
    expect(text).toContain("gives card EPIC-1/S2 (17) the tag started");
    expect(text).not.toContain("is killed");
  });

  test("fits a screen, and says how much it leaves out", () => {
    expect(story.length).toBeLessThan(50);
    const told = story.filter((line) => /^ {2}[ >] +\d+ /.test(line)).length;
    expect(told).toBeLessThanOrEqual(40);
    expect(story.join("\n")).toContain(`${events.length - told} of ${events.length} left out`);
  });

  test("marks the line at which the rule is broken, under the number of its event", () => {
    const marked = story.filter((line) => line.startsWith("  >"));
    expect(marked).toHaveLength(1);
    expect(marked[0]).toContain(` ${violation.eventIndex} `);
  });

  test("says that the rule is not kept when that shows only at the end", () => {
    const atEnd = tellStory({ events, case: input, violation: { ...violation, eventIndex: events.length } });
    expect(atEnd.at(-1)).toMatch(/^ {2}> +end .*the rule is not kept/);
    expect(atEnd.join("\n")).toContain("is killed");
  });

  test("stops at the event it is asked to stop at", () => {
    const early = tellStory({ events, case: input, violation, untilEvent: 201 });
    expect(early.join("\n")).toContain("creates card");
    expect(early.join("\n")).not.toContain("the tag started");
  });

  test("names what the case forces", () => {
    const forced = tellStory({
      events,
      case: {
        ...input,
        faults: [{ kind: "request-delayed", delayMs: 1_500, site: "s" }],
        delays: [{ site: "t", step: 1, extraUs: 2_500 }],
      },
    }).join("\n");
    expect(forced).toContain("1 fault, 0 preemptions, 1 delay");
    expect(forced).toContain("fault request-delayed: the request arrives 1500 ms late, as s\n      at s");
    expect(forced).toContain("delay: t (part 2) 2.5 ms late\n      at t step 1");
  });
});

test("the failure itself gives rule and place first, and why it is one in the end", () => {
  expect(describeRule(violation)).toEqual(["  rule   I2: No story is ever lost.", "  place  EPIC-1/S2"]);
  expect(describeWhy(violation)).toEqual([
    "  Why the rule is broken",
    "    The story has two children.",
    "    expected  1",
    "    actual    2",
  ]);
});

test("the trace has one line for each event, with its site", () => {
  const lines = traceLines(events);
  expect(lines).toHaveLength(events.length);
  expect(lines[201]).toContain("[poller-a@0/main/board.createTask(EPIC-1/S2)#0]");
});

test("an operation without words of its own stands for itself, with what it is done to", () => {
  const unknown: HistoryEvent = {
    kind: "answered",
    atUs: 0,
    op: op("p", "x.y", "k"),
    outcome: "unknown",
    detail: "ETIMEDOUT",
  };
  expect(describeEvent(unknown, new CardNames([]))).toBe("x.y k: cannot know whether it took effect (ETIMEDOUT)");
});

describe("text from outside", () => {
  test("never leaves its line or moves the cursor, and keeps to its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 80 }), (text, lengthMax) => {
        const line = plainLine(text, lengthMax);
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect([...line].length).toBeLessThanOrEqual(lengthMax);
      }),
    );
  });

  test("that is plain stays as it is", () => {
    expect(plainLine("Épic 7: déjà vu", 80)).toBe("Épic 7: déjà vu");
  });
});

test("virtual time is exact to the millisecond at every length", () => {
  expect([0, 63_512_000, 119_999_000, 123_512_000, 3_723_004_000].map(virtualTime)).toEqual([
    "0.000 s",
    "63.512 s",
    "119.999 s",
    "2 min 03.512 s",
    "1 h 02 min 03.004 s",
  ]);
});

test("a clock shows the same times in a column", () => {
  expect([0, 63_512_000, 599_999_600, 3_723_004_000].map(clockTime)).toEqual([
    "0:00.000",
    "1:03.512",
    "10:00.000",
    "1:02:03.004",
  ]);
});

describe("a view", () => {
  test("of the board follows cards through moves, tags and removal", () => {
    const moved: HistoryEvent = {
      kind: "change",
      atUs: 0,
      op: undefined,
      change: { store: "board", type: "card.moved", card: 17, from: "Design", to: "Tests" },
    };
    const removed: HistoryEvent = { ...moved, change: { store: "board", type: "card.removed", card: 17 } };
    expect(showView("board", [created, tagged, moved]).at(-1)).toMatch(/EPIC-1\/S2 \(17\) +Tests +open +started/);
    expect(showView("board", [tagged]).at(-1)).toMatch(/card 17 +as before the run +open +started/);
    expect(showView("board", [tagged, moved]).at(-1)).toMatch(/card 17 +Tests +open +started/);
    expect(showView("board", [created, moved, removed])).toEqual(["  board: nothing"]);
  });

  test("of files follows folders that are renamed into themselves", () => {
    const disk = (change: { type: string; path?: string; from?: string; to?: string }): HistoryEvent => ({
      kind: "change",
      atUs: 0,
      op: undefined,
      change: { store: "disk", by: "p", sizeBytes: 3, digest: "0123456789abcdef", ...change },
    });
    const lines = showView("files", [
      disk({ type: "file.written", path: "/a/x" }),
      disk({ type: "file.renamed", from: "/a", to: "/a/b" }),
      disk({ type: "file.written", path: "/gone" }),
      disk({ type: "file.removed", path: "/gone" }),
    ]);
    expect(lines.slice(3).map((line) => line.trim().split(/ +/))).toEqual([["/a/b/x", "3", "01234567", "p"]]);
  });

  test("of processes says what each waits for, and forgets it when the process dies", () => {
    const start: HistoryEvent = { ...killed, what: "start" };
    const sent: HistoryEvent = { kind: "sent", atUs: 0, op: op("poller-a", "board.getTask", "EPIC-1") };
    expect(showView("processes", [start, sent]).at(-1)).toMatch(/poller-a +0 +runs +reads card EPIC-1/);
    expect(showView("processes", [start, sent, killed]).at(-1)).toMatch(/poller-a +0 +killed$/);
  });
});

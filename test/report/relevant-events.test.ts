import { beforeAll, describe, expect, test } from "vitest";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { relevantEvents } from "../../src/report/relevant-events.ts";
import { toy } from "../campaign/toy-scenarios.ts";

beforeAll(() => installGuards());

const input = emptyCase(toy("counter-racy"), 1, 1);
let nextId = 0;

function op(name: string, key: string): OpIdentity {
  const id = nextId++;
  const site = `poller-a@0/main/${name}(${key})#0`;
  return { id, site, process: "poller-a", incarnation: 0, taskName: "main", name, key, occurrence: 0 };
}

function change(fields: Record<string, string | number>): HistoryEvent {
  const { store = "board", type = "card.updated", ...rest } = fields;
  return {
    kind: "change",
    atUs: 1_000,
    op: undefined,
    change: { store: String(store), type: String(type), ...rest },
  };
}

function answered(key: string, outcome: "ok" | "fail" = "ok", detail = ""): HistoryEvent {
  return { kind: "answered", atUs: 1_000, op: op("disk.readText", key), outcome, detail };
}

const fault: HistoryEvent = {
  kind: "fault",
  atUs: 1_000,
  site: "s",
  fault: "answer-lost",
  params: {},
  effect: "done",
};

/** @returns what of these events is told, in order, when it shows at the end that `place` is broken */
function told(events: readonly HistoryEvent[], place: string, linesMax = 24): HistoryEvent[] {
  const violation: Violation = {
    invariant: "V1",
    rule: "",
    place,
    message: "",
    atUs: 2_000,
    eventIndex: events.length,
  };
  return relevantEvents({ events, case: input, violation, linesMax }).map((index) => events[index]!);
}

describe("what bears on a failure", () => {
  const epic = change({ card: 1, reference: "EPIC-1", type: "card.moved" });
  const story = change({ card: 2, reference: "EPIC-1/S1", type: "card.moved" });
  const record = change({ store: "disk", type: "file.renamed", from: "a", to: "/runs/EPIC-1/1-lane5.json" });

  test("is the card that the place names, before cards and files whose names only begin so", () => {
    expect(told([story, record, epic], "EPIC-1 lane 5", 1)).toEqual([epic]);
    expect(told([epic, record, story], "EPIC-1/S1 lane 5", 1)).toEqual([story]);
  });

  test("is what it belongs to next: the epic of a story", () => {
    const others = Array.from({ length: 30 }, (_, card) => change({ card: 10 + card, reference: `OTHER-${card}` }));
    expect(told([epic, ...others], "EPIC-1/S1", 1)).toEqual([epic]);
  });

  test("is not every lane when it names one", () => {
    const lanes = Array.from({ length: 30 }, (_, lane) => change({ card: 9, reference: "X", column: `lane ${lane}` }));
    expect(told([story, ...lanes], "EPIC-1/S1 lane 5", 1)).toEqual([story]);
  });

  test("is no temporary file that gets its name later, and no look for what was not there", () => {
    const written = change({ store: "disk", type: "file.written", path: "/p/DESIGN.md.tmp" });
    const renamed = change({ store: "disk", type: "file.renamed", from: "/p/DESIGN.md.tmp", to: "/p/DESIGN.md" });
    const missed = answered("DESIGN.md", "fail", "ENOENT");
    const failed = answered("DESIGN.md", "fail", "EIO");
    expect(told([written, missed, renamed, failed], "DESIGN.md", 2)).toEqual([renamed, failed]);
  });

  test("leaves out what has nothing to do with it but for a few lines around the last fault", () => {
    const noise = (count: number): HistoryEvent[] =>
      Array.from({ length: count }, (_, index) => answered(`X-${index}`));
    const early = noise(300);
    const near = noise(20);
    const late = noise(300);
    const lines = told([story, ...early, ...near, fault, ...late], "EPIC-1/S1");
    expect(lines).toContain(story);
    expect(lines).toContain(fault);
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines.filter((event) => early.includes(event))).toEqual([]);
  });
});

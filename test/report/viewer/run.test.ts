import { beforeAll, describe, expect, test } from "vitest";
import type { HistoryEvent, OpIdentity } from "../../../src/history/event.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { EventSearch, everything, isMark } from "../../../src/report/viewer/page/event-filter.ts";
import { Neighbour } from "../../../src/report/viewer/page/neighbour.ts";
import { Run } from "../../../src/report/viewer/page/run.ts";
import { asOnPage, keptRuns, recordedEvents } from "./recorded-run.ts";

beforeAll(() => installGuards());

let nextId = 0;

function op(process: string, name: string, key: string, taskName = "main"): OpIdentity {
  const site = `${process}@0/${taskName}/${name}(${key})#0`;
  return { id: nextId++, site, process, incarnation: 0, taskName, name, key, occurrence: 0 };
}

function start(process: string): HistoryEvent {
  return { kind: "process", atUs: 0, process, incarnation: 0, what: "start", reason: "" };
}

function nameOfLane(run: Run, index: number): string {
  return run.lanes[run.laneOf[index]!]!.name;
}

describe("the lanes of a run", () => {
  test("are its processes in order of appearance, then the services, and each event stands in one", async () => {
    const run = new Run((await keptRuns("crash-anywhere-F39")).failing.history.events);
    const names = run.lanes.map(({ name }) => name);
    expect(names.slice(-6)).toEqual(["board", "model", "disk", "git", "programs", "world"]);
    for (const [index, event] of run.events.entries()) {
      if (event.kind === "process" || event.kind === "note") expect(nameOfLane(run, index)).toBe(event.process);
      if (event.kind === "change" && event.change.store === "board") expect(nameOfLane(run, index)).toBe("board");
      expect(run.laneOf[index]).toBeLessThan(run.lanes.length);
    }
  });

  test("let a call reach the service that it is named after, and a sleep stay where it is", async () => {
    const run = new Run((await keptRuns("crash-anywhere-F39")).failing.history.events);
    const target = (name: string): string | undefined => {
      const span = run.spans.find((each) => each.op.name === name)!;
      return span.to === undefined ? undefined : run.lanes[span.to]!.name;
    };
    expect(target("board.getTask")).toBe("board");
    expect(target("disk.write")).toBe("disk");
    expect(target("git.commit")).toBe("git");
    expect(target("pytest")).toBe("programs");
    expect(target("clock.sleep")).toBeUndefined();
  });

  test("hold a call from its sending to its answer, with its changes and the fault that struck it between", () => {
    const call = op("poller", "board.createTask", "S1");
    const sent: HistoryEvent = { kind: "sent", atUs: 1, op: call };
    const fault: HistoryEvent = {
      kind: "fault",
      atUs: 1,
      site: call.site,
      fault: "answer-lost",
      params: {},
      effect: "done",
    };
    const change: HistoryEvent = {
      kind: "change",
      atUs: 2,
      op: call,
      change: { store: "board", type: "card.created", card: 1 },
    };
    const answered: HistoryEvent = { kind: "answered", atUs: 3, op: call, outcome: "unknown", detail: "ETIMEDOUT" };
    const whole = new Run([start("poller"), sent, fault, change, answered]);
    expect(whole.spans[0]).toMatchObject({ sent: 1, effects: [3], answered: 4, outcome: "unknown", last: 4 });
    expect(nameOfLane(whole, 2)).toBe("poller");
    expect(new Run([start("poller"), sent, change]).spans[0]).toMatchObject({ answered: -1, outcome: "pending" });
  });
});

describe("causes", () => {
  test("lead from a change of the board to its webhook, and from there to what its receiver does", () => {
    const move = op("people", "board.moveTaskPosition", "EPIC-1");
    const hook = op("board", "webhook.task.move.column", "EPIC-1", "board.moveTaskPosition(EPIC-1)~ba8b275d");
    const events: HistoryEvent[] = [
      start("people"),
      start("webhooks"),
      { kind: "sent", atUs: 1, op: move },
      {
        kind: "change",
        atUs: 2,
        op: move,
        change: { store: "board", type: "card.moved", card: 1, from: "a", to: "b" },
      },
      { kind: "sent", atUs: 3, op: hook },
      {
        kind: "note",
        atUs: 4,
        process: "webhooks",
        incarnation: 0,
        task: "webhook.task.move.column(EPIC-1)~0af3bfd6",
        name: "webhook.accepted",
        fields: {},
      },
    ];
    const run = new Run(events);
    expect(run.causes).toEqual([
      { from: 3, to: 4 },
      { from: 4, to: 5 },
    ]);
    expect(run.lanes[run.spans[1]!.to!]!.name).toBe("webhooks");
  });

  test("are found for every webhook and every program of a run", async () => {
    const run = new Run(await recordedEvents("duplicate-webhooks", "first-due", 0));
    const caused = new Set(run.causes.map(({ to }) => to));
    for (const [index, event] of run.events.entries()) {
      if (event.kind === "note" && event.name === "webhook.accepted") expect(caused.has(index)).toBe(true);
      if (event.kind === "sent" && event.op.process === "program:git") expect(caused.has(index)).toBe(true);
    }
    expect(run.causes.every(({ from, to }) => from < to)).toBe(true);
  });
});

describe("a filter", () => {
  test("shows what has the words, the actor and the kind that it asks for, and everything when it asks for nothing", async () => {
    const run = new Run(asOnPage((await keptRuns("partial-spawn-F22")).failing.history.events));
    const search = new EventSearch(run, new Set([3, 5]));
    expect(search.find(everything)).toHaveLength(run.events.length);
    expect(search.find({ ...everything, onlyTold: true })).toEqual([3, 5]);
    const faults = search.find({ ...everything, kind: "faults and failures" });
    expect(faults).toEqual(
      expect.arrayContaining(run.events.flatMap((event, index) => (isMark(event) ? [index] : []))),
    );
    for (const index of search.find({ ...everything, search: "SPAWNER" })) {
      expect(`${run.text(index)} ${JSON.stringify(run.events[index])}`.toLowerCase()).toContain("spawner");
    }
    for (const index of search.find({ ...everything, actor: "people" })) {
      expect(JSON.stringify(run.events[index])).toContain("people");
    }
  });
});

describe("a passing neighbour", () => {
  test("is as far as the failing run where both are the same, and from there on as late", async () => {
    const runs = await keptRuns("partial-spawn-F22");
    const failing = asOnPage(runs.failing.history.events);
    const holding = asOnPage(runs.holding.history.events);
    const neighbour = new Neighbour(failing, "the fault", holding);
    const { sameEvents } = neighbour;
    expect(sameEvents).toBeGreaterThan(0);
    expect(sameEvents).toBeLessThan(failing.length);
    for (let length = 0; length <= failing.length; length++) {
      const beside = neighbour.lengthBeside(length);
      if (length <= sameEvents) expect(beside).toBe(length);
      else if (length < failing.length) {
        const { atUs } = failing[length - 1]!;
        for (const { atUs: otherUs } of holding.slice(sameEvents, beside)) expect(otherUs).toBeLessThanOrEqual(atUs);
        if (beside < holding.length) expect(holding[beside]!.atUs).toBeGreaterThan(atUs);
      } else expect(beside).toBe(holding.length);
    }
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { laneByLane, referenceWorkloads } from "../../scenarios/lane-by-lane/scenario.ts";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import { largestOf, Meter, measureHistory, type Meters, type Tally } from "../../src/limits/meters.ts";
import { runCase } from "../../src/sim/run-case.ts";

let events: readonly HistoryEvent[];
let meters: Meters;

beforeAll(async () => {
  const scenario = laneByLane.build();
  const { history } = await runCase(scenario, {
    scenario: scenario.name,
    drawSeed: 1,
    workload: referenceWorkloads["a story"],
    faults: [],
    preemptions: [],
    delays: [],
  });
  events = history.events;
  meters = measureHistory(events);
});

describe("the meters of a run", () => {
  test("count the same whether it is read as it goes on or afterwards", () => {
    const meter = new Meter();
    for (const event of events) meter.observe(event);
    expect(meter.read()).toEqual(meters);
  });

  test("count every request of the system to the board, and none of people", () => {
    const sent = events.filter((event) => event.kind === "sent" && event.op.name.startsWith("board."));
    const ofSystem = sent.filter((event) => event.kind === "sent" && event.op.process !== "people");
    expect(ofSystem.length).toBeLessThan(sent.length);
    expect(meters.boardCalls).toBe(ofSystem.length);
  });

  test("tell the calls of each card, run and look over the board apart", () => {
    expect([...meters.boardCallsByCard.keys()].toSorted()).toEqual(["EPIC-1", "EPIC-1/S1"]);
    expect(meters.runs).toBe(9);
    expect(meters.boardCallsByRun.size).toBe(9);
    for (const tally of [meters.boardCallsByCard, meters.boardCallsByRun, meters.boardCallsByTick]) {
      expect(sumOf(tally)).toBeGreaterThan(0);
      expect(sumOf(tally)).toBeLessThanOrEqual(meters.boardCalls);
    }
    expect(meters.boardCallsByTick.get("poller-a@0 tick 0")).toBe(3);
  });

  test("count what models, programs, comments and traces came to, by whose they were", () => {
    expect(Object.fromEntries(meters.modelCallsByCard)).toEqual({ "EPIC-1": 2, "EPIC-1/S1": 2 });
    expect(meters.promptTokens).toBeGreaterThan(meters.promptTokensMax);
    expect([...meters.programsByName.keys()].toSorted()).toEqual(["codex", "git", "pytest"]);
    expect(sumOf(meters.commentsByCard)).toBe(meters.comments);
    expect(meters.traceFilesKept).toBe(6);
    expect(sumOf(meters.traceBytesByRun)).toBe(meters.traceBytesWritten);
    expect(Object.fromEntries(meters.childrenByEpic)).toEqual({ "EPIC-1": 1 });
  });

  test("know a step of an agent by how long it took", () => {
    expect(meters.stepMsByAgent.get("ralph")).toBe(meters.stepMsMax);
    expect(meters.stepMsMax).toBeGreaterThan(10_000);
  });
});

describe("requests that nobody has named", () => {
  const boardUrl = "http://board.test/jsonrpc.php";

  test("are known by the interface that they go to", () => {
    const counted = measureHistory([
      sent({ name: "http.POST", key: boardUrl }),
      sent({ name: "http.POST", key: "http://model.test/v1/chat/completions" }),
      sent({ name: "http.POST", key: "http://model.test/v1/messages" }),
      sent({ name: "http.GET", key: "http://elsewhere.test/" }),
    ]);
    expect(counted).toMatchObject({ boardCalls: 1, modelCalls: 2, ops: 4 });
  });

  test("of people, the network and services count for nobody", () => {
    const outside = ["people", "network", "board", "program:git"];
    const counted = measureHistory(outside.map((process) => sent({ process, name: "board.getTask", key: "" })));
    expect(counted).toMatchObject({ boardCalls: 0, ops: outside.length });
  });
});

describe("files", () => {
  test("that are renamed or removed with their folder are counted where they are", () => {
    const counted = measureHistory([
      disk({ type: "file.written", path: "/w/tmp/1", sizeBytes: 10 }),
      disk({ type: "file.renamed", from: "/w/tmp/1", to: "/w/traces/1.json" }),
      disk({ type: "file.written", path: "/w/traces/2.json", sizeBytes: 5 }),
      disk({ type: "file.written", path: "/w/src/a.py", sizeBytes: 3 }),
      disk({ type: "file.removed", path: "/w/src" }),
      disk({ type: "file.removed", path: "/w/traces/2.json" }),
    ]);
    expect(counted).toMatchObject({ filesWritten: 3, filesKept: 1, fileBytesKept: 10 });
    expect(counted).toMatchObject({ traceFilesWritten: 2, traceBytesWritten: 15, traceFilesKept: 1 });
  });
});

test("the largest of a tally is the first of equals", () => {
  const tally = new Map([
    ["a", 1],
    ["b", 3],
    ["c", 3],
  ]);
  expect(largestOf(tally)).toEqual({ key: "b", value: 3 });
  expect(largestOf(new Map())).toBeUndefined();
});

function sumOf(tally: Tally): number {
  return [...tally.values()].reduce((sum, value) => sum + value, 0);
}

function sent({ process = "worker", name, key }: { process?: string; name: string; key: string }): HistoryEvent {
  const op: OpIdentity = { id: 0, site: "", process, incarnation: 0, taskName: "main", name, key, occurrence: 0 };
  return { kind: "sent", atUs: 0, op };
}

function disk(change: { readonly type: string; readonly [member: string]: string | number }): HistoryEvent {
  return { kind: "change", atUs: 0, op: undefined, change: { store: "disk", by: "worker", digest: "", ...change } };
}

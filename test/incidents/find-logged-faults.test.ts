import { expect, test } from "vitest";
import { findLoggedFaults, shownKinds } from "../../src/incidents/find-logged-faults.ts";
import { timelineOf, type Timeline } from "../../src/incidents/timeline.ts";
import { read, serveLine } from "./read.ts";

const settings = { families: [], faultsMax: 3, faultsUntilMs: 60_000, restartAfterMsMax: 5_000 };
const timeline = (files: Readonly<Record<string, string>>): Timeline => timelineOf(read(files));
const at = (second: number, ms = 0): string => new Date(Date.UTC(2026, 0, 5, 9, 0, second, ms)).toISOString();
const move = (second: number, lane: number, movedS = 1_767_603_600 + second): string =>
  JSON.stringify({
    at: at(second),
    event_name: "task.move.column",
    event_data: { task: { id: 1, reference: "E1", column_position: lane, date_moved: movedS } },
  });

test("a reason that the orchestrator gives becomes the faults that look so, after its last word", () => {
  const log = [
    serveLine(at(1), "poller-1", "spawn.intended", { epic: "E1", story: "S2" }),
    serveLine(at(11), "poller-1", "run.finished", {
      card: "E1",
      lane: 5,
      outcome: "retry",
      reason: "the board did not answer: ETIMEDOUT",
    }),
  ];
  expect(findLoggedFaults(timeline({ log: log.join("\n") }), settings)).toMatchObject([
    {
      words: "the board did not answer",
      seams: ["board"],
      specs: [{ kind: "request-lost" }, { kind: "answer-lost" }, { kind: "request-delayed" }, { kind: "partition" }],
      after: { name: "spawn.intended", fields: { epic: "E1", story: "S2" }, occurrence: 0 },
    },
  ]);
});

test.each([
  ["the board answered 503 without a JSON-RPC reply", "board", ["answered-with", "answered-with"]],
  ["the board answered 0: General error: 5 database is locked", "board", ["service-fault", "service-fault"]],
  ["the model did not answer: ECONNRESET", "model", ["answer-reset", "answer-truncated"]],
  ["the board did not answer: ECONNREFUSED", "board", ["refused"]],
])("%s is a fault at the %s", (reason, seam, kinds) => {
  const log = serveLine(at(1), "poller-1", "poll.failed", { reason });
  const [fault] = findLoggedFaults(timeline({ log }), settings);
  expect(fault!.seams).toEqual([seam]);
  expect(fault!.specs.map(({ kind }) => kind)).toEqual(kinds);
});

test("an error of a server that the orchestrator tells of is one fault, not two", () => {
  const log = serveLine(at(2), "poller-1", "poll.failed", { reason: "the board answered 502" });
  const access = '1.2.3.4 - - [05/Jan/2026:09:00:01 +0000] "POST /jsonrpc.php HTTP/1.1" 502 1';
  expect(findLoggedFaults(timeline({ log, access }), settings)).toHaveLength(1);
  expect(findLoggedFaults(timeline({ access }), settings)).toMatchObject([{ words: "the board answered 502" }]);
});

test("a webhook that came twice, late or never is a fault of its delivery", () => {
  const activity = JSON.stringify(
    [10, 20, 40].map((second, index) => ({
      id: index,
      date_creation: 1_767_603_600 + second,
      event_name: "task.move.column",
      author_username: "alice",
      task: { id: 1, reference: "E1", column_position: index + 2, date_moved: 1_767_603_600 + second },
    })),
  );
  // The second move never arrived, the first one twice, the third one after half a minute.
  const hooks = [move(10, 2), move(14, 2, 1_767_603_610), move(70, 4, 1_767_603_640)].join("\n");
  const faults = findLoggedFaults(timeline({ activity, hooks }), settings);
  expect(faults.map(({ words, specs }) => [words, specs[0]])).toEqual([
    ["the webhook task.move.column of E1 came twice", { kind: "request-duplicated", afterMs: 4_000 }],
    ["the webhook task.move.column of E1 never came", { kind: "request-lost" }],
    ["the webhook task.move.column of E1 came late", { kind: "request-delayed", delayMs: 30_000 }],
  ]);
  expect(faults.map(({ passedMax }) => passedMax)).toEqual([0, 1, 1]);
  expect(shownKinds(timeline({ activity, hooks }))).toMatchObject({ webhooks: true, crashes: false });
});

test("a start without a stop before it is a crash of each role that was at work", () => {
  const log = [
    serveLine(at(0), "serve", "serve.started"),
    serveLine(at(1), "poller-1", "run.started", { card: "E1", lane: 5 }),
    serveLine(at(2), "webhook", "webhook.accepted", { card: "E1" }),
    serveLine(at(9), "serve", "serve.started"),
    serveLine(at(12), "serve", "serve.stopped"),
    serveLine(at(20), "serve", "serve.started"),
  ];
  const faults = findLoggedFaults(timeline({ log: log.join("\n") }), settings);
  expect(faults.map(({ after }) => after!.name)).toEqual(["run.started", "webhook.accepted"]);
  expect(faults[0]!.specs).toContainEqual({ kind: "kill", when: "during", restartAfterMs: 5_000 });
});

test("it may have been the whole host if no other process went on", () => {
  const lives = (second: number): string =>
    [
      serveLine(at(0), "serve", "serve.started"),
      serveLine(at(1), "poller-1", "run.started", { card: "E1", lane: 5 }),
      serveLine(at(second), "serve", "serve.started"),
    ].join("\n");
  const kindsOf = (files: Readonly<Record<string, string>>): readonly string[] => [
    ...new Set(findLoggedFaults(timeline(files), settings).flatMap(({ specs }) => specs.map(({ kind }) => kind))),
  ];
  const goesOn = serveLine(at(0), "serve", "serve.started");
  expect(kindsOf({ a: lives(9), b: lives(11) })).toEqual(["kill", "host-crash"]);
  expect(kindsOf({ a: lives(30), b: goesOn })).toEqual(["kill"]);
});

test("spans name the operation that failed, and what is said of it later is not another fault", () => {
  const span = JSON.stringify({
    process: 7,
    role: "poller-1",
    taskId: 1,
    task: "card E1 lane 5 attempt 1",
    agent: "spawner",
    requestId: 3,
    kind: "board",
    name: "board.createTask",
    key: "E1/S2",
    startMs: 1_000,
    endMs: 11_000,
    outcome: "unknown",
  });
  const log = serveLine(at(11), "poller-1", "run.finished", {
    card: "E1",
    reason: "the board did not answer: ETIMEDOUT",
  });
  expect(findLoggedFaults(timeline({ span, log }), settings)).toMatchObject([
    { operation: { name: "board.createTask", key: "E1/S2" }, seams: ["board"], passedMax: 0 },
  ]);
});

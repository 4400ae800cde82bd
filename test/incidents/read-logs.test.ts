import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseMapping, type LogMapping } from "../../src/incidents/log-mapping.ts";
import { read, serveLine } from "./read.ts";

const common = '10.0.0.7 - alice [05/Jan/2026:10:00:01 +0100] "POST /jsonrpc.php HTTP/1.1" 200 12';
const serve = serveLine("2026-01-05T09:00:02.000Z", "poller-1", "poll.failed", { reason: "the board answered 502" });

test("each line is read by whoever knows its form, also when forms are mixed in one file", () => {
  const { events, reports } = read({ "all.log": [common, serve].join("\n") });
  expect(events).toMatchObject([
    { kind: "request", atMs: Date.UTC(2026, 0, 5, 9, 0, 1), path: "/jsonrpc.php", status: 200, line: 1 },
    { kind: "note", process: "poller-1", name: "poll.failed", trouble: { with: "board", what: "status", status: 502 } },
  ]);
  expect(reports).toMatchObject([{ entries: 2, used: 2, dropped: [] }]);
});

test("the combined log format is read, with a time in seconds at its end and any zone", () => {
  const line = `${common} "https://board.example/?token=abc" "curl/8" 0.250`;
  expect(read({ a: line }).events).toMatchObject([{ kind: "request", durationMs: 250 }]);
});

test("a line that was cut off is dropped, counted, and named by its place", () => {
  const { events, reports } = read({ "cut.log": [serve, serve.slice(0, 60), common.slice(0, 40), serve].join("\n") });
  expect(events).toHaveLength(2);
  expect(reports[0]!.dropped).toEqual([
    { why: "JSON that ends too early, or is damaged", entries: 1, first: [2] },
    { why: "an access log line that ends too early", entries: 1, first: [3] },
  ]);
});

test("whatever stands in a log, nothing throws, and every entry is used, of no use, or dropped", () => {
  const damage = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(common, serve).chain((line) => fc.nat(line.length).map((length) => line.slice(0, length))),
    fc
      .record({ event_name: fc.string(), event_data: fc.jsonValue(), at: fc.jsonValue() })
      .map((line) => JSON.stringify(line)),
    fc
      .record({ request: fc.jsonValue(), time: fc.jsonValue(), response: fc.jsonValue() })
      .map((line) => JSON.stringify(line)),
    fc
      .record({ at: fc.jsonValue(), role: fc.string(), task: fc.string(), event: fc.string(), fields: fc.jsonValue() })
      .map((line) => JSON.stringify(line)),
  );
  fc.assert(
    fc.property(fc.array(damage, { maxLength: 8 }), (lines) => {
      const { reports, events } = read({ log: lines.join("\n") });
      const [{ entries, used, notNeeded, dropped }] = reports as [(typeof reports)[0]];
      expect(used + notNeeded + dropped.reduce((sum, each) => sum + each.entries, 0)).toBe(entries);
      expect(events.every(({ atMs }) => Number.isFinite(atMs))).toBe(true);
    }),
  );
});

test("what is out of order is sorted in, and said", () => {
  const later = serveLine("2026-01-05T09:00:05.000Z", "poller-1", "lease.acquired", { scope: "E1" });
  expect(read({ log: [later, serve].join("\n") }).reports[0]).toMatchObject({ unordered: 1, used: 2 });
});

test("a file of a form that nobody knows is said to be so", () => {
  const { events, reports } = read({ "photo.bin": "\u0000\u0001\n\u0002", "poem.txt": "Of mice\nand men" });
  expect(events).toEqual([]);
  expect(reports.map(({ forms, dropped }) => [forms, dropped[0]!.why])).toEqual([
    [[], "a line of no known form"],
    [[], "a line of no known form"],
  ]);
});

test("times without a zone are UTC; numbers are known by their size", () => {
  const line = (ts: unknown): string => JSON.stringify({ ts, msg: "begun" });
  const mapping: LogMapping = { time: "ts", event: "msg", events: [] };
  const times = [
    "2026-01-05 09:00:01,500",
    "2026-01-05T10:00:01.5+01:00",
    1767603601.5,
    1767603601500,
    "1767603601500000",
  ];
  const { events } = read({ log: times.map(line).join("\n") }, { mapping });
  expect(events.map(({ atMs }) => atMs)).toEqual(times.map(() => 1_767_603_601_500));
});

test("a mapping says where another orchestrator has its time, event, card and reason", () => {
  const mapping = parseMapping({
    time: "time",
    event: "msg",
    process: "worker.name",
    card: "ctx.card",
    reason: "err",
    events: [{ contains: "taking card", is: "work.started" }],
  }) as LogMapping;
  const line = {
    time: "2026-01-05T09:00:00Z",
    msg: "taking card now",
    worker: { name: "worker-a" },
    ctx: { card: "E1/S2" },
    err: "Kanboard: socket hang up",
  };
  expect(read({ log: JSON.stringify(line) }, { mapping }).events).toMatchObject([
    {
      kind: "note",
      process: "worker-a",
      name: "work.started",
      fields: { card: "E1/S2" },
      trouble: { with: "board", what: "broken-off" },
    },
  ]);
});

test("a mapping that is wrong is refused with its place", () => {
  expect(parseMapping({ time: "ts" })).toMatch(/^event: /);
  expect(parseMapping({ time: "ts", event: "msg", evnts: [] })).toContain("evnts");
});

test("what a real Kanboard answered to getProjectActivity is read, and its deliveries", () => {
  // Recorded from Kanboard 1.2.53, see test/fixtures/kanboard-golden/README.md.
  const recorded = (name: string): readonly Record<string, unknown>[] =>
    readFileSync(new URL(`../fixtures/kanboard-golden/${name}.jsonl`, import.meta.url), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const call = recorded("a17-agent-board").find(({ method }) => method === "getProjectActivity") as {
    res: { body: string };
  };
  const { events, reports } = read({ "activity.json": call.res.body });
  expect(events.filter(({ kind }) => kind === "card").length).toBeGreaterThan(10);
  expect(reports[0]!.dropped).toEqual([]);
  expect(events.at(-1)).toMatchObject({ kind: "card", what: "closed", card: 1, reference: "ISSUE-1", lane: 5 });

  const deliveries = recorded("a14-webhooks").flatMap(({ t, hooks = [] }) =>
    (hooks as readonly { body: string }[]).map(({ body }) => JSON.stringify({ received_at: t, body })),
  );
  const arrived = read({ "hooks.jsonl": deliveries.join("\n") });
  expect(arrived.reports[0]!.dropped).toEqual([]);
  expect(arrived.events.filter(({ kind }) => kind === "delivery").length).toBeGreaterThan(20);
});

test("requests to a model are read in OpenAI's shapes, without prompts and answers", () => {
  const lines = [
    {
      time: 1767603601,
      request: { model: "gpt", messages: [{ role: "user", content: "private" }] },
      response: { choices: [] },
    },
    {
      time: 1767603602,
      request: { body: { model: "gpt" } },
      response: { status: 429, headers: { "retry-after": "3" } },
    },
    { time: 1767603603, request: { model: "gpt" }, error: { code: "ETIMEDOUT", message: "private" } },
  ];
  const { events } = read({ log: lines.map((line) => JSON.stringify(line)).join("\n") });
  expect(events).toMatchObject([
    { kind: "answer", status: 200 },
    { kind: "answer", status: 429, retryAfterS: 3 },
    { kind: "answer", status: 0, error: "ETIMEDOUT" },
  ]);
  expect(JSON.stringify(events)).not.toContain("private");
});

test("a trace of the core has its time in its path", () => {
  const trace = {
    card: "E1",
    purpose: "plan",
    attempt: 1,
    outcome: "x",
    reason: "the model answered 503",
    prompt: "p",
    answer: "",
  };
  const { events } = read({ "20260105/090001500-E1-plan-1.json": JSON.stringify(trace, undefined, 2) });
  expect(events).toMatchObject([{ kind: "answer", atMs: Date.UTC(2026, 0, 5, 9, 0, 1), status: 503, reference: "E1" }]);
});

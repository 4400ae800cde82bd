import { expect, test } from "vitest";
import type { Mark, Span, SpanKind } from "../../../src/orchestrator/spans/span.ts";
import { spanKinds } from "../../../src/orchestrator/spans/span.ts";
import { timeByKind, type TimeByKind } from "../../../src/orchestrator/spans/time-by-kind.ts";
import { tracedPorts } from "../../../src/orchestrator/spans/traced-ports.ts";
import type { Fault } from "../../../src/faults/fault.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { Register, registerUrl } from "../../sim/toy-scenario.ts";
import { runWorld } from "../../sim/world-run.ts";

/** A board call, a model call, a file and a pause, one after the other. */
async function work(ports: Ports): Promise<void> {
  const request = (name: string) =>
    ports.http.request({ method: "GET", url: registerUrl, timeoutMs: 10_000, name, key: "r" });
  await request("board.getTask");
  await request("model.complete");
  await ports.files.write("/note", "text", { key: "note" });
  await ports.clock.sleep(500, { key: "pause" });
}

async function traced(
  faults: readonly Fault[] = [],
): Promise<{ spans: readonly Span[]; times: TimeByKind; totalMs: number }> {
  const spans: Span[] = [];
  let period = { startMs: 0, endMs: 0 };
  const { end } = await runWorld((world) => {
    world.service(new URL(registerUrl).origin, new Register());
    world.process("client", async (ports) => {
      const startMs = ports.clock.monotonicMs();
      await work(
        tracedPorts(ports, (entry) => {
          if (entry.kind !== "mark") spans.push(entry);
        }).fork("card E1"),
      );
      period = { startMs, endMs: ports.clock.monotonicMs() };
    });
  }, faults);
  expect(end.kind).toBe("quiescent");
  return { spans, times: timeByKind(spans, period), totalMs: period.endMs - period.startMs };
}

test("each operation has a span with its task, kind, key and a request id of its own", async () => {
  const { spans } = await traced();
  expect(
    spans.map(({ requestId, task, kind, name, key, outcome }) => [requestId, task, kind, name, key, outcome]),
  ).toEqual([
    [1, "card E1", "board", "board.getTask", "r", "ok"],
    [2, "card E1", "model", "model.complete", "r", "ok"],
    [3, "card E1", "files", "files.write", "note", "ok"],
    [4, "card E1", "wait", "clock.sleep", "pause", "ok"],
  ]);
});

test.each([
  ["board", "client@0/card E1/board.getTask(r)#0"],
  ["model", "client@0/card E1/model.complete(r)#0"],
] as const)(
  "a planted delay of the %s shows in its own kind only, and the kinds sum to the total",
  async (kind, site) => {
    const before = await traced();
    const after = await traced([{ site, kind: "answer-delayed", delayMs: 1_234 }]);
    const others = (times: TimeByKind): readonly number[] =>
      (["own", ...spanKinds] as const).filter((each) => each !== kind).map((each) => Math.round(times[each] * 1_000));
    expect(others(after.times)).toEqual(others(before.times));
    expect(after.times[kind] - before.times[kind]).toBeCloseTo(1_234, 3);
    for (const { times, totalMs } of [before, after]) {
      expect(Object.values(times).reduce((sum, each) => sum + each, 0)).toBeCloseTo(totalMs, 6);
    }
  },
);

test("the trace changes nothing of what the core does: histories are equal with it and without", async () => {
  const hashWith = async (wrap: (ports: Ports) => Ports): Promise<string> => {
    const { history } = await runWorld((world) => {
      world.service(new URL(registerUrl).origin, new Register());
      world.process("client", (ports) => work(wrap(ports).fork("card E1")));
    });
    return history.hash();
  };
  expect(await hashWith((ports) => tracedPorts(ports, () => {}))).toEqual(await hashWith((ports) => ports));
});

test("of operations that overlap, a moment belongs to the one that began last, and to a pause only without others", () => {
  const span = (requestId: number, kind: SpanKind, startMs: number, endMs: number): Span => ({
    requestId,
    taskId: 1,
    task: "t",
    agent: "",
    kind,
    name: "n",
    key: "k",
    startMs,
    endMs,
    outcome: "ok",
  });
  const spans = [
    span(1, "process", 10, 60),
    span(2, "files", 20, 30),
    span(3, "board", 80, 200),
    span(4, "wait", 11, 70),
  ];
  expect(timeByKind(spans, { startMs: 0, endMs: 100 })).toEqual({
    own: 20,
    process: 40,
    files: 10,
    board: 20,
    model: 0,
    git: 0,
    wait: 10,
  });
});

test("spans bear the agent at work in their task, and marks say what the core told of it", async () => {
  const entries: (Span | Mark)[] = [];
  await runWorld((world) => {
    world.service(new URL(registerUrl).origin, new Register());
    world.process("client", async (ports) => {
      const traced = tracedPorts(ports, (entry) => entries.push(entry));
      const run = traced.fork("card E1 lane 2 attempt 1");
      await run.files.write("/before", "", { key: "before" });
      run.log.event("agent.started", { card: "E1", agent: "architect" });
      await run.files.write("/during", "", { key: "during" });
      await traced.fork("tick").files.write("/beside", "", { key: "beside" });
      run.log.event("answer.refused", { card: "E1", purpose: "design", tries: 1, reason: "empty" });
      run.log.event("artifact.locked", { card: "E1" });
      run.log.event("run.finished", { card: "E1", outcome: "retry" });
    });
  });
  const agents = entries.flatMap((entry) => (entry.kind === "mark" ? [] : [[entry.key, entry.agent]]));
  expect(agents).toEqual([
    ["before", ""],
    ["during", "architect"],
    ["beside", ""],
  ]);
  const marks = entries.flatMap((entry) => (entry.kind === "mark" ? [[entry.name, entry.detail, entry.agent]] : []));
  expect(marks).toEqual([
    ["answer.refused", "design", "architect"],
    ["run.finished", "retry", "architect"],
  ]);
});

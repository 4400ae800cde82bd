import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { spansOfHistory } from "../../src/cli/profile/history-spans.ts";
import type { ScenarioProfile } from "../../src/cli/profile/profile-scenario.ts";
import {
  profileSpans,
  type SpanProfile,
  type WrittenMark,
  type WrittenSpan,
} from "../../src/cli/profile/span-profile.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { tracedPorts } from "../../src/orchestrator/spans/traced-ports.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { boardScenario } from "../orchestrator/board-world.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

const base: WrittenSpan = {
  process: 7,
  role: "poller-1",
  requestId: 1,
  taskId: 1,
  task: "card E1 lane 2 attempt 1",
  agent: "",
  kind: "board",
  name: "board.getTask",
  key: "E1",
  startMs: 0,
  endMs: 10,
  outcome: "ok",
};

function write(name: string, spans: readonly Partial<WrittenSpan>[]): void {
  writeFileSync(join(cwd, name), spans.map((span) => `${JSON.stringify({ ...base, ...span })}\n`).join(""));
}

test("runs are told apart, also those of one name and those over two files, and kinds sum to their total", async () => {
  write("old.jsonl", [
    {},
    { requestId: 2, kind: "model", name: "model.complete", startMs: 15, endMs: 95, outcome: "fail" },
  ]);
  write("new.jsonl", [
    { requestId: 3, startMs: 95, endMs: 100 },
    { requestId: 9, taskId: 2, startMs: 5_000, endMs: 5_050 },
    { requestId: 10, taskId: 3, task: "tick 4", startMs: 0, endMs: 9_000 },
    { requestId: 11, taskId: 4, task: "card E1 lane 2 attempt 1/lease", kind: "files", endMs: 8_000 },
  ]);
  const { exitCode, out } = await runCommand(["profile", "--spans", "old.jsonl", "new.jsonl", "--json"], { cwd });
  expect(exitCode).toBe(0);
  const { version, lanes, operations } = JSON.parse(out) as SpanProfile;
  expect(version).toBe(2);
  expect(lanes).toEqual([
    {
      lane: 2,
      runs: 2,
      boardCallsPerRun: 1.5,
      modelCallsPerRun: 0.5,
      totalMs: { p50: 50, p95: 100, p99: 100 },
      msByKind: { board: 65, model: 80, git: 0, files: 0, process: 0, wait: 0, own: 5 },
    },
  ]);
  expect(operations).toEqual([
    { kind: "model", name: "model.complete", count: 1, errors: 1, ms: { p50: 80, p95: 80, p99: 80 } },
    { kind: "board", name: "board.getTask", count: 3, errors: 0, ms: { p50: 10, p95: 50, p99: 50 } },
  ]);
});

test("a table is printed for people, and a last line that was cut short does not count", async () => {
  write("spans.jsonl", [{}]);
  writeFileSync(join(cwd, "spans.jsonl"), '{"process":7,', { flag: "a" });
  const { exitCode, out } = await runCommand(["profile", "--spans", "spans.jsonl"], { cwd });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^board +board.getTask +1 +0 +10\.0 +10\.0 +10\.0$/m);
});

test("a run counts for each of its agents, and rates tell what went wrong on the way", async () => {
  const mark = { ...base, kind: "mark", name: "answer.refused", detail: "design", atMs: 20 } as unknown as WrittenSpan;
  write("spans.jsonl", [
    { agent: "governance", endMs: 10 },
    { agent: "spawner", requestId: 2, kind: "model", name: "model.complete", key: "q", startMs: 10, endMs: 30 },
    { agent: "spawner", requestId: 3, kind: "model", name: "model.complete", key: "q", startMs: 30, endMs: 60 },
    { agent: "spawner", requestId: 4, kind: "model", key: "q", startMs: 60, endMs: 61, outcome: "fail" },
    mark,
    { ...mark, name: "run.finished", detail: "retry" } as unknown as WrittenSpan,
  ]);
  const { out } = await runCommand(["profile", "--spans", "spans.jsonl", "--json"], { cwd });
  const { agents, rates } = JSON.parse(out) as SpanProfile;
  expect(agents.map(({ agent, runs, totalMs }) => [agent, runs, totalMs.p50])).toEqual([
    ["governance", 1, 10],
    ["spawner", 1, 51],
  ]);
  expect(rates).toMatchObject({ runs: 1, runsRetried: 1, questions: 1, modelRetries: 1, answersRefused: 1 });
  expect(rates.errors.model).toBeCloseTo(1 / 3);
});

test("simulated runs are told like real ones: what the ports saw is what the history tells", async () => {
  const { history, traced } = await tracedEpic();
  const ofHistory = profileSpans(spansOfHistory(history));
  const ofPorts = profileSpans(traced);
  expect(ofHistory.lanes.map(({ lane }) => lane)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  const rounded = ({ lanes, agents, rates }: SpanProfile): unknown =>
    JSON.parse(JSON.stringify({ lanes, agents, rates }), (_, value: unknown) =>
      typeof value === "number" ? Math.round(value * 10) / 10 : value,
    );
  expect(rounded(ofHistory)).toEqual(rounded(ofPorts));
});

/** A small epic the whole way, once as its history, and once as what its poller's ports saw. */
async function tracedEpic(): Promise<{ history: readonly HistoryEvent[]; traced: (WrittenSpan | WrittenMark)[] }> {
  installGuards();
  const traced: (WrittenSpan | WrittenMark)[] = [];
  const scenario = boardScenario({
    epics: 1,
    storiesPerEpic: 1,
    mandatoryFields: false,
    pollers: 1,
    webhook: false,
    ports: (ports) => tracedPorts(ports, (entry) => traced.push({ process: 0, role: "poller-1", ...entry })),
  });
  const { history, verdict } = await runCase(scenario, emptyCase(scenario, 1, null));
  expect(verdict).toEqual({ kind: "held" });
  return { history: history.events, traced };
}

test("profile SCENARIO prints lanes, agents, operations, rates and real time, also as Markdown and JSON", async () => {
  const args = ["profile", "partial-spawn", "--runs", "2"];
  const options = { cwd, catalogue: "../../scenarios/index.ts" } as const;
  const text = await runCommand(args, options);
  expect(text.exitCode).toBe(0);
  for (const title of ["Time by lane", "Time by agent", "Operations", "Rates", "Real time"])
    expect(text.out).toContain(title);
  expect(text.out).toMatch(/^spawner +5 +\d+/m);
  const markdown = await runCommand([...args, "--format", "markdown"], options);
  expect(markdown.out).toMatch(/^\| spawner \| 5 \| \d+ \|/m);
  const { out } = await runCommand([...args, "--json"], options);
  const found = JSON.parse(out) as ScenarioProfile;
  expect(found).toMatchObject({ scenario: "partial-spawn", runs: 2, failed: 0, strategy: "first-due" });
  expect(found.real.shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1);
});

test.each([
  [["profile", "nowhere"], "there is none of that name"],
  [["profile", "partial-spawn", "--runs", "0"], "out of range"],
  [["profile", "partial-spawn", "--spans", "x"], "both given"],
  [["profile", "partial-spawn", "--format", "pdf"], "no such format"],
  [["profile"], "neither a scenario nor spans were named"],
  [["profile", "--spans", "nowhere.jsonl"], "cannot be read (ENOENT)"],
])("refuses bad usage: %j", async (args, message) => {
  const { exitCode, error } = await runCommand(args, { cwd });
  expect(error).toContain(message);
  expect(exitCode).toBe(2);
});

test("names the line that is no span", async () => {
  write("spans.jsonl", [{}, { kind: "tea" as "board" }]);
  const { exitCode, error } = await runCommand(["profile", "--spans", "spans.jsonl"], { cwd });
  expect(error).toContain("spans.jsonl:2: is no span");
  expect(exitCode).toBe(2);
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import type { SpanProfile, WrittenSpan } from "../../src/cli/profile/span-profile.ts";
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
  expect(version).toBe(1);
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

test.each([
  [["profile"], "no spans were named"],
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

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SpanFile } from "../../src/cli/serve/span-file.ts";
import type { Span } from "../../src/orchestrator/spans/span.ts";
import { temporaryFolder } from "./run-command.ts";

const span = (requestId: number): Span => ({
  requestId,
  taskId: 1,
  task: "card E1 lane 2 attempt 1",
  agent: "",
  kind: "board",
  name: "board.getTask",
  key: "E1",
  startMs: 1,
  endMs: 2,
  outcome: "ok",
});

test("a full file of spans begins anew, and one old file is kept", () => {
  const folder = temporaryFolder();
  const path = join(folder, "spans.jsonl");
  const file = new SpanFile(path, 1_000, () => {});
  for (let id = 1; id <= 50; id++) file.write("poller-1", span(id));
  expect(readdirSync(folder).toSorted()).toEqual(["spans.jsonl", "spans.jsonl.1"]);
  const lines = [`${path}.1`, path].flatMap((each) => readFileSync(each, "utf8").trimEnd().split("\n"));
  const ids = lines.map((line) => (JSON.parse(line) as Span).requestId);
  expect(ids.at(-1)).toBe(50);
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => 51 - ids.length + index));
  expect(readFileSync(path, "utf8").length).toBeLessThanOrEqual(1_000);
});

test("a file of spans that cannot be written is told once, and stops nothing", () => {
  const failures: string[] = [];
  const file = new SpanFile("/nowhere/spans.jsonl", 1_000, (code) => failures.push(code));
  file.write("poller-1", span(1));
  file.write("poller-1", span(2));
  expect(failures).toEqual(["ENOENT"]);
});

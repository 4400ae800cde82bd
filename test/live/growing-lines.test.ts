import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GrowingLines } from "../../tools/live/growing-lines.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stormlane-lines-"));
  path = join(folder, "log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a file that is not there yet has no lines, and later those that were written", () => {
  const lines = new GrowingLines(path);
  expect(lines.read()).toEqual([]);
  appendFileSync(path, '{"a":1}\n{"a":2}\n');
  expect(lines.read()).toEqual([{ a: 1 }, { a: 2 }]);
  expect(lines.read()).toEqual([]);
});

test("a line that is still being written is told when it is whole", () => {
  const lines = new GrowingLines(path);
  appendFileSync(path, '{"a":1}\n{"a":');
  expect(lines.read()).toEqual([{ a: 1 }]);
  appendFileSync(path, "2}\n");
  expect(lines.read()).toEqual([{ a: 2 }]);
});

test("a line that a kill cut short spoils the next one at most", () => {
  const lines = new GrowingLines(path);
  appendFileSync(path, '{"a":{"b"');
  appendFileSync(path, '{"a":2}\n{"a":3}\n');
  expect(lines.read()).toEqual([{ a: 3 }]);
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { readJournal, type JournalHeader } from "../../src/history/journal.ts";
import { JournalFile } from "../../src/serving/journal-file.ts";

const header: JournalHeader = { kind: "journal", format: 1, version: "0", seed: 1, scenario: "toy", startMs: 0 };

function pathOf(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

function note(file: JournalFile, name: string): void {
  file.append({ kind: "note", atUs: 1, process: "p", incarnation: 0, task: "t", name, fields: {} });
}

function namesIn(path: string): readonly string[] {
  const read = readJournal(readFileSync(path, "utf8"));
  if (read.kind === "bad") throw new Error(`line ${read.line}: ${read.why}`);
  return read.events.map((event) => (event.kind === "note" ? event.name : event.kind));
}

test("a line is on disk when the call that wrote it returns", () => {
  const path = pathOf("journal.jsonl");
  const file = JournalFile.create(path, header);
  note(file, "first");
  expect(namesIn(path)).toEqual(["first"]);
  file.close();
});

test("a new journal takes the place of an old one", () => {
  const path = pathOf("journal.jsonl");
  writeFileSync(path, "something else\n");
  JournalFile.create(path, header).close();
  expect(namesIn(path)).toEqual([]);
});

test("who joins a journal adds to it, and makes it when it is not there", () => {
  const path = pathOf("journal.jsonl");
  const first = JournalFile.join(path, header);
  const second = JournalFile.join(path, header);
  note(first, "one");
  note(second, "two");
  note(first, "three");
  expect(namesIn(path)).toEqual(["one", "two", "three"]);
  first.close();
  second.close();
});

test("lines of several processes never mix", { timeout: 30_000 }, async () => {
  const path = pathOf("journal.jsonl");
  const writer = fileURLToPath(new URL("../fixtures/journal-writer.ts", import.meta.url));
  const processes = ["a", "b", "c"].map((name) => fork(writer, [path, name, "300"]));
  const ends = await Promise.all(processes.map((process) => once(process, "exit")));
  expect(ends.map(([code]) => code as number)).toEqual([0, 0, 0]);
  const names = namesIn(path);
  for (const name of ["a", "b", "c"]) {
    const own = names.filter((each) => each.startsWith(name));
    expect(own).toEqual(Array.from({ length: 300 }, (_, index) => `${name}${index}`));
  }
});

test("a disk that is full is told once, and later lines are left out", () => {
  const file = JournalFile.create("/dev/full", header);
  note(file, "lost");
  expect(file.failed).toBe("ENOSPC");
  file.close();
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { boardWorkload } from "../../src/incidents/board-workload.ts";
import { readBoardDatabase, type DatabaseReading } from "../../src/incidents/readers/board-database.ts";
import type { ReaderContext } from "../../src/incidents/readers/reader.ts";
import { readLogs, type LogContents } from "../../src/incidents/read-logs.ts";
import { Redactor } from "../../src/incidents/redactor.ts";
import { findSymptoms } from "../../src/incidents/symptom.ts";
import { timelineOf } from "../../src/incidents/timeline.ts";

const schema = `
CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT, description TEXT, date_creation INTEGER, date_moved INTEGER,
  project_id INTEGER, column_id INTEGER, position INTEGER, is_active INTEGER, reference TEXT, creator_id INTEGER);
CREATE TABLE columns (id INTEGER PRIMARY KEY, title TEXT, position INTEGER, project_id INTEGER);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT, project_id INTEGER);
CREATE TABLE task_has_tags (task_id INTEGER, tag_id INTEGER);
CREATE TABLE task_has_metadata (task_id INTEGER, name TEXT, value TEXT, changed_by INTEGER, changed_on INTEGER);
CREATE TABLE links (id INTEGER PRIMARY KEY, label TEXT, opposite_id INTEGER);
CREATE TABLE task_has_links (id INTEGER PRIMARY KEY, link_id INTEGER, task_id INTEGER, opposite_task_id INTEGER);
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT, name TEXT, email TEXT);
CREATE TABLE project_activities (id INTEGER PRIMARY KEY, date_creation INTEGER, event_name TEXT, creator_id INTEGER,
  project_id INTEGER, task_id INTEGER, data TEXT);
`;
const beganS = 1_767_603_600;

/** A board with an epic in lane 5, and its story S1 on two open cards, one of them a copy. Columns do not begin at 1. */
function boardFile(extra = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "db.sqlite");
  const database = new DatabaseSync(path);
  database.exec(schema);
  const task = (id: number, reference: string, column: number): string =>
    `INSERT INTO tasks VALUES (${id}, 'Buy a ring for Bob', 'Call bob@example.com', ${beganS + id}, ${beganS + id}, 1, ${column}, 1, 1, '${reference}', 1);`;
  const moved = JSON.stringify({ task: { id: 1, reference: "E1", column_position: 5, date_moved: beganS + 60 } });
  database.exec(`
    ${Array.from({ length: 11 }, (_, index) => `INSERT INTO columns VALUES (${index + 21}, 'Lane', ${index + 1}, 1);`).join("")}
    ${task(1, "E1", 25)}${task(2, "E1/S1", 25)}${task(3, "E1/S1", 25)}
    INSERT INTO tags VALUES (7, 'spawned', 1); INSERT INTO task_has_tags VALUES (1, 7);
    INSERT INTO task_has_metadata VALUES (1, 'dirname', 'rings', 1, 1), (1, 'secret_note', 'hunter2', 1, 1);
    INSERT INTO links VALUES (3, 'duplicates', 4); INSERT INTO task_has_links VALUES (1, 3, 3, 1);
    INSERT INTO users VALUES (2, 'bob', 'Bob Example', 'bob@example.com');
    INSERT INTO project_activities VALUES (1, ${beganS + 60}, 'task.move.column', 2, 1, 1, '${moved}');
    ${extra}`);
  database.close();
  return path;
}

function readFile(path: string): LogContents {
  const redactor = new Redactor({ withoutSecrets: (text) => text, keepsText: false });
  const read = (context: ReaderContext): DatabaseReading => readBoardDatabase(path, context);
  return readLogs([{ name: "db.sqlite", content: { kind: "database", read } }], undefined, { redactor });
}

test("a copy of the board's database tells how it stood, who moved what, and which cards were made without a trace", () => {
  const path = boardFile();
  const before = readFileSync(path);
  const contents = readFile(path);
  expect(contents.snapshot!.cards).toMatchObject([
    { reference: "E1", lane: 5, isOpen: true, tags: ["spawned"], fields: { dirname: "rings" }, isCopy: false },
    { reference: "E1/S1", isCopy: false },
    { reference: "E1/S1", isCopy: true },
  ]);
  const { events } = timelineOf(contents);
  expect(events.map((event) => event.kind === "card" && [event.what, event.card, event.by])).toEqual([
    ["created", 1, ""],
    ["created", 2, ""],
    ["created", 3, ""],
    ["moved", 1, "person-1"],
  ]);
  expect(findSymptoms({ events, clocks: [] }, contents.snapshot)).toMatchObject([
    { invariants: ["I2", "I4"], place: ["E1/S1"], from: "E1/S1 has 2 open cards: #2, #3" },
  ]);
  expect(boardWorkload({ events, clocks: [] }, contents.snapshot)!.workload).toMatchObject({
    epics: [{ reference: "E1", dirname: "rings" }],
    journey: "fan-out",
    mandatoryFields: true,
  });
  expect(JSON.stringify(contents)).not.toMatch(/bob|ring for|hunter2/i);
  expect(readFileSync(path).equals(before)).toBe(true);
});

test("a database without some of Kanboard's tables is read as far as it goes, and they are named", () => {
  const contents = readFile(
    boardFile("DROP TABLE project_activities; DROP TABLE task_has_metadata; DROP TABLE links;"),
  );
  expect(contents.snapshot!.cards).toHaveLength(3);
  expect(contents.reports[0]!.dropped.map(({ why }) => why)).toEqual([
    "no table project_activities",
    "no table task_has_metadata",
  ]);
});

test("nothing is left beside a copy of a database that writes ahead", () => {
  const path = boardFile("PRAGMA journal_mode = WAL;");
  expect(readFile(path).snapshot!.cards).toHaveLength(3);
  expect(readdirSync(dirname(path))).toEqual(["db.sqlite"]);
});

test("a database of something else is dropped with the reason", () => {
  const contents = readFile(boardFile("DROP TABLE tasks;"));
  expect(contents.snapshot).toBeUndefined();
  expect(contents.reports[0]!.dropped.map(({ why }) => why)).toEqual([
    "not the database of a Kanboard (no table `tasks`)",
  ]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonArray, isJsonObject, type JsonValue } from "../../src/base/json.ts";
import type { IdKind } from "../../src/conformance/id-kinds.ts";
import { callsOf, type RecordedCall, type Recording } from "../../src/conformance/recording.ts";
import { compareWith, loadRecording } from "./recordings.ts";
import { rename, shifted, type Renaming } from "./renaming.ts";

const names = [
  "a02-projects",
  "a03-columns-swimlanes",
  "a06-tags",
  "a08-links",
  "a09-comments-subtasks",
  "a10-files",
  "a11-users-permissions",
  "a12-search-board-overdue",
  "a13-across-projects",
  "a14-webhooks",
  "a17-agent-board",
] as const;
const recordings = new Map<string, Recording>(names.map((name) => [name, loadRecording(name)]));
const anyRecording = fc.constantFrom(...names).map((name) => recordings.get(name)!);

describe("a recording agrees with itself", () => {
  test("after any renaming of ids within their kinds, on another day, with other secrets and at another address", () => {
    const property = fc.property(
      anyRecording,
      fc.integer({ min: 1, max: 50 }),
      fc.nat(1000),
      fc.integer({ min: -900, max: 900 }),
      fc.nat(14),
      (recording, factor, offset, days, rotation) => {
        const { epochs } = recording.header;
        const renaming: Renaming = {
          id: (kind, id) => id * factor + offset + kind.length,
          days,
          epochs,
          digit: (digit) => ((Number.parseInt(digit, 16) + rotation) % 16).toString(16),
        };
        const renamed = callsOf(recording).map((call) => rename(call, renaming));
        expect(compareWith(recording, renamed, shifted(epochs, days))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 25 });
  });

  test("when another server does not give the id of a removed row again", () => {
    const recording = recordings.get("a09-comments-subtasks")!;
    const calls = callsOf(recording);
    const removal = calls.findIndex(({ method, res }) => method === "removeComment" && res.body.includes("true"));
    const fresh = (kind: IdKind, id: number, isLate: boolean): number => (kind === "comment" && isLate ? id + 500 : id);
    const renamed = calls.map((call, index) =>
      rename(call, {
        id: (kind, id) => fresh(kind, id, index > removal),
        days: 0,
        epochs: [],
        digit: (digit) => digit,
      }),
    );
    expect(renamed).not.toEqual(calls);
    expect(compareWith(recording, renamed)).toEqual([]);
  });
});

describe("a planted difference is found at its call", () => {
  test("whatever it is", () => {
    const property = fc.property(anyRecording, fc.nat(), fc.nat(), (recording, which, where) => {
      const calls = callsOf(recording);
      const planted = plant(calls[which % calls.length]!, where);
      if (planted === undefined) return;
      const spoilt = calls.map((call) => (call.n === planted.n ? planted : call));
      expect(compareWith(recording, spoilt).map(({ n }) => n)).toContain(planted.n);
    });
    fc.assert(property, { numRuns: 150 });
  });

  const one = (name: (typeof names)[number], change: (call: RecordedCall) => RecordedCall): readonly string[] => {
    const recording = recordings.get(name)!;
    const found = compareWith(recording, callsOf(recording).map(change));
    return found.map(({ where }) => where);
  };
  const inAnswers = (from: string | RegExp, to: string) => (call: RecordedCall) => ({
    ...call,
    res: { ...call.res, body: call.res.body.replace(from, to) },
  });

  test.each([
    ["a whole number written as a fraction", '"position":1,', '"position":1.0,'],
    ["a number as text", '"position":1,', '"position":"1",'],
    ["null instead of 0", '"score":0,', '"score":null,'],
    ["a member that is too much", '"score":0,', '"score":0,"points":0,'],
    ["a member that is missing", '"score":0,', ""],
    ["a date of another epoch", /"date_creation":1795/, '"date_creation":1695'],
    ["text before the JSON", /^\{/, "notice {"],
    ["another rpc id", /"id":5\}$/, '"id":"5"}'],
  ])("%s", (_what, from, to) => {
    expect(one("a17-agent-board", inAnswers(from, to)).length).toBeGreaterThan(0);
  });

  test("an id that belongs to another thing", () => {
    const swap = inAnswers(/"owner_id":3/g, '"owner_id":2');
    expect(one("a17-agent-board", swap)).toContainEqual(expect.stringContaining("owner_id"));
  });

  test("a secret that is not of its form, or not the same again", () => {
    expect(one("a10-files", inAnswers(/"etag":"[0-9a-f]{32}"/, '"etag":"x"'))).not.toEqual([]);
    const files = recordings.get("a11-users-permissions")!;
    let count = 0;
    const different = (): string => `"password":"$2y$10$${String(++count).padStart(53, "0")}"`;
    const spoilt = callsOf(files).map((call) => ({
      ...call,
      res: { ...call.res, body: call.res.body.replaceAll(/"password":"\$2y\$10\$[^"]+"/g, different) },
    }));
    expect(compareWith(files, spoilt)).not.toEqual([]);
  });

  test("a link to another card, and another origin is none", () => {
    const origin = inAnswers("http://localhost/?controller", "https://board.example/kb/?controller");
    expect(one("a17-agent-board", origin)).toEqual([]);
    const card = inAnswers(/action=show&task_id=1"/, 'action=show&task_id=2"');
    expect(one("a17-agent-board", card)).not.toEqual([]);
  });
});

/** Spoils one place of a call, in one of the ways that a client could tell. */
function plant(call: RecordedCall, where: number): RecordedCall | undefined {
  const { hooks, res } = call;
  const spoilers: (() => RecordedCall | undefined)[] = [
    () => ({ ...call, res: { ...res, status: res.status === 200 ? 201 : 200 } }),
    () =>
      res.status === 500
        ? undefined // Of a crash the status alone is compared.
        : { ...call, res: { ...res, headers: { ...res.headers, "content-type": "text/html" } } },
    () => (hooks.length === 0 ? undefined : { ...call, hooks: hooks.slice(1) }),
    () => (hooks.length === 0 ? undefined : { ...call, hooks: [...hooks, hooks.at(-1)!] }),
    () => (hooks.length === 0 ? undefined : { ...call, hooks: hooks.map((hook) => ({ ...hook, url: "/elsewhere" })) }),
    () => {
      const body = hooks.length === 0 ? undefined : spoilBody(hooks[0]!.body, where);
      return body === undefined ? undefined : { ...call, hooks: [{ ...hooks[0]!, body }, ...hooks.slice(1)] };
    },
    () => {
      const body = res.status === 500 ? undefined : spoilBody(res.body, where);
      return body === undefined ? undefined : { ...call, res: { ...res, body } };
    },
  ];
  // Bodies are most of what can differ.
  return spoilers[Math.min(where % 12, spoilers.length - 1)]!();
}

function spoilBody(text: string, where: number): string | undefined {
  let body: JsonValue;
  try {
    body = JSON.parse(text) as JsonValue;
  } catch {
    return `${text}x`;
  }
  const leaves = [...leavesOf(body, [])];
  const path = leaves[where % leaves.length]!;
  return JSON.stringify(spoilAt(body, path));
}

function* leavesOf(value: JsonValue, path: readonly string[]): Generator<readonly string[]> {
  // May be absent.
  if (path.includes("changes") && (isJsonArray(value) || path.at(-1) === "date_moved")) return;
  const members = isJsonArray(value) || isJsonObject(value) ? Object.entries(value) : [];
  if (members.length === 0) yield path;
  for (const [key, member] of members) yield* leavesOf(member!, [...path, key]);
}

function spoilAt(value: JsonValue, [key, ...rest]: readonly string[]): JsonValue {
  if (key === undefined) return spoil(value);
  if (isJsonArray(value)) return value.map((item, index) => (String(index) === key ? spoilAt(item, rest) : item));
  return { ...(value as object), [key]: spoilAt((value as Record<string, JsonValue>)[key]!, rest) };
}

function spoil(value: JsonValue): JsonValue {
  if (value === null) return false;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return !value;
  if (typeof value === "string") return `${value}x`;
  return isJsonArray(value) ? {} : [];
}

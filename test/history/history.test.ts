import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/base/digest.ts";
import { canonicalJson } from "../../src/base/json.ts";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import { blockEvents, eventLine, History, plain } from "../../src/history/history.ts";

function grow(history: History, events: number, text = ""): History {
  for (let index = 0; index < events; index++) history.note("worker", 0, "main", `note ${index}`, { text });
  return history;
}

const whole = (): History => new History(() => 7);
const windowed = (): History => new History(() => 7, [], { windowed: true });

describe("a windowed history", () => {
  test("has the hash of one that keeps everything, whatever its length", () => {
    const lengths = fc.oneof(
      fc.integer({ min: 0, max: 3 * blockEvents }),
      fc.constantFrom(0, 1, ...[1, 2, 3].flatMap((n) => [n * blockEvents - 1, n * blockEvents, n * blockEvents + 1])),
    );
    fc.assert(
      fc.property(lengths, (events) => {
        expect(grow(windowed(), events).hash()).toBe(grow(whole(), events).hash());
      }),
      { numRuns: 12 },
    );
  });

  test("keeps the latest events and never more than two blocks", () => {
    const history = windowed();
    for (let index = 0; index < 5 * blockEvents; index++) {
      history.note("worker", 0, "main", `note ${index}`, {});
      expect(history.events.length <= 2 * blockEvents).toBe(true);
    }
    expect(history.length).toBe(5 * blockEvents);
    expect(history.events.length).toBeGreaterThanOrEqual(blockEvents);
    expect(history.events.at(-1)).toMatchObject({ name: `note ${5 * blockEvents - 1}` });
  });

  test("counts on for its readers past what it forgot", () => {
    const indexes: number[] = [];
    const history = new History(() => 0, [{ observe: (_, index) => void indexes.push(index) }], { windowed: true });
    grow(history, 3 * blockEvents);
    expect(indexes).toEqual(Array.from({ length: 3 * blockEvents }, (_, index) => index));
  });

  test("still tells apart what differs in an event that it forgot", () => {
    const left = grow(windowed(), 1, "left");
    const right = grow(windowed(), 1, "right");
    expect(grow(left, 3 * blockEvents).hash()).not.toBe(grow(right, 3 * blockEvents).hash());
  });
});

describe("the hash of a history", () => {
  test("is the SHA-256 of its canonical lines while there is one block of them", () => {
    const history = grow(whole(), 20);
    expect(history.hash()).toBe(sha256([...history.lines()].join("\n")));
    expect(whole().hash()).toBe(sha256(""));
  });

  test("depends on every event of every block", () => {
    const notes = 2 * blockEvents + 10;
    const expected = grow(whole(), notes).hash();
    for (const changed of [0, blockEvents - 1, blockEvents, notes - 1]) {
      const history = whole();
      grow(history, notes);
      history.events[changed] = { ...history.events[changed]!, atUs: 8 };
      expect(history.hash()).not.toBe(expected);
    }
  });
});

describe("the line of an event", () => {
  const text = fc.string({ unit: "binary" });
  const count = fc.nat();
  const op: fc.Arbitrary<OpIdentity> = fc.record({
    id: count,
    site: text,
    process: text,
    incarnation: count,
    taskName: text,
    name: text,
    key: text,
    occurrence: count,
  });
  const fields = fc.dictionary(text, fc.oneof(text, count, fc.constant(null)));
  const event = fc.oneof(
    fc.record({ kind: fc.constant("sent" as const), atUs: count, op }),
    fc.record({ kind: fc.constant("effect" as const), atUs: count, op, step: count }),
    fc.record({
      kind: fc.constant("answered" as const),
      atUs: count,
      op,
      outcome: fc.constantFrom("ok" as const, "fail" as const, "unknown" as const),
      detail: text,
    }),
    fc.record({
      kind: fc.constant("note" as const),
      atUs: count,
      process: text,
      incarnation: count,
      task: text,
      name: text,
      fields,
    }),
  );

  test("is the canonical JSON of the event, whatever is in it", () => {
    fc.assert(
      fc.property(event, (each: HistoryEvent) => {
        expect(eventLine(each)).toBe(canonicalJson(plain(each)));
        expect(JSON.parse(eventLine(each))).toEqual(plain(each));
      }),
    );
  });

  test("has its members in code-unit order, however they were given", () => {
    const members = fc.uniqueArray(text, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(members, (names) => {
        const value = Object.fromEntries(names.map((name, index) => [name, index]));
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });
});

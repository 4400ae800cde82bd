import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import { eventLine, headerLine, journalLines, readJournal, type JournalHeader } from "../../src/history/journal.ts";

const header: JournalHeader = { kind: "journal", format: 1, version: "0.1.0", seed: 41, scenario: "toy", startMs: 7 };

const count = fc.nat();
const text = fc.string({ unit: "binary" });
const json = fc.dictionary(text, fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as never);
const process = { atUs: count, process: text, incarnation: count };
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
const kind = <Kind extends string>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);
const event: fc.Arbitrary<HistoryEvent> = fc.oneof(
  fc.record({ kind: kind("process"), ...process, what: fc.constantFrom("start", "kill"), reason: text }),
  fc.record({ kind: kind("sent"), atUs: count, op }),
  fc.record({ kind: kind("effect"), atUs: count, op, step: count }),
  fc.record({ kind: kind("answered"), atUs: count, op, outcome: fc.constantFrom("ok", "fail"), detail: text }),
  fc.record({ kind: kind("fault"), atUs: count, site: text, fault: text, params: json, effect: kind("done") }),
  fc.record({
    kind: kind("change"),
    atUs: count,
    op: fc.option(op, { nil: undefined }),
    change: fc.record({ store: text, type: text, more: fc.string() }),
  }),
  fc.record({ kind: kind("note"), ...process, task: text, name: text, fields: json }),
);

const written = (events: readonly HistoryEvent[]): string =>
  [...journalLines({ events }, header)].map((line) => `${line}\n`).join("");

describe("a journal", () => {
  test("gives back what was written", () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const read = readJournal(written(events));
        expect(read).toEqual({ kind: "ok", header, events, cutShort: false });
      }),
    );
  });

  test("is the same text when what was read is written again", () => {
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const read = readJournal(written(events));
        expect(read.kind === "ok" && written(read.events)).toBe(written(events));
      }),
    );
  });

  test("that was cut off anywhere gives back every whole line", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1 }), fc.nat(), (events, drawn) => {
        const whole = written(events);
        const first = headerLine(header).length + 1;
        const cut = whole.slice(0, first + (drawn % (whole.length - first)));
        const left = cut.split("\n").length - 2;
        expect(readJournal(cut)).toEqual({
          kind: "ok",
          header,
          events: events.slice(0, left),
          cutShort: !cut.endsWith("\n"),
        });
      }),
    );
  });

  test("has no line that holds an end of line", () => {
    fc.assert(fc.property(event, (each) => !eventLine(each).includes("\n")));
  });
});

describe("a reader refuses", () => {
  const note = eventLine({ kind: "note", atUs: 1, process: "a", incarnation: 0, task: "t", name: "n", fields: {} });
  const lines = (...given: readonly string[]): string => given.map((line) => `${line}\n`).join("");

  test.each([
    ["nothing", "", 1, "not the header of a journal"],
    ["another file", lines("{}"), 1, "not the header of a journal"],
    ["a later format", lines(headerLine({ ...header, format: 2 as 1 })), 1, "format 2, and this version reads 1"],
    ["a header without a seed", lines('{"kind":"journal","format":1}'), 1, "the header lacks a member"],
    ["text that is not JSON", lines(headerLine(header), note, "what"), 3, "not a JSON object"],
    ["an unknown kind", lines(headerLine(header), '{"kind":"dream"}'), 2, 'no event is of kind "dream"'],
    ["a missing member", lines(headerLine(header), '{"kind":"sent","atUs":1}'), 2, "an event of kind sent lacks"],
    ["half an operation", lines(headerLine(header), '{"kind":"sent","atUs":1,"op":{"id":1}}'), 2, "kind sent lacks"],
  ])("%s", (_what, journal, line, why) => {
    expect(readJournal(journal)).toMatchObject({ kind: "bad", line, why: expect.stringContaining(why) as string });
  });
});

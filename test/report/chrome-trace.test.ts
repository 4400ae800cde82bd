import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { HistoryEvent, OpIdentity } from "../../src/history/event.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { chromeTrace } from "../../src/report/chrome-trace.ts";

const us = z.int().nonnegative();
const at = { pid: z.int().positive(), tid: z.int().positive(), ts: us };
const flow = { ...at, cat: z.literal("op"), name: z.literal("operation"), id: z.int().nonnegative() };
const args = z.record(z.string(), z.json());

/** What entries may be, after the Trace Event Format: of its phases those that are written. */
const entrySchema = z.discriminatedUnion("ph", [
  z.strictObject({
    ph: z.literal("M"),
    name: z.enum(["process_name", "process_sort_index", "thread_name"]),
    pid: at.pid,
    tid: at.tid.optional(),
    args: z.union([z.strictObject({ name: z.string().min(1) }), z.strictObject({ sort_index: z.int() })]),
  }),
  z.strictObject({ ph: z.literal("X"), cat: z.enum(["op", "effect"]), name: z.string(), ...at, dur: us, args }),
  z.strictObject({
    ph: z.literal("i"),
    s: z.enum(["g", "p", "t"]),
    cat: z.enum(["process", "fault", "change", "note", "violation"]),
    name: z.string(),
    ...at,
    args,
  }),
  z.strictObject({ ph: z.literal("s"), ...flow }),
  z.strictObject({ ph: z.literal("t"), ...flow }),
  z.strictObject({ ph: z.literal("f"), ...flow, bp: z.literal("e") }),
]);
const traceSchema = z.strictObject({
  displayTimeUnit: z.enum(["ms", "ns"]),
  otherData: z.strictObject({ title: z.string(), clock: z.literal("virtual") }),
  traceEvents: z.array(entrySchema),
});
type Entry = z.infer<typeof entrySchema>;

function traceOf(events: readonly HistoryEvent[], violation?: Violation): readonly Entry[] {
  const text = chromeTrace({ title: "t", events, ...(violation === undefined ? {} : { violation }) });
  return traceSchema.parse(JSON.parse(text)).traceEvents;
}

function op(id: number, process = "p", name = "board.getTask"): OpIdentity {
  const site = `${process}@0/main/${name}(E)#${id}`;
  return { id, site, process, incarnation: 0, taskName: "main", name, key: "E", occurrence: id };
}

const start: HistoryEvent = { kind: "process", atUs: 0, process: "p", incarnation: 0, what: "start", reason: "" };

/** Histories in which several operations of several processes are on their way at once, and some are never answered. */
const histories = fc
  .array(
    fc.record({
      process: fc.constantFrom("p", "q"),
      name: fc.constantFrom("board.getTask", "disk.write", "clock.sleep"),
      sentUs: fc.nat(50),
      effectsUs: fc.array(fc.tuple(fc.nat(20), fc.boolean()), { maxLength: 2 }),
      answeredUs: fc.option(fc.nat(20)),
    }),
    { maxLength: 12 },
  )
  .map((calls) => {
    const events = calls.flatMap(({ process, name, sentUs, effectsUs, answeredUs }, id): HistoryEvent[] => {
      const identity = op(id, process, name);
      let atUs = sentUs;
      return [
        { kind: "sent", atUs, op: identity },
        ...effectsUs.map(([afterUs, isChange], step): HistoryEvent => {
          atUs += afterUs;
          if (!isChange) return { kind: "effect", atUs, op: identity, step };
          return { kind: "change", atUs, op: identity, change: { store: "board", type: "card.closed", card: 1 } };
        }),
        // Who gave up was answered before the effect.
        ...(answeredUs === null
          ? []
          : [{ kind: "answered", atUs: sentUs + answeredUs, op: identity, outcome: "ok", detail: "" } as const]),
      ];
    });
    return events.toSorted((left, right) => left.atUs - right.atUs);
  });

describe("a trace for Perfetto", () => {
  test("has entries of the format alone, each thread's slices one after the other", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const busyUntil = new Map<string, number>();
        for (const entry of traceOf(events)) {
          if (entry.ph !== "X") continue;
          const thread = `${entry.pid}/${entry.tid}`;
          expect(entry.ts).toBeGreaterThanOrEqual(busyUntil.get(thread) ?? 0);
          busyUntil.set(thread, entry.ts + entry.dur);
        }
      }),
    );
  });

  test("has for every operation one slice, from where it was sent to its answer or the end", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const endUs = events.at(-1)?.atUs ?? 0;
        const slices = traceOf(events).filter((entry) => entry.ph === "X" && entry.cat === "op");
        const spans = events.flatMap((event, index) => {
          if (event.kind !== "sent") return [];
          const answer = events.find((each) => each.kind === "answered" && each.op.id === event.op.id);
          return [{ event: index, ts: event.atUs, dur: (answer?.atUs ?? endUs) - event.atUs }];
        });
        expect(
          slices.map((entry) => entry.ph === "X" && { event: entry.args["event"], ts: entry.ts, dur: entry.dur }),
        ).toEqual(spans);
      }),
    );
  });

  test("has arrows that begin once, end once, never go back in time, and stand inside slices", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const entries = traceOf(events);
        const arrows = Map.groupBy(
          entries.filter((entry) => entry.ph === "s" || entry.ph === "t" || entry.ph === "f"),
          ({ id }) => id,
        );
        for (const points of arrows.values()) {
          expect(points.map(({ ph }) => ph).join("")).toMatch(/^st*f$/);
          expect(points.map((each) => "bp" in each)).toEqual(points.map(({ ph }) => ph === "f"));
          expect(points.map(({ ts }) => ts)).toEqual(
            points.map(({ ts }) => ts).toSorted((left, right) => left - right),
          );
        }
        for (const { pid, tid, ts } of [...arrows.values()].flat()) {
          const around = entries.filter(
            (entry) =>
              entry.ph === "X" &&
              entry.pid === pid &&
              entry.tid === tid &&
              entry.ts <= ts &&
              ts <= entry.ts + entry.dur,
          );
          expect(around).not.toEqual([]);
        }
      }),
    );
  });

  test("has an arrow for every operation that had an effect on a service", () => {
    fc.assert(
      fc.property(histories, (events) => {
        const begun = traceOf(events).flatMap((entry) => (entry.ph === "s" ? [entry.id] : []));
        const effective = events.flatMap((event) => {
          const isEffect = event.kind === "change" || (event.kind === "effect" && event.op.name !== "clock.sleep");
          return isEffect ? [event.op!.id] : [];
        });
        expect(new Set(begun)).toEqual(new Set(effective));
      }),
    );
  });

  test("is the same text for the same run", () => {
    fc.assert(
      fc.property(histories, (events) => {
        expect(chromeTrace({ title: "t", events: structuredClone(events) })).toBe(chromeTrace({ title: "t", events }));
      }),
    );
  });

  test("names a track for each process and each service, and marks faults, deaths and the violation", () => {
    const site = op(0).site;
    const events: HistoryEvent[] = [
      start,
      { kind: "sent", atUs: 5, op: op(0) },
      { kind: "fault", atUs: 5, site, fault: "answer-lost", params: {}, effect: "done" },
      { kind: "effect", atUs: 9, op: op(0), step: 0 },
      { kind: "process", atUs: 20, process: "p", incarnation: 0, what: "kill", reason: "" },
    ];
    const violation: Violation = { invariant: "I2", rule: "r", place: "E", message: "m", atUs: 30, eventIndex: 5 };
    const entries = traceOf(events, violation);
    const names = entries.flatMap((entry) => (entry.ph === "M" && entry.name === "process_name" ? [entry.args] : []));
    expect(names).toEqual(["p", "faults and violation", "board"].map((name) => ({ name })));
    const instants = entries.flatMap((entry) => (entry.ph === "i" ? [[entry.cat, entry.name, entry.ts]] : []));
    expect(instants).toEqual([
      ["process", "start", 0],
      ["fault", "answer-lost", 5],
      ["process", "kill", 20],
      ["violation", "I2 broken: E", 30],
    ]);
    const slice = entries.find((entry) => entry.ph === "X" && entry.cat === "op");
    expect(slice).toMatchObject({ ts: 5, dur: 15, args: { outcome: "never answered", site } });
  });

  test("holds text from outside as text", () => {
    const hostile = 'x","ph":"X"\u0007\n</script>';
    const note: HistoryEvent = {
      kind: "note",
      atUs: 1,
      process: hostile,
      incarnation: 0,
      task: hostile,
      name: hostile,
      fields: {},
    };
    const [named] = traceOf([note]);
    expect(named).toMatchObject({ ph: "M", args: { name: 'x","ph":"X"\\u0007\\n</script>' } });
  });
});

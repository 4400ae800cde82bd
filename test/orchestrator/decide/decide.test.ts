import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type Facts } from "../../../src/orchestrator/decide/decide.ts";
import { laneOfTitle, lanePrograms, laneTitles } from "../../../src/orchestrator/decide/lanes.ts";
import { freshRecord, type RunRecord } from "../../../src/orchestrator/runs/run-record.ts";

const cause = { cardId: 7, lane: 2, dateMoved: 1_700_000_000 };
const facts: Facts = {
  program: lanePrograms[2],
  record: undefined,
  nowMs: 1_000_000,
  attemptsMax: 12,
  waitMsMax: 300_000,
  recovery: () => "resume",
};

const records: fc.Arbitrary<RunRecord> = fc.record({
  version: fc.constant(1 as const),
  cause: fc.constant(cause),
  reference: fc.constant("EPIC-1"),
  status: fc.constantFrom("open" as const, "done" as const, "failed" as const),
  attempts: fc.nat(20),
  notBeforeMs: fc.integer({ min: 0, max: 3_000_000 }),
  intents: fc.constant({}),
});

describe("decide", () => {
  test("runs a cause of which nothing was begun, as its first attempt", () => {
    expect(decide(facts)).toEqual({ kind: "run", attempt: 1 });
  });

  test("never runs a cause that is acknowledged, whatever else the record says", () => {
    fc.assert(
      fc.property(records, (record) => {
        fc.pre(record.status !== "open");
        expect(decide({ ...facts, record })).toEqual({ kind: "acknowledged" });
      }),
    );
  });

  test("counts every attempt, and runs no agent beyond the limit", () => {
    fc.assert(
      fc.property(records, (record) => {
        const decision = decide({ ...facts, record });
        if (decision.kind === "run") expect(record.attempts).toBeLessThan(facts.attemptsMax);
        if (decision.kind === "run" || decision.kind === "report") expect(decision.attempt).toBe(record.attempts + 1);
      }),
    );
  });

  test("reports a failure that is decided and not yet shown, and runs no agent", () => {
    const failure = { what: "a", why: "b", advice: "c" };
    const record = { ...freshRecord(cause, "EPIC-1"), attempts: 1, failure };
    expect(decide({ ...facts, record })).toEqual({ kind: "report", attempt: 2 });
  });

  test("waits until its time, but not for a time that only a wrong clock can have written", () => {
    const record = { ...freshRecord(cause, "EPIC-1"), attempts: 1, notBeforeMs: facts.nowMs + 5_000 };
    expect(decide({ ...facts, record })).toEqual({ kind: "wait", untilMs: facts.nowMs + 5_000 });
    expect(decide({ ...facts, record, nowMs: facts.nowMs + 5_000 }).kind).toBe("run");
    expect(decide({ ...facts, record, nowMs: facts.nowMs - 10_000_000 }).kind).toBe("run");
  });

  test("leaves an open record to its owner when the recovery policy says so", () => {
    const record = { ...freshRecord(cause, "EPIC-1"), attempts: 1 };
    expect(decide({ ...facts, record, recovery: () => "leave" }).kind).toBe("ignore");
  });

  test("has nothing to do in a lane where people work", () => {
    expect(decide({ ...facts, program: undefined }).kind).toBe("ignore");
  });
});

describe("laneOfTitle", () => {
  test("finds each lane by its exact title", () => {
    expect(laneTitles.map(laneOfTitle)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  test("finds a lane whose number or case was changed, and no other column", () => {
    expect(laneOfTitle("7. ralph loop")).toBe(8);
    expect(laneOfTitle("  12.   Done ")).toBe(11);
    expect(laneOfTitle("Ralph Loops")).toBeUndefined();
  });
});

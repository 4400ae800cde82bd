import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openLease } from "../../../src/orchestrator/claims/open-lease.ts";
import { defaultLimits } from "../../../src/orchestrator/orchestrator.ts";
import { RunMeter } from "../../../src/orchestrator/runs/run-meter.ts";
import { freshRecord } from "../../../src/orchestrator/runs/run-record.ts";
import { OpenRecord, RunRecords } from "../../../src/orchestrator/runs/run-records.ts";
import { RunStop } from "../../../src/orchestrator/runs/run-stop.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { wrapHttp } from "../wrapped-http.ts";
import { failureOf, playLimited, showsFailure, type LimitedPlay } from "./limited-play.ts";

const thinkingMs = 100_000;

/** Each answer of the model takes its time; with `fails`, none comes after it. */
function playSlow(
  limits: { readonly agentMsMax?: number; readonly causeMsMax?: number },
  fails = false,
): Promise<LimitedPlay> {
  return playLimited(
    { ...limits, modelRequestsMax: 1 },
    {
      ports: (ports) =>
        wrapHttp(ports, {
          async request(each, send, own) {
            if (each.name !== "model.complete") return send(each);
            await own.clock.sleep(thinkingMs, { key: "thinking" });
            return fails ? { kind: "fail", error: { code: "ECONNREFUSED", message: "away" } } : send(each);
          },
        }),
    },
  );
}

describe("the time of an agent", () => {
  test("an agent that keeps within it is no trouble", async () => {
    const { outcomes, reached } = await playSlow({ agentMsMax: thinkingMs + 5_000 });
    expect(outcomes[0]).toBe("EPIC-1 lane 2 done");
    expect(reached).toEqual([]);
  });

  test("an agent that passes it begins nothing more, and the card says how long it was at work", async () => {
    const { outcomes, reached, hands, file } = await playSlow({ agentMsMax: thinkingMs - 1_000 });
    expect(outcomes).toEqual(["EPIC-1 lane 2 failed"]);
    expect(reached).toEqual(["agentMsMax EPIC-1"]);
    expect(file("DESIGN.md")).toBeUndefined();
    expect(showsFailure(hands.card("EPIC-1"), "design-failed")).toBe(true);
    expect(failureOf(hands.card("EPIC-1"))).toMatch(/architect is at work for 10\d s; 99 s are allowed/);
  });
});

describe("the time of all attempts", () => {
  test("attempts that fail one after the other come to their end by it, and by their number when it is long", async () => {
    const short = await playSlow({ causeMsMax: 4.5 * thinkingMs }, true);
    expect(short.reached).toEqual(["causeMsMax EPIC-1"]);
    expect(short.outcomes.filter((outcome) => outcome.endsWith("retry"))).toHaveLength(4);
    expect(showsFailure(short.hands.card("EPIC-1"), "design-failed")).toBe(true);
    const long = await playSlow({ causeMsMax: 20 * thinkingMs }, true);
    expect(long.reached).toEqual(["attemptsPerCauseMax EPIC-1"]);
  });
});

interface Metered {
  readonly meter: RunMeter;
  readonly record: OpenRecord;
  readonly pass: (ms: number) => void;
  readonly reached: string[];
}

/** A run on a clock that stands still until it is told to go on, over a disk that takes everything. */
function metered(limits: Partial<typeof defaultLimits>, workedMs = 0): Metered {
  let nowMs = 7_000;
  const reached: string[] = [];
  const done = async (): Promise<unknown> => ({ kind: "ok", value: undefined });
  const files = new Proxy({}, { get: () => done });
  const clock = { monotonicMs: () => nowMs };
  const log = { event: (_: string, fields: { limit: string }) => reached.push(fields.limit) };
  const ports = { clock, log, files } as unknown as Ports;
  const cause = { cardId: 1, lane: 2, dateMoved: 3 };
  const record = new OpenRecord(new RunRecords("/runs"), ports, 1, { ...freshRecord(cause, "E1"), workedMs });
  const meter = new RunMeter(openLease("E1", 60_000), { ports, limits: { ...defaultLimits, ...limits }, record });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { meter, record, pass, reached };
}

const steps = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 60 }), agent: fc.boolean() }), { maxLength: 12 });

function stopsAt(act: () => void): boolean {
  try {
    act();
    return false;
  } catch (error) {
    expect((error as RunStop).stop.kind).toBe("failure");
    return true;
  }
}

describe("the meter of a run", () => {
  test("lets things begin as long as the agent's time and the cause's are not passed, and not after it", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 100 }), (walk, earlierMs) => {
        const { meter, pass } = metered({ agentMsMax: 100, causeMsMax: 250 }, earlierMs);
        let agentMs = 0;
        let causeMs = earlierMs;
        for (const { ms, agent } of walk) {
          pass(ms);
          agentMs += ms;
          causeMs += ms;
          if (agent) {
            meter.beginAgent("architect");
            agentMs = 0;
          }
          expect(stopsAt(() => meter.require(0))).toBe(agentMs > 100 || causeMs > 250);
        }
      }),
    );
  });

  test("stops each thing that comes after, as the other stories of a batch, until a failure is to be shown", () => {
    const { meter, pass, reached } = metered({ agentMsMax: 100, boardCallsPerRunMax: 2 });
    meter.countBoardCall();
    meter.countBoardCall();
    for (let story = 0; story < 3; story++) expect(stopsAt(() => meter.countBoardCall())).toBe(true);
    pass(101);
    for (let story = 0; story < 3; story++) expect(stopsAt(() => meter.require(0))).toBe(true);
    expect(new Set(reached)).toEqual(new Set(["boardCallsPerRunMax", "agentMsMax"]));
    meter.exempt();
    expect(stopsAt(() => meter.countBoardCall())).toBe(false);
    expect(stopsAt(() => meter.require(0))).toBe(false);
  });
});

test("each save of a record notes the time that its attempts took so far: a crash after it forgets nothing", async () => {
  const { record, pass } = metered({}, 1_000);
  pass(250);
  await record.saveIntent("answer", "yes");
  expect(record.value.workedMs).toBe(1_250);
  pass(50);
  await record.within("E1/S1").saveIntent("answer", "yes");
  expect(record.value.workedMs).toBe(1_300);
});

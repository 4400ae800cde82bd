import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { builtInScenarios } from "../../../scenarios/index.ts";
import { defineInvariant } from "../../../src/define/invariant.ts";
import { defineScenario } from "../../../src/define/scenario.ts";
import { kanboard } from "../../../src/define/services.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { conditions } from "../../../src/review/degraded/conditions.ts";
import type { ConditionName, DegradedCondition } from "../../../src/review/degraded/degraded-condition.ts";
import { measureDegraded } from "../../../src/review/degraded/measure-degraded.ts";
import { runCase } from "../../../src/sim/run-case.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { callBoard } from "../foot-guns/small-system.ts";

/** What a worker does when it could not close a card. */
type Reaction = (ports: Ports) => Promise<"again" | "next">;

const patient: Reaction = async (ports) => (await ports.clock.sleep(5_000), "again");
const stormy: Reaction = async (ports) => (await ports.clock.sleep(100), "again");
const careless: Reaction = async (ports) => (ports.log.event("close.failed", {}), "next");

/** What a worker does with a card, as a call of the board. */
type Deed = (id: number) => readonly [method: string, params: JsonObject];

const close: Deed = (id) => ["closeTask", { task_id: id }];
const comment: Deed = (id) => ["createComment", { task_id: id, user_id: 1, content: "seen" }];

/** Closes a card every ten seconds, or does something else with it. */
function closer(react: Reaction, deed = close): Scenario {
  return defineScenario({
    name: "closer",
    workload: fc.constant({}),
    services: [kanboard({ cards: Array.from({ length: 12 }, (_, index) => ({ title: `Card ${index + 1}` })) })],
    system: {
      async worker(ports) {
        for (let id = 1; id <= 12; id++) {
          await ports.clock.sleep(10_000);
          while (!(await callBoard(ports, ...deed(id), `Card ${id}`))) {
            if ((await react(ports)) === "next") break;
          }
          ports.log.event("went on", { id });
        }
      },
    },
    invariants: deed === close ? [inOrder] : [],
    bounds: { virtualMsMax: 3_600_000, stepsMax: 100_000 },
  });
}

/** Broken by the careless one: card 12 is gone on from without being closed. */
const inOrder = defineInvariant({
  id: "closed-first",
  rule: "A card is closed before the worker goes on from it.",
  kinds: ["change", "note"],
  stores: ["board"],
  judge: (check) => {
    const closed = new Set<unknown>();
    return {
      observe(event) {
        if (event.kind === "change" && event.change.type === "card.closed") closed.add(event.change["card"]);
        if (event.kind !== "note" || event.name !== "went on" || event.fields["id"] !== 12) return;
        check(closed.has(12), { place: "Card 12", message: "Card 12 is still open." });
      },
    };
  },
});

async function conditionOf(
  react: Reaction,
  condition: ConditionName,
  seeds: readonly number[] = [1, 2, 3],
): Promise<DegradedCondition | undefined> {
  const found = await measureDegraded({ scenarios: [closer(react)], seeds, runCase });
  return found.find((each) => each.condition === condition);
}

describe("while the board is down", () => {
  test("a patient system asks little more, and has done all again soon after", async () => {
    const found = await conditionOf(patient, "board-down");
    expect(found).toMatchObject({ runs: 3, lastedMs: 60_000, neverRecovered: 0, lost: [] });
    // Every ten seconds when all is well, every five and a bit while it waits.
    expect(found!.callsPerVirtualHour.healthy).toBeGreaterThan(300);
    expect(found!.callsPerVirtualHour.healthy).toBeLessThan(450);
    expect(found!.callsPerVirtualHour.failing).toBeGreaterThan(450);
    expect(found!.callsPerVirtualHour.failing).toBeLessThan(800);
    // One card at a time, each ten seconds after the one before.
    expect(found!.recoveredAfterMs!.median).toBeGreaterThan(40_000);
    expect(found!.recoveredAfterMs!.max).toBeLessThan(80_000);
    expect(found!.shown).toEqual({ alarms: 0, comments: 0, failedCards: 0 });
  });

  test("a retry storm is seen as one", async () => {
    const found = await conditionOf(stormy, "board-down");
    expect(found!.callsPerVirtualHour.failing).toBeGreaterThan(10_000);
  });

  test("a system that goes on without what failed never recovers, and says so by its alarms", async () => {
    const found = await conditionOf(careless, "board-down");
    expect(found).toMatchObject({ runs: 3, neverRecovered: 3, recoveredAfterMs: undefined });
    expect(found!.shown.alarms).toBeGreaterThan(0);
    expect(found!.words).toContain("does not catch up");
  });

  test.each([
    ["has said all again", patient, 0],
    ["never says what it left out", careless, 3],
  ])("a system that does nothing but speak on cards is judged by that: it %s", async (_what, react, never) => {
    const [, found] = await measureDegraded({ scenarios: [closer(react, comment)], seeds: [1, 2, 3], runCase });
    expect(found).toMatchObject({ condition: "board-down", neverRecovered: never });
    expect((found!.recoveredAfterMs?.median ?? 0) > 40_000).toBe(never === 0);
  });

  test("what is lost is named with its scenario, seed and rule", async () => {
    const lost = (await conditionOf(careless, "board-down", [1, 2, 3, 4, 5, 6, 7]))!.lost;
    expect(lost.length).toBeGreaterThan(0);
    for (const each of lost) expect(each).toMatchObject({ scenario: "closer", invariant: "closed-first" });
    expect(new Set(lost.map(({ seed }) => seed)).size).toBe(lost.length);
  });
});

test("what a system has no use for strikes nothing, and is left out", async () => {
  const found = await measureDegraded({ scenarios: [closer(patient)], seeds: [1], runCase });
  expect(found.map(({ condition }) => condition)).toEqual(["board-slow", "board-down"]);
});

describe("the orchestrator core", () => {
  const names = new Set(["single-card", "lost-webhook"]);
  const study = {
    scenarios: builtInScenarios.filter(({ name }) => names.has(name)),
    seeds: [1],
    runCase,
  };
  let found: readonly DegradedCondition[];

  beforeAll(async () => {
    found = await measureDegraded(study);
  });

  test("loses nothing under any condition, and catches up after each", () => {
    expect(found.map(({ condition }) => condition)).toEqual(conditions.map(({ name }) => name));
    for (const { condition, lost, neverRecovered, callsPerVirtualHour } of found) {
      expect(lost, condition).toEqual([]);
      expect(neverRecovered, condition).toBe(0);
      expect(callsPerVirtualHour.failing, condition).toBeGreaterThan(0);
    }
  });

  test("is measured until somebody interrupts it", async () => {
    const interruption = new AbortController();
    const runOnce: typeof runCase = (...given) => {
      interruption.abort();
      return runCase(...given);
    };
    const some = await measureDegraded({ ...study, runCase: runOnce, interrupted: interruption.signal });
    expect(some.length).toBeGreaterThan(0);
    for (const { condition, runs } of some) expect(runs, condition).toBe(1);
  });

  test("is measured the same twice", async () => {
    expect(await measureDegraded(study)).toEqual(found);
  });
});

import { beforeAll, describe, expect, test } from "vitest";
import { builtInMutants } from "../../scenarios/mutants/built-in-mutants.ts";
import { laneByLane } from "../../scenarios/lane-by-lane/scenario.ts";
import { defaultPolicies } from "../../src/index.ts";
import { runWithFirstFault, type StruckRun } from "../../src/explore/complete-sweep/recovery.ts";
import { secondFaults } from "../../src/explore/complete-sweep/second-faults.ts";
import { faultMenu } from "../../src/explore/fault-menu.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { findingsOf, spread, sweepAll, type SweptTarget } from "../../tools/proof/sweep.ts";
import { SweepRuns, type PreparedTarget } from "../../tools/proof/sweep-runs.ts";
import { sweepTargets, type ProvedTarget } from "../../tools/proof/sweep-targets.ts";

const spawning = sweepTargets.find(({ name }) => name === "spawning by creation")!;
const runs = new SweepRuns([spawning], runCaseNow);
let prepared: PreparedTarget;

beforeAll(async () => {
  prepared = await inMacrotask(() => runs.prepare(spawning.name));
});

describe("first faults", () => {
  test("are every entry of the menu at every site of the stage, but for what is left out with a reason", () => {
    const { families } = spawning.scenario.faults;
    const menu = faultMenu(spawning.scenario.faults, new Set(families));
    const sites = prepared.passing.sites.filter(({ stage }) => stage === "spawner");
    const pairs = sites.reduce((total, { seam }) => total + menu[seam].length, 0);
    const leftOut = [...prepared.faults.leftOut.values()].reduce((total, count) => total + count, 0);
    expect(leftOut).toBeGreaterThan(0);
    expect(prepared.faults.tried.length + leftOut).toBe(pairs);
    expect(new Set(prepared.faults.tried.map(({ fault }) => JSON.stringify(fault))).size).toBe(
      prepared.faults.tried.length,
    );
  });

  test("come to each agent in one of the targets", () => {
    const agents = new Set(sweepTargets.flatMap(({ stages }) => stages));
    expect([...agents].toSorted()).toEqual([
      ...["Ralph", "architect", "governance", "product manager"],
      ...["reviewer of a story", "reviewer of an epic", "spawner", "test coder", "test planner"],
    ]);
  });
});

describe("a recovery", () => {
  const created = "webhooks@0/card EPIC-1 lane 5 attempt 1/board.createTask(EPIC-1/S1)#0";

  test("begins where the run leaves the path of the passing run, and has second faults at its sites", async () => {
    const { recovery, outcome } = await strike({ kind: "kill", when: "after", restartAfterMs: 2_000, site: created });
    expect(outcome.verdict.kind).toBe("held");
    const known = new Set(prepared.passing.sites.map(({ site }) => site));
    expect(known.has(recovery!.sites[0]!.site)).toBe(false);
    const seconds = secondFaults(spawning, recovery!);
    expect(new Set(seconds.map(({ kind }) => kind))).toEqual(
      new Set(["kill", "host-crash", "answer-lost", "answered-with", "disk-fails"]),
    );
    expect(seconds.some(({ site }) => site.startsWith("people@"))).toBe(true);
    expect(seconds.some(({ site, kind }) => site.startsWith("people@") && kind === "kill")).toBe(false);
  });

  test("is none of a fault that nobody has to do anything about", async () => {
    const slow = prepared.faults.tried.find(({ fault }) => fault.kind === "disk-slow")!;
    expect((await strike(slow.fault)).recovery).toBeUndefined();
  });

  test("has the same name when it begins in the same state, and another one in another state", async () => {
    const names = await Promise.all(
      (["before", "during", "after"] as const).map(async (when) => {
        const struck = await strike({ kind: "kill", when, restartAfterMs: 2_000, site: created });
        return struck.recovery!.fingerprint;
      }),
    );
    // On its way, the request arrives all the same: the card is there, as after its answer.
    expect(names[1]).toBe(names[2]);
    expect(names[0]).not.toBe(names[2]);
  });

  function strike(fault: Fault): Promise<StruckRun> {
    const { passing } = prepared;
    return inMacrotask(() => runWithFirstFault(spawning, passing, { stage: "spawner", fault }, runCaseNow));
  }
});

describe("a sweep", () => {
  interface Most {
    readonly firstRunsMax: number;
    readonly recoveriesMax: number;
  }

  test("of the correct core finds nothing, and tells how much it has pruned", async () => {
    const { facts, problems } = await sweepOf(spawning, { firstRunsMax: 60, recoveriesMax: 20 });
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ runsWithOneFault: 60, runsWithTwoFaults: 20, violations: 0 });
    expect(facts["distinctRecoveries"]).toBeLessThanOrEqual(facts["recoveries"] as number);
  });

  test("has a second fault in each recovery, in some at its beginning and in others at its end", async () => {
    const most = { firstRunsMax: 240, recoveriesMax: Number.POSITIVE_INFINITY };
    const { swept } = await sweptWhole(spawning, most);
    const struck = new Map(swept.seconds.map(({ first, run }) => [first, run.index / swept.distinct.get(first)!]));
    expect(new Set(struck.keys())).toEqual(new Set(swept.distinct.keys()));
    const quarters = Map.groupBy(struck.values(), (place) => Math.floor(place * 4));
    expect(struck.size).toBeGreaterThan(20);
    for (let quarter = 0; quarter < 4; quarter++) {
      expect(quarters.get(quarter)!.length).toBeGreaterThan(struck.size / 8);
    }
  });

  test.each([
    ["planning", "architect", "host-crash"],
    ["a story", "reviewer of an epic", "host-crash"],
    ["a batch", "Ralph", "disk-full"],
  ])("of %s ends as undisturbed wherever in the work of the %s a %s strikes", async (name, agent, kind) => {
    const whole = sweepTargets.find((target) => target.name === name)!;
    const part: ProvedTarget = {
      ...whole,
      stages: [agent],
      reasonAgainst: (site, fault) => (fault.kind === kind ? whole.reasonAgainst(site, fault) : "another kind"),
    };
    const { problems } = await sweepOf(part, { firstRunsMax: 24, recoveriesMax: 0 });
    expect(problems).toEqual([]);
  });

  test("of a record of approval whose name was not synced ends as undisturbed when the host crashes after that", async () => {
    const planning = sweepTargets.find(({ name }) => name === "planning")!;
    const own = new SweepRuns([planning], runCaseNow);
    const found = await inMacrotask(() => {
      const { passing, faults } = own.prepare(planning.name);
      const index = faults.tried.findIndex(
        ({ fault }) => fault.kind === "disk-fails" && fault.site.endsWith("disk.sync(epic-1/approvals/DESIGN.md)#1"),
      );
      const { recovery } = runWithFirstFault(planning, passing, faults.tried[index]!, runCaseNow);
      const crashes = secondFaults(planning, recovery!).flatMap(({ kind }, at) => (kind === "host-crash" ? [at] : []));
      return own.run({ kind: "second", target: planning.name, first: index, indexes: crashes });
    });
    expect(found.length).toBeGreaterThan(20);
    expect(found.flatMap(({ problem }) => problem ?? [])).toEqual([]);
  });

  test("finds a card that was left half made, which breaks no invariant, by its end", async () => {
    const halfMade = builtInMutants.find(({ id }) => id === "F22")!;
    const broken = { ...spawning, scenario: laneByLane.build({ policies: halfMade.apply(defaultPolicies) }) };
    const { facts, problems } = await sweepOf(broken, { firstRunsMax: 240, recoveriesMax: 0 });
    expect(facts["violations"]).toBeGreaterThan(0);
    expect(problems.join("\n")).toMatch(/^spawning by creation: end state: card EPIC-1\/S\d: .* first by \{"kind":/m);
  });

  async function sweepOf(target: ProvedTarget, most: Most): Promise<ReturnType<typeof findingsOf>> {
    const { prepared: each, swept } = await sweptWhole(target, most);
    return findingsOf([each], [swept]);
  }

  async function sweptWhole(
    target: ProvedTarget,
    most: Most,
  ): Promise<{ readonly prepared: PreparedTarget; readonly swept: SweptTarget }> {
    const own = new SweepRuns([target], runCaseNow);
    const each = await inMacrotask(() => own.prepare(target.name));
    const [swept] = await sweepAll(
      [each],
      most,
      (order) => inMacrotask(() => own.run(order)),
      () => {},
    );
    return { prepared: each, swept: swept! };
  }
});

test("what is chosen of many lies at even distances, and all of few is chosen", () => {
  const items = Array.from({ length: 10 }, (_, index) => index);
  expect(spread(items, 5)).toEqual([0, 2, 4, 6, 8]);
  expect(spread(items, 10)).toEqual(items);
  expect(spread(items, Number.POSITIVE_INFINITY)).toEqual(items);
});

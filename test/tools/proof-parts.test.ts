import { describe, expect, test } from "vitest";
import { builtInMutants } from "../../scenarios/mutants/built-in-mutants.ts";
import { findingsOf as findingsOfCampaign } from "../../tools/proof/campaign.ts";
import { findingsOf as findingsOfDeterminism } from "../../tools/proof/determinism.ts";
import { inAll, splitSeeds } from "../../tools/proof/million.ts";
import { findingsOf as findingsOfMutants, problemOf, type Found } from "../../tools/proof/mutants.ts";
import type { FailureResult, RunResult, ScenarioResult } from "../../tools/proof/run-result.ts";

const scenario: ScenarioResult = {
  name: "timeouts",
  runs: 100,
  ops: 5_000,
  virtualMs: 7_200_000,
  limits: {},
  failures: [],
  sometimes: [{ name: "a lease expired", hits: 3 }],
  invariants: [{ id: "I1", checked: 40, violations: 0 }],
};
const heldRun: RunResult = {
  ok: true,
  exitCode: 0,
  problems: [],
  seeds: { run: 100 },
  wallMs: 1_000,
  cpuMs: 1_900,
  seedsPerSecond: 100,
  opsPerSecond: 5_000,
  workers: 2,
  scenarios: [scenario],
  determinism: { checked: 10, mismatches: 0 },
};

test("seeds are split over the scenarios to the last one, more of them where runs are short", () => {
  const names = ["timeouts", "partial-spawn", "disk-full"];
  for (const seeds of [10, 1_000, 999_999]) {
    const split = splitSeeds(seeds, names);
    expect([...split.values()].reduce((sum, count) => sum + count, 0)).toBe(seeds);
    expect(split.get("partial-spawn")).toBeGreaterThan(3 * split.get("timeouts")!);
    expect(split.get("timeouts")! - split.get("disk-full")!).toBeLessThanOrEqual(1);
  }
});

describe("the findings of a campaign", () => {
  test("are without problems when all seeds were run and held", () => {
    const { facts, problems } = findingsOfCampaign(heldRun, 100);
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ seedsRun: 100, violations: 0, runTwice: 10, runTwiceMismatches: 0 });
  });

  test.for([
    ["a seed that failed", { ok: false, exitCode: 1, problems: [{ scenario: "timeouts", text: "I1: x (seed 4)" }] }],
    ["an end that is not explained", { ok: false, exitCode: 130 }],
    ["seeds that were not run", { seeds: { run: 99 } }],
    ["runs that differ", { determinism: { checked: 10, mismatches: 1 } }],
    ["no run that was run twice", { determinism: { checked: 0, mismatches: 0 } }],
  ] as const)("name %s as a problem", ([, change]) => {
    expect(findingsOfCampaign({ ...heldRun, ...change }, 100).problems).toHaveLength(1);
  });
});

describe("the findings about mutants", () => {
  const [mutant] = builtInMutants;
  const failure: FailureResult = {
    kind: "violated",
    signature: `${mutant!.expects[0]!}: here`,
    invariant: mutant!.expects[0]!,
    seed: 3,
    strategy: "sweep",
    reproFile: "x.json",
    faults: 1,
    preemptions: 0,
    delays: 0,
    minimal: true,
  };

  test("accept a failure that the mutant is known for and that replays", () => {
    expect(problemOf(mutant!, heldRun, failure, "same-failure")).toBeUndefined();
  });

  test("refuse a mutant that is not found, one that fails otherwise, and one whose repro does not replay", () => {
    expect(problemOf(mutant!, heldRun, undefined, "")).toMatch(/^not found in 100 seeds/);
    expect(problemOf(mutant!, heldRun, { ...failure, kind: "broken" }, "same-failure")).toMatch(/otherwise/);
    expect(problemOf(mutant!, heldRun, { ...failure, invariant: "L9" }, "same-failure")).toMatch(/otherwise/);
    expect(problemOf(mutant!, heldRun, failure, "no-longer-reachable")).toMatch(/does not replay/);
  });

  test("count what was found and how many seeds it took", () => {
    const found = [4, 900, 30].map((seedsNeeded, index): Found => ({
      mutant: mutant!,
      seedsNeeded,
      signature: failure.signature,
      strategy: "sweep",
      faults: 1,
      preemptions: 0,
      delays: 0,
      minimal: true,
      wallSeconds: 1,
      replay: "same-failure",
      replayOfCorrectCore: "no-longer-fails",
      problem: index === 1 ? "not found" : undefined,
      reproFile: "x.json",
    }));
    const { facts, problems } = findingsOfMutants(found);
    expect(facts).toMatchObject({ mutants: 3, found: 2, seedsNeededMedian: 30, seedsNeededMax: 900 });
    expect(problems).toEqual([`${mutant!.id}: not found`]);
  });
});

describe("the findings about determinism", () => {
  const same = "Node 22, main thread, UTC, C (v22.23.0): 40 histories, all the same";
  const differs = "Node 26, worker, Pacific/Chatham, tr_TR (v26.1.0): differs\n  here:     a\n  expected: b";

  test("have a row for each lane", () => {
    const { facts, tables, problems } = findingsOfDeterminism(`${same}\n1 passed, 0 failed`, 0);
    expect(problems).toEqual([]);
    expect(facts).toEqual({ lanes: 1, lanesThatDiffer: 0 });
    expect(tables![0]!.rows).toEqual([["Node 22, main thread, UTC, C", "v22.23.0", "40 histories, all the same"]]);
  });

  test("name a lane that differs, and a comparison that never came to one", () => {
    expect(findingsOfDeterminism(`${same}\n${differs}\n1 passed, 1 failed`, 1).problems).toEqual([
      "Node 26, worker, Pacific/Chatham, tr_TR (v26.1.0): differs",
    ]);
    expect(findingsOfDeterminism("", 0).problems).toHaveLength(1);
    expect(findingsOfDeterminism(same, 1).problems).toHaveLength(1);
  });
});

describe("the findings of a campaign over several sittings", () => {
  const campaign = { ...heldRun, interrupted: false, ledger: { code: "c1", ran: 0 } };
  const sitting = { code: "c1", scenario: "timeouts", ran: 50, wallMs: 1_000, cpuMs: 2_000 };

  test("add up what sittings with the same code took", () => {
    const { facts, problems } = inAll([campaign], 100, [sitting, { ...sitting, code: "old", cpuMs: 9_000 }, sitting]);
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ seedsRun: 100, cpuSeconds: 4, sittings: 2, timedRuns: 100, seedsPerSecond: 50 });
  });

  test("name a change of the code as a problem", () => {
    const other = { ...campaign, ledger: { code: "c2", ran: 0 } };
    expect(inAll([campaign, other], 200, [sitting]).problems).toEqual(["the code changed between two sittings"]);
  });
});

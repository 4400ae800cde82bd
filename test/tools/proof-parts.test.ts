import { describe, expect, test } from "vitest";
import { builtInMutants } from "../../scenarios/mutants/built-in-mutants.ts";
import { findingsOf as findingsOfCampaign } from "../../tools/proof/campaign.ts";
import { findingsOf as findingsOfDeterminism } from "../../tools/proof/determinism.ts";
import { inAll, splitSeeds } from "../../tools/proof/million.ts";
import { findingsOf as findingsOfMutants, problemOf, type Found } from "../../tools/proof/mutants.ts";
import { findingsOf as findingsOfPeers, type PeersResult } from "../../tools/proof/peers.ts";
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

test("seeds are split over the scenarios to the last one, nine of ten where runs are short", () => {
  const names = ["timeouts", "partial-spawn", "disk-full"];
  for (const seeds of [10, 1_000, 999_999]) {
    const split = splitSeeds(seeds, names);
    expect([...split.values()].reduce((sum, count) => sum + count, 0)).toBe(seeds);
    expect(split.get("partial-spawn")).toBeGreaterThanOrEqual(0.9 * seeds);
    expect(split.get("timeouts")).toBe(split.get("disk-full"));
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
    const { facts, problems } = inAll(
      [campaign],
      100,
      [sitting, { ...sitting, code: "old", cpuMs: 9_000 }, sitting],
      2,
    );
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ seedsRun: 100, cpuSeconds: 4, sittings: 2, timedRuns: 100, seedsPerSecond: 100 });
  });

  test("tell of a scenario once, whatever the number of shards", () => {
    const { facts, tables } = inAll([campaign, campaign], 200, [sitting], 2);
    expect(facts).toMatchObject({ seedsRun: 200, runTwice: 20, workers: 2 });
    expect(tables!.map(({ rows }) => rows)).toEqual([
      [["timeouts", 200, 10_000, 4, 0, 0]],
      [["timeouts", "I1", 80, 0]],
      [["timeouts", "a lease expired", 6]],
    ]);
  });

  test("name a change of the code as a problem", () => {
    const other = { ...campaign, ledger: { code: "c2", ran: 0 } };
    expect(inAll([campaign, other], 200, [sitting], 1).problems).toEqual(["the code changed between two sittings"]);
  });
});

describe("the findings beside peers", () => {
  const searched = { id: "F01", trials: 5, found: 5, meanCpuSeconds: 0.2, problems: [] };
  const medians = { runs: { median: 3 }, cpuSeconds: { median: 0.19 } };
  const result: PeersResult = {
    trials: 5,
    cpuSecondsMax: 30,
    strategies: [
      {
        mutants: 1,
        foundOnce: 1,
        foundAlways: 1,
        runs: { median: 3 },
        worst: { mutant: "F01", runsMedian: 3 },
        cpuSecondsOfCatalogue: 0.2,
      },
    ],
    mutants: [{ ...searched, ...medians, title: "a bug", repro: { size: { total: 3 } }, known: { total: 4 } }],
    peers: {
      groups: [{ ...searched, ...medians, peer: "a peer", runs: { median: null }, found: 2, meanCpuSeconds: 12.34 }],
      summary: {
        verdicts: [
          {
            mutant: "F01",
            bestPeer: "a peer",
            ratio: { ratio: 61.7, low: 20, high: 90 },
            verdict: "won",
            comparison: { cpuP: 0.0079 },
          },
        ],
        mean: { ratio: 61.7, low: 20, high: 90 },
      },
    },
  };

  test("have each method's finds in one row, and hold the figures against what is aimed at", () => {
    const { facts, tables, problems } = findingsOfPeers(result);
    expect(problems).toEqual([]);
    expect(facts).toMatchObject({ meetsCpuSecondsBudget: true, meetsTimesBudget: true, won: 1, lost: 0 });
    expect(tables?.map(({ rows }) => rows[0])).toEqual([
      ["F01", "5 of 5, 0.2", "2 of 5, 12.3", "a peer", 61.7, 20, 90, 0.0079, "won"],
      ["F01", "a bug", "5 of 5", 3, 0.19, 0.2, 3, 4],
    ]);
  });

  test("miss an aim without a problem", () => {
    const mean = { ratio: 49, low: 20, high: 90 };
    const slow = { ...result, peers: { ...result.peers, summary: { ...result.peers.summary, mean } } };
    expect(findingsOfPeers(slow)).toMatchObject({ facts: { meetsTimesBudget: false }, problems: [] });
  });

  test("name what was never found, and trials without an end", () => {
    const [mutant] = result.mutants;
    const lost = { ...result, mutants: [{ ...mutant!, found: 0, problems: ["trial 1 never came back"] }] };
    expect(findingsOfPeers(lost).problems).toEqual(["F01 was found by no trial", "F01: trial 1 never came back"]);
  });
});

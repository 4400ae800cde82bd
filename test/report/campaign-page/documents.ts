import type {
  CampaignDocument,
  FailurePart,
  Saturation,
  TargetPart,
} from "../../../src/report/campaign-page/campaign-document.ts";

const latestCode = "aaaaaaaaaaaaaaaa";
const earlierCode = "bbbbbbbbbbbbbbbb";

/** A document with something in each of its parts. */
export function fullDocument(): CampaignDocument {
  const target = targetPart();
  return {
    version: 1,
    command: "ui",
    stormlane: "0.1.0",
    readAt: "2026-11-21T15:00:00Z",
    ledger: {
      file: "reports/out/campaign.sqlite",
      sessions: [
        { id: 1, code: earlierCode },
        { id: 2, code: latestCode },
      ],
      latestCode,
      presentCode: latestCode,
    },
    totals: {
      runs: 2_000,
      ops: 1_500_000,
      events: 4_000_000,
      virtualMs: 100_000_000,
      wallMs: 60_000,
      runTwice: 20,
      mismatches: 1,
      failedRuns: 3,
      limitRuns: 2,
    },
    targets: [target, { ...targetPart(), code: earlierCode, isLatest: false, saturation: null }],
    failures: [failurePart("new"), { ...failurePart("resolved"), viewer: null, repro: null }],
    mutants: {
      source: "reports/out/mutants.json",
      strategies: ["portfolio", "pct"],
      rows: [
        {
          id: "F01",
          title: "checks, then acts",
          scenario: "claim-race",
          cells: [
            { found: 5, trials: 5, runsMedian: 9 },
            { found: 2, trials: 5, runsMedian: null },
          ],
        },
        { id: "F02", title: "forgets", scenario: "timeouts", cells: [{ found: 0, trials: 5, runsMedian: null }, null] },
      ],
    },
    profile: {
      source: "profile.json",
      sections: [
        {
          title: "Time by lane",
          columns: [
            { title: "lane", isNumber: true },
            { title: "agent", isNumber: false },
          ],
          rows: [["2", "architect"]],
        },
      ],
    },
  };
}

function targetPart(): TargetPart {
  return {
    scenario: "claim-race",
    variant: "F01",
    code: latestCode,
    isLatest: true,
    strategy: "portfolio",
    runs: 2_000,
    seeds: { first: 1, last: 2_010, gaps: 10 },
    ops: 1_500_000,
    events: 4_000_000,
    virtualMs: 100_000_000,
    wallMs: 60_000,
    runTwice: 20,
    mismatches: [41],
    failedRuns: 3,
    limits: [{ limit: "stepsMax", runs: 2 }],
    sometimes: [
      { name: "a claim was lost", hits: 30, rate: { estimate: 0.015, low: 0.01, high: 0.02 } },
      { name: "a lease was taken over", hits: 0, rate: { estimate: 0, low: 0, high: 0.002 } },
    ],
    invariants: [
      { id: "I10", rule: "No card is lost.", checked: 12_000, violations: 0 },
      { id: "I2", rule: "One run for each cause.", checked: 400, violations: 3 },
      { id: "L1", rule: null, checked: 0, violations: 0 },
    ],
    saturation: {
      ...saturationOf("growing"),
      strategies: [
        { strategy: "pct", ...saturationOf("saturated") },
        { strategy: "timed", ...saturationOf("open") },
      ],
    },
  };
}

export function saturationOf(state: Saturation["state"]): Saturation {
  return {
    state,
    text: "more seeds help: of the last 1,000 runs 40 had a new timeline; the next new one is expected in 25 runs",
    runs: 2_000,
    distinctTimelines: 300,
    isExact: true,
    unseenMass: { estimate: 0.04, low: 0.03, high: 0.05 },
    latest: { of: 1_000, distinct: 40 },
    nextNewRuns: { estimate: 25, low: 20, high: 33 },
    curve: [
      { runs: 1, distinct: 1 },
      { runs: 1_000, distinct: 260 },
      { runs: 2_000, distinct: 300 },
    ],
  };
}

function failurePart(state: FailurePart["state"]): FailurePart {
  return {
    id: `i2-epic-1-${state}`,
    scenario: "claim-race",
    variant: "F01",
    signature: "I2: EPIC-1",
    state,
    runs: 2_000,
    hits: 3,
    odds: "3 of 2,000 runs",
    cleared: null,
    byCode: [
      { code: earlierCode, runs: 500, hits: 1 },
      { code: latestCode, runs: 2_000, hits: 3 },
    ],
    shown: {
      code: latestCode,
      kind: "violated",
      invariant: "I2",
      message: "EPIC-1 was run twice.",
      seed: 41,
      strategy: "pct",
      steps: 118,
      case: { faults: 1, preemptions: 2, delays: 0, isMinimal: true },
      replayCommand: "npx stormlane replay claim-race:41",
      needsRepro: false,
    },
    viewer: `failure/i2-epic-1-${state}`,
    repro: `failure/i2-epic-1-${state}/repro.json`,
  };
}

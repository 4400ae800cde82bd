import { describe, expect, test } from "vitest";
import type { Counterexample, ReviewEvidence } from "../../../src/review/evidence.ts";
import type { PassBarResult } from "../../../src/review/pass-bar/pass-bar.ts";
import { reviewOf } from "../../../src/review/review.ts";
import { someCounterexample, someEvidence, someInvariant, someScenario } from "../some-evidence.ts";

function resultOf(rule: PassBarResult["rule"], evidence: ReviewEvidence): PassBarResult {
  return reviewOf(evidence).passBar.find((each) => each.rule === rule)!;
}

function brokenBy(counterexample: Partial<Counterexample>): readonly string[] {
  const scenarios = [someScenario({ counterexamples: [someCounterexample(counterexample)] })];
  return reviewOf(someEvidence({ scenarios }))
    .passBar.filter(({ state }) => state === "broken")
    .map(({ rule }) => rule);
}

test("every rule holds in a system that holds, and says what was looked at", () => {
  for (const { state, lookedAt } of reviewOf(someEvidence()).passBar) {
    expect(state).toBe("holds");
    expect(lookedAt.join()).toMatch(/\d+ runs/);
  }
});

describe("is broken by", () => {
  test.each<[string, Partial<Counterexample>, string]>([
    ["work that is tried without end", { invariant: "L2" }, "bounded-retries"],
    [
      "a coder that is asked without end",
      { invariant: "C1", signature: "C1: EPIC-1/S1 lane 8 coders" },
      "bounded-retries",
    ],
    [
      "a run that never comes back",
      { kind: "livelock", invariant: "livelock", signature: "livelock" },
      "bounded-retries",
    ],
    [
      "a socket that is opened in a run",
      {
        kind: "nondeterminism",
        invariant: "nondeterminism",
        signature: "nondeterminism: net.connect (use ports.http)",
      },
      "nothing-real",
    ],
    [
      "a program that is started in a run",
      {
        kind: "nondeterminism",
        invariant: "nondeterminism",
        signature: "nondeterminism: child_process.spawn (use ports.subprocess)",
      },
      "nothing-real",
    ],
    [
      "a lane that is acknowledged without its artifacts",
      {
        invariant: "O1",
        message: "worker-a acknowledged lane 2 of EPIC-1 as done, but there is no attachment DESIGN.md.",
      },
      "honest-reports",
    ],
    [
      "a flood of cards",
      { invariant: "I3", message: "worker-a made a card for EPIC-1, whose plan is over the limit." },
      "bounded-spawning",
    ],
    ["more children than there may be", { invariant: "L1" }, "bounded-spawning"],
  ])("%s", (_, counterexample, rule) => {
    expect(brokenBy(counterexample)).toEqual([rule]);
  });
});

test.each<[string, Partial<Counterexample>]>([
  [
    "a clock that is read in a run",
    { kind: "nondeterminism", signature: "nondeterminism: Date.now (use ports.clock.nowMs)" },
  ],
  ["a comment that is written twice", { invariant: "C1", signature: "C1: EPIC-1 comment" }],
  [
    "a refusal that nobody is told of",
    { invariant: "I3", message: "EPIC-1 was refused for its 30+ stories, but the card does not say so." },
  ],
])("is not broken by %s", (_, counterexample) => {
  expect(brokenBy(counterexample)).toEqual([]);
});

test("a rule that no invariant speaks of was not checked, and is a condition", () => {
  const own = someInvariant({ id: "L2", isBuiltIn: false });
  const evidence = someEvidence({ scenarios: [someScenario({ invariants: [own] })] });
  expect(resultOf("bounded-retries", evidence)).toMatchObject({ state: "not checked", lookedAt: [] });
  expect(resultOf("nothing-real", evidence).state).toBe("holds");
  expect(reviewOf(evidence).verdict.kind).toBe("ready with conditions");
});

test("a rule that the invariants have, and no run exercised, was not checked", () => {
  const invariants = someScenario().invariants.map((each) =>
    each.id === "O1" ? { ...each, runs: 0, checks: 0 } : each,
  );
  expect(resultOf("honest-reports", someEvidence({ scenarios: [someScenario({ invariants })] })).state).toBe(
    "not checked",
  );
});

test("a loop without end in a history breaks the bar, and a limit that nothing enforces", () => {
  const loop = {
    kind: "unbounded-loop",
    title: "A loop without end",
    place: "poller board.getTask",
    runs: 1,
    evidence: [],
    worst: "It went round 900 times.",
    leastFix: "a bound",
  } as const;
  const evidence = someEvidence({ footGuns: { runs: 4, found: [loop] } });
  expect(resultOf("bounded-retries", evidence)).toMatchObject({
    state: "broken",
    brokenBy: ["A loop without end: poller board.getTask"],
  });
  expect(reviewOf(evidence).verdict.kind).toBe("not ready");
});

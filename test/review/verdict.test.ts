import { describe, expect, test } from "vitest";
import type { DegradedCondition } from "../../src/review/degraded/degraded-condition.ts";
import type { ReviewEvidence } from "../../src/review/evidence.ts";
import { reviewOf, type Review } from "../../src/review/review.ts";
import { someCounterexample, someEvidence, someInvariant, someScenario } from "./some-evidence.ts";

function review(parts: Partial<ReviewEvidence> = {}): Review {
  const reviewed = reviewOf(someEvidence(parts));
  expect(reviewed.verdict.reasons.length).toBeGreaterThanOrEqual(2);
  expect(reviewed.verdict.reasons.length).toBeLessThanOrEqual(4);
  return reviewed;
}

test("a system that holds, and was looked at, is ready, without a finding", () => {
  const { verdict, findings } = review();
  expect(verdict.kind).toBe("ready");
  expect(verdict.reasons[0]).toBe(
    "8 of 8 invariants held in 100 runs; each breaks in at most 3.7 % of runs, with 95 % confidence.",
  );
  expect(findings).toEqual([]);
});

test.each(["G1", "D1", "V1"])(
  "a counterexample to %s alone is enough for not ready, and the first reason",
  (invariant) => {
    const scenarios = [someScenario({ counterexamples: [someCounterexample({ invariant })] })];
    const { verdict, findings } = review({ scenarios });
    expect(verdict.kind).toBe("not ready");
    expect(verdict.reasons[0]).toContain(`${invariant} is broken at EPIC-1`);
    expect(findings[0]!.replayCommand).toBe("npx stormlane replay reports/out/partial-spawn-7.json");
  },
);

test("the gravest findings are the reasons, however many there are", () => {
  const broken = ["V1", "D1", "G4", "L8", "G1"].map((invariant) => someCounterexample({ invariant }));
  const { verdict, findings } = review({ scenarios: [someScenario({ counterexamples: broken })] });
  expect(findings.map(({ severity }) => severity)).toEqual(["P0", "P1", "P1", "P1", "P2"]);
  expect(verdict.reasons).toHaveLength(4);
  expect(verdict.reasons[0]).toContain("P0: G1 is broken");
  expect(verdict.reasons[2]).toContain("3 more findings");
});

test("what was never judged is a condition, of severity P3", () => {
  const invariants = [...someScenario().invariants, someInvariant({ id: "L3", runs: 0, checks: 0 })];
  const { verdict, findings } = review({ scenarios: [someScenario({ invariants })] });
  expect(verdict.kind).toBe("ready with conditions");
  expect(findings).toMatchObject([{ title: "L3 was never judged", severity: "P3", hinders: "conditions" }]);
});

test("all that was never judged is one finding", () => {
  const invariants = ["L3", "L4"].map((id) => someInvariant({ id, runs: 0, checks: 0 }));
  const { findings } = review({
    scenarios: [someScenario({ invariants: [...someScenario().invariants, ...invariants] })],
  });
  expect(findings).toMatchObject([{ title: "2 invariants were never judged", invariants: ["L3", "L4"] }]);
});

describe("of a system that runs unmodified", () => {
  const system = { ...someEvidence().system, generalRules: ["comment-twice", "card-twice"] };
  const reviewWith = (comments: number, cards: number): Review => {
    const general = { isBuiltIn: false, checks: 0 };
    const invariants = [
      someInvariant({ ...general, id: "comment-twice", runs: comments }),
      someInvariant({ ...general, id: "card-twice", runs: cards }),
      someInvariant({ ...general, id: "no-crash", runs: 100 }),
    ];
    return review({ system, scenarios: [someScenario({ invariants })], footGuns: { runs: 8, found: [] } });
  };

  test("a rule of what it never does is told of, and hinders nothing", () => {
    const { findings, standings } = reviewWith(80, 0);
    expect(findings).toContainEqual(
      expect.objectContaining({ title: "card-twice does not apply, as far as was seen", hinders: "nothing" }),
    );
    expect(standings[0]).toMatchObject({ invariant: "card-twice", kind: "not guaranteed", reason: "not exercised" });
  });

  test("it is a condition that it did nothing at all of what its rules speak of", () => {
    const silent = reviewWith(0, 0).findings.filter(({ invariants }) => invariants.length > 0);
    expect(silent).toMatchObject([
      { title: "card-twice was never judged", hinders: "conditions" },
      { title: "comment-twice was never judged", hinders: "conditions" },
    ]);
  });

  test("what no rule could look at remains a condition, with what to do about it", () => {
    const { verdict, findings } = reviewWith(80, 80);
    expect(verdict.kind).toBe("ready with conditions");
    expect(findings).toMatchObject(
      ["What is reported as done is done", "Spawning has a limit"].map((rule) => ({
        title: `The pass bar's rule "${rule}" was not checked`,
        leastFix: expect.stringContaining("in a scenario of your own around the same files"),
      })),
    );
  });
});

test("a goal that no run reached is a condition, unless the search ended at a failure", () => {
  const missed = someScenario({ goalsMissed: ["a lease expired"] });
  expect(review({ scenarios: [missed] }).verdict.kind).toBe("ready with conditions");
  const failed = { ...missed, counterexamples: [someCounterexample()] };
  expect(review({ scenarios: [failed] }).findings.map(({ title }) => title)).toEqual(["I1 is broken at EPIC-1"]);
});

test("more than 1 % of runs that reach a bound is a condition", () => {
  expect(review({ scenarios: [someScenario({ runsCutOff: 1 })] }).verdict.kind).toBe("ready");
  const { verdict, findings } = review({ scenarios: [someScenario({ runsCutOff: 2 })] });
  expect(verdict.kind).toBe("ready with conditions");
  expect(findings[0]!.severity).toBe("P2");
});

test("a known bug that nobody notices any more is a condition, and is named", () => {
  const { kept } = someEvidence();
  const mutant = { id: "F02", title: "nothing excludes other processes", scenario: "partial-spawn", signature: "held" };
  const seen = { ...mutant, id: "F03", caughtBy: "I4" };
  const parts = { kept: { ...kept, folder: "reports/corpus", mutants: [{ ...mutant, caughtBy: undefined }, seen] } };
  const { verdict, findings } = review(parts);
  expect(verdict.kind).toBe("ready with conditions");
  expect(findings.filter(({ hinders }) => hinders === "conditions").map(({ title }) => title)).toEqual([
    "Nobody notices the known bug F02",
  ]);
});

test("a judge that no known bug has reached is named, and hinders nothing", () => {
  const { kept } = someEvidence();
  const ids = ["C1", "G1", "I1", "I3", "L1", "L2", "O1"];
  const mutants = ids.map((id) => ({
    id: `F-${id}`,
    title: id,
    scenario: "partial-spawn",
    caughtBy: id,
    signature: id,
  }));
  const { verdict, findings } = review({ kept: { ...kept, folder: "reports/corpus", mutants } });
  expect(verdict.kind).toBe("ready");
  expect(findings).toMatchObject([{ title: "No known bug breaks V1 first", severity: "P3", invariants: ["V1"] }]);
});

test("counterexamples to one invariant are one finding, the first with its evidence", () => {
  const counterexamples = ["EPIC-1", "EPIC-2"].map((place) => someCounterexample({ signature: `I1: ${place}` }));
  const { findings } = review({ scenarios: [someScenario({ counterexamples })] });
  expect(findings).toHaveLength(1);
  expect(findings[0]!.evidence).toContain("And 1 more failure of this rule: I1: EPIC-2 (partial-spawn).");
});

test("modules with gaps are named by what is missing, and hinder nothing", () => {
  const module = { lines: 10, share: 0.5, scenarios: [], invariants: [], mutants: [] };
  const modules = [
    { ...module, module: "dispatch/manual.ts", writes: [], gaps: ["never-run" as const] },
    { ...module, module: "claims/lease.ts", writes: ["claims" as const], gaps: ["no-mutant" as const] },
    { ...module, module: "cards/comment.ts", writes: ["board" as const], gaps: [] },
  ];
  const { verdict, findings } = review({ modules });
  expect(verdict.kind).toBe("ready");
  expect(findings[0]).toMatchObject({
    title: "2 modules with gaps",
    severity: "P3",
    evidence: "no scenario runs: dispatch/manual.ts; no known bug has been put into: claims/lease.ts.",
  });
});

describe("work that is lost under a bad condition", () => {
  const condition = (lost: DegradedCondition["condition"]): DegradedCondition => ({
    condition: lost,
    title: "Something is bad",
    runs: 4,
    lastedMs: 60_000,
    callsPerVirtualHour: { failing: 10, healthy: 5 },
    recoveredAfterMs: undefined,
    neverRecovered: 0,
    shown: { alarms: 0, comments: 0, failedCards: 0 },
    lost: [{ scenario: "partial-spawn", seed: 3, invariant: "I1", message: "Something was done twice." }],
    words: "It waits.",
  });

  test("is a counterexample, where the scenario has faults of that family", () => {
    const { verdict, findings, standings } = review({ degraded: [condition("board-down")] });
    expect(verdict.kind).toBe("not ready");
    expect(findings[0]).toMatchObject({ severity: "P0", invariants: ["I1"] });
    expect(standings.find(({ invariant }) => invariant === "I1")).toMatchObject({ reason: "counterexample" });
  });

  test("is a condition, where no scenario promises to bear it", () => {
    const { verdict, findings } = review({ degraded: [condition("disk-full")] });
    expect(verdict.kind).toBe("ready with conditions");
    expect(findings).toMatchObject([{ severity: "P2", category: "degradation" }]);
  });
});

import type {
  Counterexample,
  InvariantEvidence,
  ProofEvidence,
  ReviewEvidence,
  ScenarioEvidence,
} from "../../src/review/evidence.ts";

/** Evidence of a system that holds, with parts replaced. */
export function someEvidence(parts: Partial<ReviewEvidence> = {}): ReviewEvidence {
  return {
    system: {
      name: "the built-in core",
      mutant: undefined,
      code: "0".repeat(32),
      program: "npx stormlane",
      strategy: "portfolio",
      command: "npx stormlane review",
    },
    scenarios: [someScenario()],
    proofs: [],
    kept: { folder: undefined, mended: 0, counterexamples: [], mutants: [], unusable: [] },
    ...parts,
  };
}

/** It exercises all that the rules of the pass bar speak of. */
export function someScenario(parts: Partial<ScenarioEvidence> = {}): ScenarioEvidence {
  return {
    name: "partial-spawn",
    about: "Cards are spawned.",
    families: ["delivery"],
    runs: 100,
    firstSeed: 1,
    runsTwice: 1,
    runsCutOff: 0,
    invariants: ["C1", "G1", "I1", "I3", "L1", "L2", "O1", "V1"].map((id) => someInvariant({ id })),
    budgets: [],
    counterexamples: [],
    goalsMissed: [],
    goals: 2,
    sweep: { pairs: 400, tried: 40 },
    ...parts,
  };
}

export function someInvariant(parts: Partial<InvariantEvidence> = {}): InvariantEvidence {
  return { id: "I1", rule: "A rule.", isBuiltIn: true, runs: 80, checks: 500, ...parts };
}

export function someCounterexample(parts: Partial<Counterexample> = {}): Counterexample {
  const { invariant = "I1" } = parts;
  return {
    scenario: "partial-spawn",
    kind: "violated",
    invariant,
    signature: `${invariant}: EPIC-1`,
    message: "Something was done twice.",
    foundBy: "seed 7 (pos)",
    runs: 1,
    atEnd: false,
    faults: [],
    preemptions: 0,
    delays: 0,
    reproFile: "reports/out/partial-spawn-7.json",
    replayCommand: "npx stormlane replay reports/out/partial-spawn-7.json",
    ...parts,
  };
}

export function someProof(parts: Partial<ProofEvidence> = {}): ProofEvidence {
  return {
    scenario: "small-claim",
    verdict: "proven",
    reason: undefined,
    bounds: "any number of races reversed; no fault",
    schedules: 768,
    states: 52_205,
    exercised: ["I1"],
    counterexample: undefined,
    ...parts,
  };
}

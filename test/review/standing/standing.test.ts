import { expect, test } from "vitest";
import { failureRateMax } from "../../../src/review/standing/failure-rate.ts";
import { standingsOf } from "../../../src/review/standing/standing.ts";
import { someCounterexample, someEvidence, someInvariant, someProof, someScenario } from "../some-evidence.ts";

const oneScenario = someScenario({ invariants: [someInvariant()] });

test("what was judged in runs, and broken in none, is likely, by the runs that judged it", () => {
  const [standing] = standingsOf(someEvidence({ scenarios: [oneScenario] }));
  expect(standing).toMatchObject({ invariant: "I1", kind: "likely", runs: 80, failures: 0 });
  expect(standing!.failureRateMax).toBe(failureRateMax({ failures: 0, runs: 80 }));
  expect(standing!.sweep).toEqual({ pairs: 400, tried: 40 });
});

test("what a finished proof judged is proven, with its bounds", () => {
  const [standing] = standingsOf(someEvidence({ scenarios: [oneScenario], proofs: [someProof()] }));
  expect(standing).toMatchObject({
    kind: "proven",
    proofs: [{ scenario: "small-claim", bounds: "any number of races reversed; no fault" }],
  });
});

test.each([
  ["did not judge it", someProof({ exercised: ["G1"] })],
  ["was not finished", someProof({ verdict: "unfinished", reason: "the budget is spent" })],
])("a proof that %s proves nothing of it", (_, proof) => {
  const [standing] = standingsOf(someEvidence({ scenarios: [oneScenario], proofs: [proof] }));
  expect(standing).toMatchObject({ kind: "likely", proofs: [] });
});

test("a counterexample outweighs a proof", () => {
  const scenarios = [{ ...oneScenario, counterexamples: [someCounterexample({ runs: 3 })] }];
  const [standing] = standingsOf(someEvidence({ scenarios, proofs: [someProof()] }));
  expect(standing).toMatchObject({ kind: "not guaranteed", reason: "counterexample", failures: 3 });
});

test("a counterexample of a proof, and a kept case that fails again, count like one of the campaign", () => {
  const violated = someProof({ verdict: "violated", counterexample: someCounterexample() });
  const kept = { ...someEvidence().kept, mended: 1, counterexamples: [someCounterexample()] };
  for (const parts of [{ proofs: [violated] }, { kept }]) {
    const [standing] = standingsOf(someEvidence({ scenarios: [oneScenario], ...parts }));
    expect(standing).toMatchObject({ kind: "not guaranteed", reason: "counterexample" });
  }
});

test("an invariant is exercised when any scenario exercises it, and the others are named", () => {
  const silent = someScenario({ name: "quiet", invariants: [someInvariant({ runs: 0, checks: 0 })] });
  const [standing] = standingsOf(someEvidence({ scenarios: [silent, oneScenario] }));
  expect(standing).toMatchObject({ kind: "likely", runs: 80, scenarios: ["partial-spawn"], silentIn: ["quiet"] });
});

test("what nobody exercised is not guaranteed, though nothing broke it", () => {
  const scenarios = [someScenario({ invariants: [someInvariant({ runs: 0, checks: 0 })] })];
  const [standing] = standingsOf(someEvidence({ scenarios }));
  expect(standing).toMatchObject({ kind: "not guaranteed", reason: "not exercised", failureRateMax: 1 });
});

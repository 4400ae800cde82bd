import { expect, test } from "vitest";
import { findingsOf, type BrokenCore, type ReviewDocument } from "../../tools/proof/review.ts";

const ready: ReviewDocument = {
  exitCode: 0,
  verdict: "ready",
  reasons: ["All held."],
  findings: [],
  passBar: [{ rule: "bounded-retries", state: "holds" }],
  invariants: [{ invariant: "I1", kind: "likely", runs: 100, failureRateMax: 0.03 }],
  scenarios: [{ runs: 100, sweep: { pairs: 400, tried: 40 } }],
  kept: { mutants: [{ caughtBy: "I1" }] },
};

const of: BrokenCore = { mutant: "F02", firstSeed: 2, invariant: "I4", severity: "P0" };
const found: ReviewDocument = {
  ...ready,
  exitCode: 1,
  verdict: "not ready",
  findings: [{ severity: "P0", title: "I4 is broken at EPIC-1", invariants: ["I4"] }],
};

function problems(
  core: ReviewDocument,
  document: ReviewDocument,
  differing: readonly string[] = [],
): readonly string[] {
  return findingsOf(core, [{ of, document }], differing).problems;
}

test("a correct core that is ready, and a broken one that is not, for its invariant, are no problem", () => {
  expect(problems(ready, found)).toEqual([]);
  expect(findingsOf(ready, [{ of, document: found }], []).facts).toMatchObject({
    verdict: "ready",
    runs: 100,
    brokenCores: 1,
    brokenCoresNotReadyForTheRightReason: 1,
    twoBriefsDifferIn: "nothing",
  });
});

test.each<[string, ReviewDocument, ReviewDocument, readonly string[]]>([
  ["a correct core with conditions", { ...ready, verdict: "ready with conditions" }, found, []],
  [
    "an invariant that is not guaranteed",
    { ...ready, invariants: [{ ...ready.invariants[0]!, kind: "not guaranteed" }] },
    found,
    [],
  ],
  [
    "a rule of the pass bar that was not checked",
    { ...ready, passBar: [{ rule: "nothing-real", state: "not checked" }] },
    found,
    [],
  ],
  ["a broken core that is ready", ready, ready, []],
  [
    "a broken core that is not ready for another reason",
    ready,
    { ...found, findings: [{ ...found.findings[0]!, invariants: ["V1"] }] },
    [],
  ],
  [
    "a broken core whose finding weighs otherwise",
    ready,
    { ...found, findings: [{ ...found.findings[0]!, severity: "P1" }] },
    [],
  ],
  ["two briefs that differ", ready, found, ["review.md"]],
])("%s is a problem", (_, core, document, differing) => {
  expect(problems(core, document, differing)).toHaveLength(1);
});

import { expect, test } from "vitest";
import { severityOf } from "../../src/review/severity.ts";
import { someCounterexample } from "./some-evidence.ts";

test.each([
  ["G1", "P0"],
  ["G2", "P0"],
  ["I1", "P0"],
  ["I2", "P0"],
  ["I4", "P1"],
  ["G3", "P1"],
  ["G4", "P1"],
  ["D1", "P1"],
  ["L8", "P1"],
  ["V1", "P2"],
  ["budget:stepWallMs", "P2"],
])("a counterexample to %s weighs %s", (invariant, severity) => {
  expect(severityOf(someCounterexample({ invariant }), !invariant.startsWith("budget:"))).toBe(severity);
});

test("a user's invariant weighs by when it shows, whatever it is called", () => {
  expect(severityOf(someCounterexample({ invariant: "I1" }), false)).toBe("P1");
  expect(severityOf(someCounterexample({ invariant: "V1" }), false)).toBe("P1");
  expect(severityOf(someCounterexample({ invariant: "orders-shipped", atEnd: true }), false)).toBe("P2");
});

test("a rule of the pass bar that is broken weighs P0, whatever its invariant would", () => {
  const notDone = "worker-a acknowledged lane 8 of EPIC-1 as done, but there is no commit of src/epic.py.";
  expect(severityOf(someCounterexample({ invariant: "O1", message: notDone }), true)).toBe("P0");
  expect(severityOf(someCounterexample({ invariant: "O1", message: "worker-a began a run of lane 2." }), true)).toBe(
    "P1",
  );
  expect(severityOf(someCounterexample({ invariant: "C1", signature: "C1: EPIC-1/S1 lane 8 coders" }), true)).toBe(
    "P0",
  );
  expect(severityOf(someCounterexample({ invariant: "C1", signature: "C1: EPIC-1 comment" }), true)).toBe("P1");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { moduleCoverage, type ObservedModule } from "../../../src/review/coverage/module-coverage.ts";

const judged = new Map([
  ["crash", ["I1", "G1"]],
  ["quiet", []],
]);

function mapOf(observed: Partial<ObservedModule>, hasMutants = true) {
  const module = { module: "a.ts", lines: [1, 2, 3], writes: [], ran: [], mutants: [], ...observed };
  return moduleCoverage({ modules: [module], judged, hasMutants })[0]!;
}

test("names a module that nobody runs", () => {
  expect(mapOf({ ran: [{ scenario: "crash", lines: [] }] })).toMatchObject({
    share: 0,
    scenarios: [],
    gaps: ["never-run"],
  });
  expect(mapOf({ ran: [{ scenario: "crash", lines: [2] }] }).gaps).toEqual([]);
});

test("finds no fault with a module that has nothing to run", () => {
  expect(mapOf({ lines: [] })).toMatchObject({ share: 1, gaps: [] });
});

test("names a critical module that no mutant breaks, where there are mutants", () => {
  const critical = { writes: ["board"], ran: [{ scenario: "crash", lines: [1] }] } as const;
  expect(mapOf(critical).gaps).toEqual(["no-mutant"]);
  expect(mapOf({ ...critical, mutants: ["F01"] }).gaps).toEqual([]);
  expect(mapOf(critical, false).gaps).toEqual([]);
  expect(mapOf({ ...critical, writes: [] }).gaps).toEqual([]);
});

test("names a critical module that is run only where nobody judges", () => {
  const mutants = ["F01"];
  const quiet = { scenario: "quiet", lines: [1] };
  expect(mapOf({ writes: ["files"], mutants, ran: [quiet] })).toMatchObject({ invariants: [], gaps: ["no-invariant"] });
  expect(mapOf({ writes: ["files"], mutants, ran: [quiet, { scenario: "crash", lines: [3] }] })).toMatchObject({
    invariants: ["G1", "I1"],
    gaps: [],
  });
});

test("a line that runs in two scenarios counts once", () => {
  const ran = [
    { scenario: "crash", lines: [1, 2] },
    { scenario: "quiet", lines: [2] },
  ];
  expect(mapOf({ ran })).toMatchObject({
    share: 0.667,
    scenarios: [
      { scenario: "crash", share: 0.667 },
      { scenario: "quiet", share: 0.333 },
    ],
  });
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { maxLength: 6 });

test("the order in which modules are looked at does not matter", () => {
  fc.assert(
    fc.property(names, fc.gen(), (modules, gen) => {
      const observed = modules.map((module) => ({ module, lines: [1], writes: [], ran: [], mutants: [] }));
      const shuffled = gen(fc.shuffledSubarray, observed, { minLength: observed.length });
      const system = { judged, hasMutants: true };
      expect(moduleCoverage({ ...system, modules: shuffled })).toEqual(
        moduleCoverage({ ...system, modules: observed }),
      );
    }),
  );
});

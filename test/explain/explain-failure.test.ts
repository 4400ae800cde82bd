import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { explainFailure, shortEffort } from "../../src/explain/explain-failure.ts";
import { explanationLines, fullExplanationLines } from "../../src/explain/explanation-lines.ts";
import type { Explanation } from "../../src/explain/explanation.ts";
import type { FaultSpec } from "../../src/faults/fault.ts";
import type { Invariant } from "../../src/invariants/invariant.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Case } from "../../src/sim/case.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

beforeAll(() => installGuards());

/**
 * One process writes the files 0 to 9 one after the other, and says which it could not. The toy fails when what it lost
 * is too much.
 */
function writer(isTooMuch: (lost: ReadonlySet<number>) => boolean): Scenario {
  const rule: Invariant = {
    id: "W1",
    rule: "Not too much is lost.",
    start(report) {
      const lost = new Set<number>();
      return {
        kinds: ["note"],
        observe(event) {
          if (event.kind !== "note" || event.name !== "lost") return;
          lost.add(event.fields["file"] as number);
          if (isTooMuch(lost)) report({ place: "files", message: "Too much is lost." });
        },
        checked: () => 1,
      };
    },
  };
  return {
    name: "writer",
    about: "",
    workloads: { scripted: [10], draw: () => 10, refuse: () => undefined },
    build(world, workload) {
      world.process("writer", async (ports) => {
        for (let file = 0; file < Number(workload); file++) {
          const written = await ports.files.write(`/file-${file}`, "text", { mode: "replace" });
          if (written.kind !== "ok") ports.log.event("lost", { file });
        }
      });
    },
    faults: { families: ["disk"], faultsMax: 5, faultsUntilMs: 60_000, restartAfterMsMax: 1_000 },
    invariants: [rule],
    sometimes: [],
    bounds: { stepsMax: 2_000, virtualMsMax: 600_000 },
  };
}

const failing: FaultSpec = { kind: "disk-fails", code: "EIO" };

function losing(files: readonly number[]): Case {
  const site = (file: number): string => `writer@0/main/disk.write(/file-${file})#0`;
  return {
    scenario: "writer",
    drawSeed: 1,
    workload: 10,
    faults: files.map((file) => ({ ...failing, site: site(file) })),
    preemptions: [],
    delays: [],
  };
}

function explain(
  files: readonly number[],
  isTooMuch: (lost: ReadonlySet<number>) => boolean,
  executionsMax = 500,
): Promise<Explanation | undefined> {
  return inMacrotask(() =>
    explainFailure(losing(files), {
      ...shortEffort,
      executionsMax,
      scenario: writer(isTooMuch),
      runCase: runCaseNow,
      signatureOf,
    }),
  );
}

const someFiles = fc
  .uniqueArray(fc.nat(9), { minLength: 2, maxLength: 5 })
  .map((files) => files.toSorted((left, right) => left - right));

describe("the parts of a case", () => {
  test("are necessary exactly where the run holds without them", async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.integer({ min: 1, max: 5 }), async (files, count) => {
        const needed = files.slice(0, count);
        const explanation = await explain(files, (lost) => needed.every((file) => lost.has(file)));
        expect(explanation!.elements.map(({ role }) => role)).toEqual(
          files.map((file) => (needed.includes(file) ? "necessary" : "redundant")),
        );
      }),
      { numRuns: 15 },
    );
  });

  test("are replaceable where any one of them is enough", async () => {
    const explanation = await explain([2, 5, 7], (lost) => lost.has(2) && (lost.has(5) || lost.has(7)));
    expect(explanation!.elements.map(({ role }) => role)).toEqual(["necessary", "replaceable", "replaceable"]);
  });

  test("have no role where the runs allowed do not suffice", async () => {
    const explanation = await explain([2, 5, 7], (lost) => lost.size === 3, 3);
    expect(explanation!.elements.map(({ role }) => role)).toEqual(["necessary", "necessary", "unknown"]);
    expect(explanation!.noReturn).toBeUndefined();
    expect(explanation!.executions).toBe(3);
  });
});

describe("the nearest run that holds", () => {
  test("is the one that parts from the failing run last", async () => {
    const explanation = await explain([2, 7], (lost) => lost.size === 2);
    const { without, failing: here, holding: there } = explanation!.neighbour!;
    expect(without).toContain("/file-7");
    expect(here!.text).toMatch(/\/file-7: fails \(EIO\)$/);
    expect(there!.text).toMatch(/^writes \/file-7 /);
  });
});

describe("the step of no return", () => {
  test("is the one at which the last necessary fault strikes", async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, async (files) => {
        const explanation = await explain(files, (lost) => lost.size === files.length);
        const { moment, stepBefore, step } = explanation!.noReturn!;
        expect(step - stepBefore).toBe(1);
        expect(moment!.actor).toBe("fault");
        expect(explanation!.noReturn!.shares.find((share) => share.step === stepBefore)!.failing).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  test("is the start where the run fails whatever is done to it", async () => {
    const scenario = writer(() => false);
    const always: Scenario = {
      ...scenario,
      invariants: [
        {
          id: "W2",
          rule: "Nothing is written.",
          start: (report) => ({
            kinds: ["change"],
            observe: () => report({ place: "disk", message: "Something was." }),
            checked: () => 1,
          }),
        },
      ],
    };
    const explanation = await inMacrotask(() =>
      explainFailure(losing([]), { ...shortEffort, scenario: always, runCase: runCaseNow, signatureOf }),
    );
    expect(explanation!.noReturn).toMatchObject({ step: 0, stepBefore: -1 });
    expect(explanationLines(explanation!).join("\n")).toContain("lost at  the start, with no fault and any schedule");
  });
});

test("a case that holds has no explanation", async () => {
  expect(await explain([2], () => false)).toBeUndefined();
});

test("the same case gives the same explanation, in three lines or in full", async () => {
  const [first, second] = [
    await explain([2, 7], (lost) => lost.size === 2),
    await explain([2, 7], (lost) => lost.size === 2),
  ];
  expect(second).toEqual(first);
  const lines = explanationLines(first!);
  expect(lines.length).toBeLessThanOrEqual(3);
  expect(lines.join("\n")).toContain("needed   all 2 of 2: without any one of them the run holds");
  expect(fullExplanationLines(first!).join("\n")).toMatch(/> step +\d+ +100 % {2}24 of 24/);
});

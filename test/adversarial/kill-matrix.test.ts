import { describe, expect, test } from "vitest";
import type { AdversarialCase } from "./adversarial-cases.ts";
import { killMatrix, matrixAsMarkdown, type KillMatrix } from "./kill-matrix.ts";
import type { Shown } from "./trial.ts";

const entries: Readonly<Record<string, AdversarialCase>> = {
  F1: { repro: "left-F1.json", invariant: "I1" },
  F2: { repro: "left-F2.json", invariant: "V1" },
  F3: { repro: "right-F3.json", invariant: "G1" },
};
const scenarioOf = (mutant: string): string => (mutant === "F3" ? "right" : "left");
const held: Shown = { kind: "held" };
const broken = (invariant: string): Shown => ({ kind: "broken", invariant, signature: `${invariant}: card` });

const asTheyShould: Readonly<Record<string, Shown>> = {
  "left-F1.json F1": broken("I1"),
  "left-F1.json F2": broken("I1"),
  "left-F2.json F2": broken("V1"),
  "right-F3.json F3": broken("G1"),
};

async function matrixOf(outcomes: Readonly<Record<string, Shown>>): Promise<KillMatrix> {
  const tryCase = async (repro: string, mutant = "core"): Promise<Shown> => outcomes[`${repro} ${mutant}`] ?? held;
  return killMatrix({ entries, scenarioOf, tryCase, say: () => {} });
}

describe("the kill matrix", () => {
  test("is fine when each mutant breaks its rule in its case, and the core none", async () => {
    expect(await matrixOf(asTheyShould)).toMatchObject({ ok: true, problems: [] });
  });

  test("tries each case on the mutants of its scenario alone", async () => {
    const { cases } = await matrixOf(asTheyShould);
    expect(cases.map(({ mutant, mutants }) => [mutant, ...Object.keys(mutants)])).toEqual([
      ["F1", "F1", "F2"],
      ["F2", "F1", "F2"],
      ["F3", "F3"],
    ]);
  });

  test.each<[string, Shown, string]>([
    ["holds", held, "F1 survives its case: held, where it has to break I1"],
    ["breaks another rule", broken("V1"), "F1 survives its case: V1: card, where it has to break I1"],
    [
      "never meets what the case forces",
      { kind: "unreached", site: "a@0" },
      "F1 survives its case: held, never reached a@0, where it has to break I1",
    ],
    [
      "comes to a bound",
      { kind: "undecided", why: "limit: stepsMax" },
      "F1 survives its case: limit: stepsMax, where it has to break I1",
    ],
  ])("fails when a mutant %s in its own case", async (_what, shown, problem) => {
    const matrix = await matrixOf({ ...asTheyShould, "left-F1.json F1": shown });
    expect(matrix).toMatchObject({ ok: false, problems: [problem] });
    expect(matrixAsMarkdown(matrix)).toContain(`- **${problem}**`);
  });

  test("fails when the correct core does not hold", async () => {
    const { ok, problems } = await matrixOf({ ...asTheyShould, "left-F2.json core": broken("V1") });
    expect({ ok, problems }).toEqual({ ok: false, problems: ["the correct core in the case of F2: V1: card"] });
  });

  test("says as a table what else each case finds", async () => {
    expect(matrixAsMarkdown(await matrixOf(asTheyShould))).toContain("\n| F1 | left | I1: card | F2 | held |\n");
  });
});

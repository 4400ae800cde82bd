import { beforeAll, describe, expect, test } from "vitest";
import { builtInMutants } from "../../scenarios/index.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { adversarialCases } from "./adversarial-cases.ts";
import { keptRepro, tryCase } from "./trial.ts";

beforeAll(() => installGuards());

describe.each(Object.entries(adversarialCases))("%s", (id, { repro: name, invariant }) => {
  const { title, expects } = builtInMutants.find((mutant) => mutant.id === id)!;
  const repro = keptRepro(name);

  test(`${title}: is found by ${invariant}`, async () => {
    expect(expects).toContain(invariant);
    expect(repro).toMatchObject({ mutant: id, expected: { invariant } });
    const { signature } = repro.expected;
    expect(await tryCase(repro, id)).toEqual({ kind: "broken", invariant, signature });
  });

  test("is the mutant's doing: the core holds, with all that the case forces", async () => {
    expect(await tryCase(repro, undefined)).toEqual({ kind: "held" });
  });
});

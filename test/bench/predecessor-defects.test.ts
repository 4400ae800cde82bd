import { describe, expect, test } from "vitest";
import { predecessorDefects, type Defect } from "./predecessor-defects.ts";
import { loadHarness, type Harness } from "./harness.ts";
import { SabotagedCopy } from "./sabotage.ts";

const sources = ["src/base", "src/bench"];

test("the defects are the fifteen that were counted", () => {
  expect(predecessorDefects.map(({ id }) => id)).toEqual(Array.from({ length: 15 }, (_, index) => `B${index + 1}`));
});

describe.for(predecessorDefects.map((defect) => [`${defect.id}, ${defect.about}`, defect] as const))(
  "%s:",
  ([, { property, sabotages }]) => {
    test("not here", async () => {
      await property(await loadHarness((file) => import(new URL(`../../${file}`, import.meta.url).href)));
    });

    test.for(sabotages.map((sabotage, index) => [index + 1, sabotage] as const))(
      "noticed when it is put back, way %d",
      async ([, sabotage]) => {
        using copy = new SabotagedCopy(sources, sabotage);
        expect(await failureOf(property, await loadHarness((file) => copy.import(file)))).toBe("AssertionError");
      },
    );
  },
);

test("what is not sabotaged is not blamed", async () => {
  using copy = new SabotagedCopy(sources, []);
  const harness = await loadHarness((file) => copy.import(file));
  for (const { id, property } of predecessorDefects) {
    expect(await failureOf(property, harness), id).toBe("none");
  }
});

/** A copy that cannot even be run proves nothing: only an expectation that is not met counts. */
async function failureOf(property: Defect["property"], harness: Harness): Promise<string> {
  try {
    await property(harness);
    return "none";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

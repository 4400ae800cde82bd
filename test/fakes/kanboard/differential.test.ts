import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CustomField } from "../../../fakes/kanboard/methods/custom-fields.ts";
import { loadGolden, replay } from "./golden.ts";

/** Generated calls, odd arguments among them, and what a real server answered: `test/fixtures/kanboard-differential`. */
const folder = "kanboard-differential";
const names = readdirSync(new URL(`../../fixtures/${folder}/`, import.meta.url))
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.slice(0, -".jsonl".length))
  .toSorted();

describe("answers and webhooks agree with the recorded server", () => {
  test("in every subject", () => {
    expect(names.length).toBe(21);
  });

  test.for(names)("when calls are generated: %s", (name) => {
    const golden = loadGolden(name, folder);
    const { custom_fields: customFields } = golden.config as { readonly custom_fields?: readonly CustomField[] };
    const agreement = replay(golden, customFields === undefined ? {} : { customFields });
    expect(agreement.differences).toEqual([]);
    expect(agreement.calls).toBeGreaterThan(40);
  });
});

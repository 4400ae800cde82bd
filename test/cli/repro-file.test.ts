import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { join } from "node:path";
import type { JsonValue } from "../../src/base/json.ts";
import { familyOf } from "../../src/faults/fault.ts";
import { parseRepro, readRepro, writeRepro, type Repro } from "../../src/cli/repro-file.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { faultMenu } from "../../src/explore/fault-menu.ts";
import { filesBelow, temporaryFolder } from "./run-command.ts";

const whole: Repro = {
  stormlane: "0.1.0",
  format: 1,
  case: { scenario: "toy", drawSeed: 3, workload: { epics: [] }, faults: [], preemptions: [], delays: [] },
  expected: { signature: "C1: counter", invariant: "C1", message: "It went back." },
  foundBy: { seed: 3, strategy: "random" },
};

/** Every fault that a strategy can choose. */
const menu = faultMenu(
  {
    families: [],
    faultsMax: 1,
    faultsUntilMs: 1,
    restartAfterMsMax: 1_000,
    serviceFaults: { board: ["busy"] },
    programBehaviours: [{ exit: 1, deep: { list: [null, "x"] } }],
  },
  new Set(Object.values(familyOf)),
);

describe("a repro file", () => {
  test("keeps every fault that can be found, byte for byte", () => {
    const faults = Object.values(menu)
      .flat()
      .map((spec, index) => ({ ...spec, site: `p@0/main/x(k)#${index}` }));
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(14);
    const folder = temporaryFolder();
    const repro = { ...whole, case: { ...whole.case, faults }, epic: { stories: [] }, mutant: "F01" };
    writeRepro(join(folder, "repro.json"), repro);
    expect(readRepro(join(folder, "repro.json"))).toEqual(repro);
    expect(filesBelow(folder)).toEqual(["repro.json"]);
  });

  test("of any other shape is refused as the user's mistake, never with an error of ours", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("", ...Object.keys(whole), "case.faults"), (junk, place) => {
        const value = JSON.parse(JSON.stringify(whole)) as Record<string, JsonValue>;
        if (place === "case.faults") value["case"] = { ...whole.case, faults: [junk] } as unknown as JsonValue;
        else if (place !== "") value[place] = junk;
        try {
          parseRepro(place === "" ? junk : value, "repro.json");
          // The junk may happen to be right, as any text is a version.
          expect(["stormlane", "format", "epic"]).toContain(place);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as UsageError).message).not.toContain("\n");
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyCase } from "../../src/explore/explorer.ts";
import { writeRepro, type Repro } from "../../src/cli/repro-file.ts";
import type { JsonValue } from "../../src/base/json.ts";
import { keptFailures } from "../../src/vitest/kept-failures.ts";
import { toy } from "../campaign/toy-scenarios.ts";
import { temporaryFolder } from "./run-suite.ts";

const scenario = toy("counter-racy");

function repro(workload: JsonValue = 1, name = scenario.name): Repro {
  return {
    stormlane: "0.1.0",
    format: 1,
    case: { ...emptyCase(scenario, 1, workload), scenario: name },
    expected: { signature: "C1: counter", invariant: "C1", message: "" },
    foundBy: { seed: 1, strategy: "pct" },
  };
}

const namesIn = (folder: string): string[] => keptFailures(folder, folder, scenario).map(({ fileName }) => fileName);

describe("what is kept of failures", () => {
  test("comes in the order of the last failing, the latest first, and then by name", () => {
    const files = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.integer({ min: 1, max: 3 })), {
      selector: ([name]) => name,
      maxLength: 6,
    });
    fc.assert(
      fc.property(files, (kept) => {
        const folder = temporaryFolder();
        for (const [name, failedAtS] of kept) {
          const path = join(folder, `${name}.json`);
          writeRepro(path, repro());
          utimesSync(path, failedAtS, failedAtS);
        }
        const expected = kept
          .toSorted(([left, leftS], [right, rightS]) => rightS - leftS || (left < right ? -1 : 1))
          .map(([name]) => `${name}.json`);
        expect(namesIn(folder)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("is nothing where no folder is, and nothing else than its files where others lie", () => {
    const folder = temporaryFolder();
    expect(namesIn(join(folder, "none"))).toEqual([]);
    writeFileSync(join(folder, "README.md"), "why these are kept");
    writeFileSync(join(folder, ".a.json.123.tmp"), "half a file");
    expect(namesIn(folder)).toEqual([]);
  });

  test.each([
    ["is no repro", "{}", "is not a repro file of stormlane"],
    ["is cut off", '{"stormlane":', "is not JSON, or only a part of it"],
    [
      "is of another scenario",
      JSON.stringify(repro(1, "claim")),
      "is a case of claim, and this test runs counter-racy",
    ],
    ["no longer fits", JSON.stringify(repro("many")), "its workload no longer fits: not a number of rounds"],
  ])("is refused by name when a file %s", (_, text, words) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "odd.json"), text);
    expect(() => keptFailures(folder, "shown", scenario)).toThrow(`shown/odd.json: ${words}`);
  });

  test("is refused when it stands where no folder can be", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "a"));
    expect(() => namesIn(join(folder, "file/kept"))).toThrow("name a folder with the option reproFolder");
  });
});

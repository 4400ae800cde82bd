import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { builtInCatalogueUrl, loadCatalogue, type Catalogue } from "../src/cli/catalogue.ts";
import { replayRepro, scenarioOfRepro } from "../src/cli/replay-repro.ts";
import { readRepro, type Repro } from "../src/cli/repro-file.ts";
import { installGuards } from "../src/kernel/guards.ts";
import { emptyCase } from "../src/explore/explorer.ts";
import * as toys from "./campaign/toy-scenarios.ts";

const corpus = new URL("../reports/corpus/", import.meta.url);
const kept = readdirSync(corpus)
  .filter((name) => name.endsWith(".json"))
  .toSorted()
  .map((name) => ({ name, repro: readRepro(fileURLToPath(new URL(name, corpus)), name) }));

beforeAll(() => installGuards());

async function resultOf(repro: Repro, catalogue: Catalogue): Promise<string> {
  const { result } = await replayRepro(scenarioOfRepro(repro, "repro", catalogue), repro);
  return result.kind === "held" || result.kind === "same-failure" ? "as expected" : result.text;
}

describe("a kept counterexample of the core", () => {
  // Those of mutants have a lane of their own: `adversarial/`.
  test.for(kept.filter(({ repro }) => repro.mutant === undefined))(
    "$name gives what is expected of it",
    async ({ repro }) => {
      expect(await resultOf(repro, await loadCatalogue(builtInCatalogueUrl))).toBe("as expected");
    },
  );
});

describe("the check of the corpus", () => {
  const held: Repro = {
    stormlane: "0.1.0",
    format: 1,
    case: emptyCase(toys.toy("counter-racy"), 14, 1),
    expected: { signature: "held", invariant: "C1", message: "" },
    foundBy: { seed: 14, strategy: "random" },
  };
  const preemption = {
    site: "left@0/main/disk.readText(/counter)#0",
    step: 0,
    until: { site: "world@0/run/world(start right)#0", step: 0 },
  };
  const failing: Repro = {
    ...held,
    case: { ...held.case, preemptions: [preemption] },
    expected: { signature: "C1: counter", invariant: "C1", message: "" },
  };

  test("accepts a case that holds and one that fails, each as expected", async () => {
    expect(await resultOf(held, toys)).toBe("as expected");
    expect(await resultOf(failing, toys)).toBe("as expected");
  });

  test("refuses a fixed case that fails again", async () => {
    expect(await resultOf({ ...failing, expected: held.expected }, toys)).toMatch(/^another failure/);
  });

  test("refuses a failure that is no longer found, and one that is no longer reached", async () => {
    expect(await resultOf({ ...held, expected: failing.expected }, toys)).toMatch(/^no longer fails/);
    const late = { ...preemption, until: { site: "left@0/main/disk.readText(/gone)#0", step: 0 } };
    const unreached = { ...failing, case: { ...failing.case, preemptions: [late] } };
    expect(await resultOf(unreached, toys)).toMatch(/^no longer reachable at preemption of left@0/);
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { builtInMutants, builtInScenarios } from "../../scenarios/index.ts";
import { sampleProgramFaults } from "../../fakes/cli/program-fault.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { procedures } from "../../fakes/kanboard/procedures.ts";
import { serviceFaultNames } from "../../fakes/llm/service-fault.ts";
import { main } from "../../src/cli/main.ts";
import { builtInCatalogueUrl } from "../../src/cli/catalogue.ts";
import { strategyNames } from "../../src/explore/explorer.ts";
import { familyOf } from "../../src/faults/fault.ts";
import { viewNames } from "../../src/report/world-view.ts";

function page(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** Those of the names that the page does not have in backquotes, alone or at the beginning. */
function missingIn(path: string, names: readonly string[]): string[] {
  const text = page(path);
  return names.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`\`${name} `));
}

/** Those that no line of the page begins with. */
function linesMissingIn(path: string, beginnings: readonly string[]): string[] {
  const lines = page(path).split("\n");
  return beginnings.filter((beginning) => !lines.some((line) => line.startsWith(beginning)));
}

async function helpOf(command: string): Promise<string> {
  let help = "";
  await main([command, "--help"], {
    cwd: "/",
    writeOut: (text) => void (help += text),
    writeError: () => {},
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: builtInCatalogueUrl,
  });
  return help;
}

describe("the pages name all there is", () => {
  test.for(["run", "replay", "mutants", "review"])("flags of %s", async (command) => {
    const flags = [...(await helpOf(command)).matchAll(/--[a-z-]+/g)].map(([flag]) => flag);
    expect(flags.length).toBeGreaterThan(5);
    expect(missingIn("docs/cli.md", [...new Set(flags)])).toEqual([]);
  });

  test("kinds and families of faults, strategies", () => {
    expect(missingIn("docs/faults.md", Object.keys(familyOf))).toEqual([]);
    expect(missingIn("docs/faults.md", [...strategyNames])).toEqual([]);
  });

  test("failures that fakes offer", () => {
    const { faults } = new Kanboard({ origin: "http://board.test", apiToken: "" });
    expect(missingIn("docs/faults.md", [...serviceFaultNames, ...faults])).toEqual([]);
    expect(missingIn("docs/faults.md", [...new Set(sampleProgramFaults.map(({ kind }) => kind))])).toEqual([]);
  });

  test("how many procedures of Kanboard are modelled", () => {
    expect(page("docs/fakes.md").match(/(\d+) procedures/)?.[1]).toBe(String(procedures.length));
  });

  test("invariants, each with its rule", () => {
    const { invariants } = builtInScenarios[0]!;
    expect(
      linesMissingIn(
        "README.md",
        invariants.map(({ id }) => `| ${id} | `),
      ),
    ).toEqual([]);
    // A rule may go on behind its colon: the page says the rest in words of its own.
    const rows = invariants.map(({ id, rule }) => `| ${id} | ${rule.split(":")[0]!}`);
    expect(linesMissingIn("docs/invariants.md", rows)).toEqual([]);
  });

  test("views, strategies, scenarios", () => {
    expect(missingIn("docs/cli.md", [...viewNames, ...strategyNames])).toEqual([]);
    const names = builtInScenarios.map(({ name }) => name);
    for (const path of ["README.md", "docs/scenarios.md", "docs/faults.md"]) expect(missingIn(path, names)).toEqual([]);
  });

  test("families of each scenario", () => {
    const rows = builtInScenarios.map(({ name, faults }) => `| \`${name}\` | ${faults.families.join(", ")} |`);
    expect(linesMissingIn("docs/faults.md", rows)).toEqual([]);
  });

  test("mutants, each with its title, its scenario, and the invariants that find it", () => {
    const rows = builtInMutants.map(
      ({ id, title, scenario, expects }) => `| ${id} | ${title} | ${scenario} | ${expects.join(", ")} |`,
    );
    expect(linesMissingIn("scenarios/mutants/README.md", rows)).toEqual([]);
    const onTheFrontPage = page("README.md").match(/^\| F\d\w* \| .*$/gm) ?? [];
    const known = new Set(builtInMutants.map(({ id, title, scenario }) => `| ${id} | ${title} | \`${scenario}\` |`));
    expect(onTheFrontPage.filter((row) => !known.has(row))).toEqual([]);
  });
});

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtInCatalogueUrl } from "../../../src/cli/catalogue.ts";
import { measureCoverage } from "../../../src/cli/coverage/measure-coverage.ts";
import { counter, projectFolder } from "../project/project-folder.ts";

const options = { seeds: 2, strategy: "portfolio" } as const;

test("the map of a project names what runs, what it writes, and the module that nobody runs", async () => {
  const unused = `export function never(): number {\n  return 1;\n}\n`;
  const imported = `import { never } from "./unused.ts";\nexport const isReady = never.length === 0;\n`;
  const folder = projectFolder({
    ...counter,
    "stormlane.config.json": "{}",
    "counter.ts": `import "./imported.ts";\n${counter["counter.ts"]}`,
    "imported.ts": imported,
    "unused.ts": unused,
  });
  const catalogueUrl = pathToFileURL(join(folder, "stormlane.config.json"));
  const map = await measureCoverage({ ...options, catalogueUrl, scenarios: ["counter"] });
  expect(map).toEqual([
    {
      module: "counter.ts",
      writes: ["files"],
      lines: 5,
      share: 1,
      scenarios: [{ scenario: "counter", share: 1 }],
      invariants: ["no-lost-update"],
      mutants: [],
      gaps: [],
    },
    expect.objectContaining({ module: "imported.ts", lines: 0, gaps: [] }),
    expect.objectContaining({ module: "unused.ts", lines: 2, share: 0, scenarios: [], gaps: ["never-run"] }),
  ]);
});

test("the map of the core is the same from two processes, and knows who claims and which mutants try it", async () => {
  const measure = () => measureCoverage({ ...options, catalogueUrl: builtInCatalogueUrl, scenarios: ["small-claim"] });
  const [first = [], second] = await Promise.all([measure(), measure()]);
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  const claims = first.find(({ module }) => /^claims\/claims\.[jt]s$/.test(module))!;
  expect(claims.writes).toEqual(["claims"]);
  expect(claims.scenarios.map(({ scenario }) => scenario)).toEqual(["small-claim"]);
  expect(claims.share).toBeGreaterThan(0.3);
  expect(claims.mutants).toContain("F01");
  expect(claims.gaps).toEqual([]);
  const spawner = first.find(({ module }) => module.startsWith("agents/spawner."))!;
  expect(spawner).toMatchObject({ share: 0, scenarios: [] });
  expect(spawner.gaps).toContain("never-run");
}, 120_000);

test("an interrupted measurement ends without a map", async () => {
  const interruption = new AbortController();
  const measuring = measureCoverage({
    seeds: 1_000_000,
    strategy: "portfolio",
    catalogueUrl: builtInCatalogueUrl,
    scenarios: ["small-claim"],
    interrupted: interruption.signal,
  });
  setTimeout(() => interruption.abort(), 50);
  expect(await measuring).toBeUndefined();
});

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { builtInCatalogueUrl } from "../../../src/cli/catalogue.ts";
import { measureCoverage } from "../../../src/cli/coverage/measure-coverage.ts";
import type { Host } from "../../../src/cli/host.ts";
import { withSystem } from "../../../src/cli/system/system-url.ts";
import { counter, projectFolder } from "../project/project-folder.ts";

const systemUrl = (folder: string, file: string): URL => withSystem({ cwd: folder } as Host, file).catalogueUrl;

const options = { seeds: 2, strategy: "portfolio" } as const;

test("the map of a project names what runs, what it writes, and the module that nobody runs", async () => {
  const unused = `export function never(): number {\n  return 1;\n}\n`;
  const imported = `import { never } from "./unused.ts";\nexport const isReady = never.length === 0;\n`;
  const folder = projectFolder({
    ...counter,
    "stormlane.config.json": "{}",
    "counter.ts": `import "./imported.ts";\nimport "dep";\n${counter["counter.ts"]}`,
    "node_modules/dep/package.json": `{ "name": "dep", "type": "module", "exports": "./index.js" }`,
    "node_modules/dep/index.js": `export function ofSomebodyElse() {\n  return 1;\n}\n`,
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

test("the map of a system that runs unmodified is of its files as they were written, however they are loaded", async () => {
  const folder = projectFolder({
    "package.json": `{ "type": "module" }`,
    "main.ts": `import { comment } from "./board.ts";
import { double } from "./double.cjs";
import { never } from "./unused.ts";
import "dep";

/** Half of it is said. */
interface Card {
  readonly id: number;
}

enum Lane {
  Ready = 2,
}

async function work(card: Card): Promise<void> {
  if (card.id > double(Lane.Ready)) {
    never();
  }
  await comment(card.id);
}

setTimeout(async () => {
  await work({ id: (await import("./lazy.ts")).one() });
}, 20_000);
`,
    "board.ts": `export async function comment(task_id: number): Promise<void> {
  const headers = { authorization: "Basic " + btoa("jsonrpc:" + process.env.KANBOARD_TOKEN) };
  const params = { task_id, user_id: 1, content: "planned" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "createComment", params });
  await fetch(process.env.KANBOARD_URL!, { method: "POST", headers, body });
}
`,
    "double.cjs": `exports.double = function double(number) {\n  return 2 * number;\n};\n`,
    "lazy.ts": `export function one(): number {\n  return 1;\n}\n`,
    "unused.ts": `const hint: string = "x";\n\nexport function never(): void {\n  console.log(hint);\n}\n`,
    "node_modules/dep/package.json": `{ "name": "dep", "type": "module", "exports": "./index.js" }`,
    "node_modules/dep/index.js": `export function ofSomebodyElse() {\n  return 1;\n}\nofSomebodyElse();\n`,
  });
  const catalogueUrl = systemUrl(folder, "main.ts");
  const map = await measureCoverage({ ...options, catalogueUrl, scenarios: ["main"] });
  const ran = { share: 1, scenarios: [{ scenario: "main", share: 1 }], gaps: [] };
  expect(map).toEqual([
    expect.objectContaining({
      module: "board.ts",
      lines: 5,
      writes: ["board"],
      ...ran,
      invariants: ["comment-twice", "no-crash"],
    }),
    expect.objectContaining({ module: "double.cjs", lines: 2, writes: [], ...ran }),
    expect.objectContaining({ module: "lazy.ts", lines: 2, writes: [], ...ran }),
    // Also of the enum, which is a function when it runs. Of \`work\` all but what it never comes to.
    expect.objectContaining({ module: "main.ts", lines: 10, share: 0.9, writes: [] }),
    expect.objectContaining({ module: "unused.ts", lines: 2, share: 0, scenarios: [], gaps: ["never-run"] }),
  ]);
}, 120_000);

test("what ran is counted where V8 would have put one function into the other long ago", async () => {
  const turns = `import type { Ports } from "stormlane";

function add(sum: number, turn: number): number {
  return (sum + turn) | 0;
}

function sumOf(turns: number): number {
  let sum = 0;
  for (let turn = 0; turn < turns; turn++) sum = add(sum, turn);
  return sum;
}

export async function worker(ports: Ports, { turns }: { readonly turns: number }): Promise<void> {
  let sum = 0;
  for (let round = 0; round < turns; round++) sum = sumOf(turns);
  ports.log.event("summed", { sum });
}
`;
  const scenario = (name: string, most: number) => `import { defineScenario, fc, noCrash } from "stormlane";
import { worker } from "../../turns.ts";

export default defineScenario({
  name: "${name}",
  workload: fc.record({ turns: fc.constant(${most}) }),
  system: { worker },
  invariants: [noCrash],
});
`;
  const folder = projectFolder({
    "stormlane.config.json": "{}",
    "turns.ts": turns,
    "scenarios/hot/scenario.ts": scenario("hot", 800),
    "scenarios/once/scenario.ts": scenario("once", 1),
  });
  const catalogueUrl = pathToFileURL(join(folder, "stormlane.config.json"));
  const [map] = (await measureCoverage({ ...options, catalogueUrl, scenarios: ["hot", "once"] })) ?? [];
  expect(map!.scenarios).toEqual([
    { scenario: "hot", share: 1 },
    { scenario: "once", share: 1 },
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
  // What no scenario even loads is a module all the same.
  const unloaded = first.find(({ module }) => module.startsWith("spans/traced-ports."))!;
  expect(unloaded.lines).toBeGreaterThan(10);
  expect(unloaded.gaps).toEqual(["never-run"]);
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

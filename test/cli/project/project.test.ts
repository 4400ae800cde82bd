import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { codeHash } from "../../../src/cli/code-hash.ts";
import { counter, projectFolder, runNode, runStormlane, scenarioText, writeFiles } from "./project-folder.ts";

const config = {
  "stormlane.config.ts": `import { defineConfig } from "stormlane";\nexport default defineConfig({});\n`,
};

test("run takes the project's scenarios from anywhere in it, finds the race, and replay shows the same failure", async () => {
  const folder = projectFolder({ ...config, ...counter });
  const below = join(folder, "docs/notes");
  mkdirSync(below, { recursive: true });
  const found = await runStormlane(["run", "--seeds", "300", "--workers", "1", "--no-explain"], below);
  expect(found.error).not.toMatch(/our own code/);
  expect(found.out).toContain("no-lost-update: counter");
  expect(found.exitCode).toBe(1);
  const [repro = ""] = readdirSync(join(folder, "reports/out"));
  expect(found.out).toContain(`npx stormlane replay ../../reports/out/${repro}`);
  const replayed = await runStormlane(["replay", `../../reports/out/${repro}`], below);
  expect(replayed.out).toContain("worker-");
  expect(replayed.out).toContain("same failure");
  expect(replayed.exitCode).toBe(1);
});

test("the config says how many seeds, where reports go and which there are, unless a flag does", async () => {
  const settings = `{ "seeds": 3, "workers": 0, "reports": "out", "reporters": ["junit"] }`;
  const folder = projectFolder({ "stormlane.config.json": settings, ...counter });
  const below = join(folder, "scenarios");
  const [plain, told] = await Promise.all([
    runStormlane(["run", "--json"], below),
    runStormlane(["run", "--seeds", "1", "--first-seed", "9", "--reporter", "ctrf", "--out", "mine", "--json"], below),
  ]);
  expect(JSON.parse(plain.out)).toMatchObject({ seeds: { requested: 3 }, workers: 0 });
  expect(readdirSync(join(folder, "out"))).toContain("junit.xml");
  expect(JSON.parse(told.out)).toMatchObject({ seeds: { requested: 1 } });
  expect(readdirSync(join(below, "mine"))).toContain("ctrf.json");
});

test("a campaign keeps its ledger with the project's reports, and goes on with it from another folder", async () => {
  const folder = projectFolder({ "stormlane.config.json": `{ "workers": 0, "reports": "out" }`, ...counter });
  const campaign = (cwd: string) => runStormlane(["campaign", "--seeds", "2", "--json"], cwd);
  expect((await campaign(join(folder, "scenarios"))).exitCode).toBe(0);
  expect(readdirSync(join(folder, "out"))).toContain("campaign.sqlite");
  const again = await runStormlane(["campaign", "--report"], folder);
  expect(again.out).toMatch(/counter +2 /);
});

test("the failures of merged shards go to the project's folder of reports", async () => {
  const folder = projectFolder({ "stormlane.config.json": `{ "workers": 0, "reports": "out" }`, ...counter });
  const below = join(folder, "scenarios");
  const shard = ["--seeds", "100", "--shard", "1/1", "--blob", "blob.json", "--out", "elsewhere", "--no-explain"];
  expect((await runStormlane(["campaign", ...shard], below)).exitCode).toBe(1);
  expect((await runStormlane(["merge", "blob.json"], below)).exitCode).toBe(1);
  expect(readdirSync(join(folder, "out")).filter((file) => file.endsWith(".json"))).not.toEqual([]);
  expect(readdirSync(below)).not.toContain("reports");
});

test("doctor looks whether the project's own folder of reports can be written to", async () => {
  const folder = projectFolder({ "stormlane.config.json": `{ "reports": "out" }`, ...counter });
  const { out } = await runStormlane(["doctor", "counter", "--seeds", "1", "--json"], join(folder, "scenarios"));
  const { environment } = JSON.parse(out) as { environment: unknown[] };
  const found = `${join(folder, "out")} can be written to`;
  expect(environment).toContainEqual({ what: "reports", status: "ok", found });
});

test("built-in scenarios are named with a prefix, and only when they are named", async () => {
  const folder = projectFolder({ ...config, ...counter });
  const run = (...names: string[]) =>
    runStormlane(["run", ...names, "--seeds", "4", "--workers", "0", "--json"], folder);
  const [named, bare] = await Promise.all([run("stormlane:classics/token-ring"), run("classics/token-ring")]);
  expect((JSON.parse(named.out) as { scenarios: unknown[] }).scenarios).toMatchObject([
    { name: "stormlane:classics/token-ring", runs: 4 },
  ]);
  expect(bare.exitCode).toBe(2);
  expect(bare.error).toContain("did you mean stormlane:classics/token-ring, which is built in?");
});

test("exhaustive goes over the first workloads that are drawn where there are no examples, and refuses an empty list", async () => {
  const path = "scenarios/counter/scenario.ts";
  const files = { ...config, ...counter };
  const none = files[path].replace("workload:", "examples: [],\n  workload:");
  const args = ["run", "counter", "--strategy", "exhaustive", "--runs-max", "200"];
  const [drawn, refused] = await Promise.all([
    runStormlane(args, projectFolder(files)),
    runStormlane(args, projectFolder({ ...files, [path]: none })),
  ]);
  expect(drawn.error).toBe("");
  expect(drawn.out).toContain("no-lost-update: counter");
  expect(drawn.exitCode).toBe(1);
  expect(refused.error).toMatch(
    /^stormlane: run --strategy exhaustive counter: it goes over a scenario's examples, and this one/,
  );
  expect(refused.exitCode).toBe(2);
});

const broken: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  "a config that throws": [
    { "stormlane.config.ts": `throw new Error("no board");\nexport default {};\n` },
    /^PROJECT\/stormlane\.config\.ts: line 1: throws Error: no board; mend it/,
  ],
  "a config without an object": [
    { "stormlane.config.mjs": "export const config = {};\n" },
    /its default export is no object/,
  ],
  "a config that is not JSON": [{ "stormlane.config.json": "{ scenarios: }" }, /is not JSON/],
  "a member that does not exist": [
    { "stormlane.config.json": `{ "scenario": "a.ts" }` },
    /stormlane\.config\.json: scenario: there is no such member; did you mean scenarios\?/,
  ],
  "a member of the wrong kind": [
    { "stormlane.config.json": `{ "scenarios": 3 }` },
    /stormlane\.config\.json: scenarios: .*; write a pattern, or a list of them/,
  ],
  "patterns that find nothing": [
    { "stormlane.config.json": `{ "scenarios": ["tests/*.ts"] }` },
    /stormlane\.config\.json: scenarios: no file matches tests\/\*\.ts; write one/,
  ],
  "a scenario without a default export": [
    { ...config, "scenarios/a/scenario.ts": "export const scenario = {};\n" },
    /^PROJECT\/scenarios\/a\/scenario\.ts: has no default export, only scenario; write: export default defineScenario/,
  ],
  "a default export that is no scenario": [
    { ...config, "scenarios/a/scenario.ts": "export default { name: 'a' };\n" },
    /its default export is no scenario/,
  ],
  "two scenarios of one name": [
    { ...config, ...counter, "scenarios/other/scenario.ts": scenarioText("counter") },
    /^scenario counter: is in scenarios\/counter\/scenario\.ts and in scenarios\/other\/scenario\.ts/,
  ],
  "a definition with a bad member": [
    { ...config, ...counter, "scenarios/counter/scenario.ts": scenarioText("Counter One") },
    /scenario\.ts: defineScenario "Counter One": name: must be in kebab-case/,
  ],
  "TypeScript that cannot be stripped": [
    { ...config, "scenarios/a/scenario.ts": "import '../../b.ts';\n", "b.ts": "enum Lane { Inbox }\n" },
    /b\.ts:1: uses TypeScript that leaves code behind.*enum is not supported.*erasableSyntaxOnly/,
  ],
  "an import without its extension": [
    {
      ...config,
      ...counter,
      "scenarios/counter/scenario.ts": scenarioText("counter").replace("counter.ts", "counter"),
    },
    /Cannot find module .*write relative imports with their extension/,
  ],
  "syntax that is none": [{ ...config, "scenarios/a/scenario.mjs": "export default {{;\n" }, /cannot be parsed/],
  "a config about serving alone, which leaves the built-in scenarios": [
    { "stormlane.config.json": `{ "board": {}, "pollers": 2 }` },
    /"names":\[.*"single-card"/,
  ],
  "scenarios in JavaScript, and a pattern of one's own": [
    {
      "stormlane.config.json": `{ "scenarios": "./checks/**/*.scenario.mjs" }`,
      "checks/deep/one.scenario.mjs": `import { defineScenario, fc } from "stormlane";\nexport default defineScenario({ name: "one", workload: fc.constant({}), system: { a: async () => {} }, invariants: [] });\n`,
    },
    /"names":\["one"\]/,
  ],
};

test("each mistake in a project is one clear error that names the file, and each good project loads", async () => {
  const folders = Object.values(broken).map(([files]) => projectFolder(files));
  const script = fileURLToPath(new URL("load-projects.ts", import.meta.url));
  const { out, error } = await runNode([script, ...folders], folders[0]!);
  expect(error).not.toMatch(/^\s+at /m);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(folders.length);
  for (const [index, [what, [, expected]]] of Object.entries(broken).entries()) {
    const { error: kind, message } = JSON.parse(lines[index]!) as { error?: string; message?: string };
    expect(message ?? lines[index], what).toMatch(expected);
    if (message !== undefined) expect(kind, what).toBe("UsageError");
  }
});

test("the hash of the code changes with a project's scenarios and what they import, and with nothing else", async () => {
  const folder = projectFolder({ "stormlane.config.json": "{}", ...counter });
  const url = pathToFileURL(join(folder, "stormlane.config.json"));
  const first = await codeHash(url);
  const seen = new Set([first]);
  writeFiles(folder, { "reports/out/a.json": "{}", "README.md": "words", "other.ts": "export {};" });
  expect(await codeHash(url)).toBe(first);
  const changes = [
    { "counter.ts": `${counter["counter.ts"]}\nimport "./deep/inner.ts";\n`, "deep/inner.ts": "export {};\n" },
    { "deep/inner.ts": "export const a = 1;\n" },
    { "scenarios/counter/plan.json": "{}" },
    { "scenarios/second/scenario.ts": scenarioText("second") },
  ];
  for (const change of changes) {
    writeFiles(folder, change);
    seen.add(await codeHash(url));
  }
  expect(seen.size).toBe(1 + changes.length);
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runStormlane, writeFiles } from "../project/project-folder.ts";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";

const portsFiles = [
  ".github/workflows/stormlane.yml",
  ".gitignore",
  "package.json",
  "scenarios/claim-race/scenario.ts",
  "src/board.ts",
  "src/worker.ts",
  "stormlane.config.ts",
  "test/claim-race.test.ts",
  "tsconfig.json",
];

test("the scaffolded scenario shows its planted race within 2,000 seeds, and holds once the line is mended", async () => {
  const folder = temporaryFolder();
  expect(await runCommand(["init", "--yes"], { cwd: folder })).toMatchObject({ exitCode: 0, error: "" });
  const found = await runStormlane(["run", "--workers", "0"], folder);
  expect(found.exitCode).toBe(1);
  expect(found.out).toContain("one-worker-per-card: Card 1");
  const [repro = ""] = readdirSync(join(folder, "reports/out"));
  expect(found.out).toContain(`npx stormlane replay reports/out/${repro}`);
  const replayed = await runStormlane(["replay", `reports/out/${repro}`], folder);
  expect(replayed).toMatchObject({ exitCode: 1 });
  expect(replayed.out).toContain("same failure");

  const worker = join(folder, "src/worker.ts");
  const raced = readFileSync(worker, "utf8");
  const mended = raced.replace(
    "if (await claimByName(board, card, name))",
    "if (await claimByFile(ports, card, name))",
  );
  expect(mended).not.toBe(raced);
  writeFileSync(worker, mended);
  const held = await runStormlane(["run", "--seeds", "200", "--workers", "0"], folder);
  expect(held.out).toContain("all held");
  expect(held.exitCode).toBe(0);
});

test("in a package of CommonJS the files are .mts, and are found all the same", async () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { "package.json": `{ "name": "shop", "type": "commonjs" }\n` });
  expect(await runCommand(["init", "--yes", "--no-ci"], { cwd })).toMatchObject({ exitCode: 0 });
  const files = filesBelow(cwd).filter((file) => file.endsWith("ts"));
  expect(files).toEqual([
    "scenarios/claim-race/scenario.mts",
    "src/board.mts",
    "src/worker.mts",
    "stormlane.config.mts",
    "test/claim-race.test.mts",
  ]);
  const { exitCode, error, out } = await runStormlane(["run", "--seeds", "1", "--workers", "0", "--json"], cwd);
  expect(error).not.toMatch(/Warning|claim-race.*failed/);
  expect(JSON.parse(out)).toMatchObject({ scenarios: [{ name: "claim-race", runs: 1 }] });
  expect(exitCode).toBe(0);
});

test.each([
  ["ports", portsFiles],
  ["http", ["stormlane/fakes.json", "stormlane/orchestrator.mjs", "stormlane/orchestrator.test.ts"]],
])("writes the files of kind %s and says what comes next", async (kind, files) => {
  const cwd = temporaryFolder();
  const { exitCode, out } = await runCommand(["init", "my shop", "--yes", "--kind", kind, "--no-ci"], { cwd });
  expect(exitCode).toBe(0);
  const written = filesBelow(join(cwd, "my shop"));
  for (const file of files) {
    if (file.startsWith(".github")) continue;
    expect(written).toContain(file);
    expect(out).toContain(`wrote    ${file}\n`);
  }
  expect(written.some((file) => file.startsWith(".github"))).toBe(false);
  expect(written.some((file) => file.endsWith(".txt"))).toBe(false);
  expect(out).toContain("Next:\n  cd 'my shop'\n  npm install\n");
  expect(JSON.parse(readFileSync(join(cwd, "my shop/package.json"), "utf8"))).toMatchObject({ name: "my-shop" });
});

test.each(["ports", "http"])("the workflow of kind %s runs seeds, and keeps what failed", async (kind) => {
  const cwd = temporaryFolder();
  await runCommand(["init", "--yes", "--kind", kind], { cwd });
  const workflow = parse(readFileSync(join(cwd, ".github/workflows/stormlane.yml"), "utf8")) as Workflow;
  const [job] = Object.values(workflow.jobs);
  expect(job?.env).toHaveProperty("SEEDS");
  expect(job?.steps.map(({ uses, run }) => uses ?? run)).toEqual(
    expect.arrayContaining(["actions/checkout@v5", "npm ci", "actions/upload-artifact@v4"]),
  );
  const upload = job?.steps.at(-1);
  expect(upload).toMatchObject({ if: "failure()", with: { path: "reports/out" } });
});

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly env: object; readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

test("overwrites nothing: it lists what is there and writes no file at all", async () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { "src/worker.ts": "mine\n", "stormlane.config.json": "{}\n" });
  const before = filesBelow(cwd);
  const { exitCode, error } = await runCommand(["init", "--yes"], { cwd });
  expect(exitCode).toBe(2);
  expect(error).toBe(
    "stormlane: init in .: these files are there already: src/worker.ts, stormlane.config.json; " +
      "name another folder, or move them away: init overwrites nothing\n",
  );
  expect(filesBelow(cwd)).toEqual(before);
  expect(readFileSync(join(cwd, "src/worker.ts"), "utf8")).toBe("mine\n");
});

test("adds to a manifest, shows what, and leaves the settings of compiler and git as they are", async () => {
  const cwd = temporaryFolder();
  writeFiles(cwd, {
    "package.json": `{ "name": "shop", "type": "module", "scripts": { "test": "mocha" } }\n`,
    "tsconfig.json": "{}\n",
    ".gitignore": "dist\n",
  });
  const { exitCode, out } = await runCommand(["init", "--yes"], { cwd });
  expect(exitCode).toBe(0);
  expect(out).toContain("left     tsconfig.json as it is\nleft     .gitignore as it is\nchanged  package.json\n");
  expect(out).toContain(`  + scripts: "stormlane": "stormlane run"\n`);
  const manifest = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as object;
  expect(manifest).toMatchObject({ name: "shop", scripts: { test: "mocha", stormlane: "stormlane run" } });
  expect(readFileSync(join(cwd, "tsconfig.json"), "utf8")).toBe("{}\n");
});

test.each([
  [["init"], /^stormlane: init without --yes: there is no terminal to ask at; add --yes/],
  [["init", "--yes", "--kind", "grpc"], /^stormlane: --kind grpc: there is no such kind; choose from ports, http/],
  [["init", "file", "--yes"], /^stormlane: file: is not a folder; name a folder/],
  [
    ["init", "/proc/shop", "--yes"],
    /^stormlane: init \/proc\/shop: cannot be written to \(ENOENT\); name a folder that can/,
  ],
  [["init", "broken", "--yes"], /broken\/package\.json: is not JSON; mend it/],
  [["init", "--yes", "--force"], /unknown option '--force'/],
])("refuses %j", async (args, message) => {
  const cwd = temporaryFolder();
  writeFiles(cwd, { file: "", "broken/package.json": "{" });
  const before = filesBelow(cwd);
  const { exitCode, error } = await runCommand(args, { cwd });
  expect(error).toMatch(message);
  expect(exitCode).toBe(2);
  expect(filesBelow(cwd)).toEqual(before);
});

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { nodeOf } from "../../../tools/nodes.ts";
import { UserProject } from "./user-project.ts";

let project: UserProject;

beforeAll(async () => {
  project = await UserProject.create("24");
  await project.install(inject("tarball"));
});

afterAll(() => project.remove());

interface Locked {
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
}

function installedPackages(): [path: string, Locked][] {
  const lock = readFileSync(join(project.folder, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, Locked>> };
  const present = (path: string): boolean =>
    statSync(join(project.folder, path), { throwIfNoEntry: false }) !== undefined;
  return Object.entries(packages).filter(([path]) => path !== "" && present(path));
}

test("nothing that is installed runs a script meanwhile", () => {
  expect(installedPackages().filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});

test("every licence that is installed allows any use", () => {
  const free = new Set(["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "0BSD"]);
  const others = installedPackages().filter(
    ([path, { license }]) => !path.endsWith("/stormlane") && !free.has(license ?? ""),
  );
  expect(others).toEqual([]);
});

test("size and number of packages stay within the budget of docs/package.md", () => {
  const { size, unpackedSize, files } = inject("packed");
  const modules = join(project.folder, "node_modules");
  const measured: Readonly<Record<string, number>> = {
    "packed, KB": Math.ceil(size / 1000),
    "unpacked, KB": Math.ceil(unpackedSize / 1000),
    files: files.length,
    "packages installed": installedPackages().length,
    "installed, KB": Math.ceil(bytesBelow(modules) / 1000),
  };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
  const budget = readBudget();
  expect(Object.keys(budget)).toEqual(Object.keys(measured));
  for (const [what, value] of Object.entries(measured)) expect(value, what).toBeLessThanOrEqual(budget[what]!);
});

/** The rows `| what | measured | budget | …` of the first table. */
function readBudget(): Readonly<Record<string, number>> {
  const text = readFileSync(new URL("../../../docs/package.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| ([\w, ]+) \| [\d,]+ \| ([\d,]+) \|/gm)];
  return Object.fromEntries(rows.map(([, what, budget]) => [what, Number(budget!.replaceAll(",", ""))]));
}

function bytesBelow(folder: string): number {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const sizes = names.filter((name) => name.isFile()).map((name) => statSync(join(name.parentPath, name.name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

test("a failure replays by the command that is printed with it", async () => {
  const found = await project.stormlane("run", "--mutant", "F22");
  expect(found.exitCode, found.stderr).toBe(1);
  const command = /npx stormlane replay \S+/.exec(found.stdout)?.[0];
  expect(command, found.stdout).toBeDefined();
  const replayed = await project.run("npx", "--no-install", ...command!.split(" ").slice(1));
  expect(replayed.stdout).toContain("same failure");
});

test("a Node that is too old is told so in one line, and nothing else is loaded", async () => {
  const bin = "node_modules/stormlane/dist/src/cli/bin.js";
  const { exitCode, stdout, stderr } = await project.run(await nodeOf("20"), bin, "run");
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(
    /^stormlane: Node 20\.\d+\.\d+: not supported; use Node 22\.18 or later, 24, or 26 and later$/,
  );
});

test.each(["stormlane/ports", "stormlane/real", "stormlane/orchestrator"])(
  "%s loads nothing of the simulation, and no fake",
  async (door) => {
    project.write(
      "loaded.js",
      `import { registerHooks } from "node:module";
const urls = [];
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
await import("${door}");
console.log(JSON.stringify(urls));
`,
    );
    const { stdout, stderr } = await project.run("node", "loaded.js");
    expect(stderr).toBe("");
    const urls = JSON.parse(stdout) as readonly string[];
    const own = urls.flatMap((url) => /stormlane\/dist\/(.*)$/.exec(url)?.[1] ?? []);
    expect(own.length).toBeGreaterThan(0);
    expect(
      own.filter((path) => !/^src\/((base|ports|real|orchestrator)\/|(ports|real|orchestrator)\.js$)/.test(path)),
    ).toEqual([]);
    if (door !== "stormlane/real") expect(own.filter((path) => path.startsWith("src/real"))).toEqual([]);
    const packages = new Set(
      urls.flatMap((url) => /node_modules\/(?!stormlane\/)(@[^/]+\/[^/]+|[^/]+)/.exec(url)?.[1] ?? []),
    );
    expect(
      [...packages].filter((name) => ["fast-check", "piscina", "commander", "hono", "zod"].includes(name)),
    ).toEqual([]);
  },
);

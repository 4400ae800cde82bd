import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);

interface Manifest {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly sideEffects: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Manifest;

/** What `dist/a.js` and `dist/a.d.ts` are compiled from. */
function sourceOf(target: string): string {
  return target.replace(/^(\.\/)?dist\//, "").replace(/(\.d\.ts|\.js)$/, ".ts");
}

test("every door, command and side effect leads to a source that is there", () => {
  const doors = Object.values(manifest.exports).flatMap((door) =>
    typeof door === "string" ? [] : [door.types, door.default],
  );
  expect(doors.length).toBeGreaterThan(0);
  const targets = [...doors, ...Object.values(manifest.bin), ...manifest.sideEffects];
  expect(targets.filter((target) => !existsSync(new URL(sourceOf(target), root)))).toEqual([]);
});

test("types and code of a door are of one source", () => {
  for (const [name, door] of Object.entries(manifest.exports)) {
    if (typeof door !== "string") expect(sourceOf(door.types), name).toBe(sourceOf(door.default));
  }
});

test("every door is told of in docs/package.md", () => {
  const text = readFileSync(new URL("docs/package.md", root), "utf8");
  const doors = Object.keys(manifest.exports).filter((door) => door !== "./package.json");
  expect(doors.filter((door) => !text.includes(`| \`stormlane${door.slice(1)}\` |`))).toEqual([]);
});

test("no script runs where the package is installed", () => {
  expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
});

test.each([
  ["18.20.4", false],
  ["20.19.0", false],
  ["22.17.1", false],
  ["22.18.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["25.2.1", false],
  ["26.0.0", true],
  ["27.1.0", true],
])("the command judges Node %s before it loads anything, as engines does: %s", async (version, supported) => {
  expect(manifest.engines.node).toBe("^22.18.0 || ^24.0.0 || >=26.0.0");
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const bin = new URL("src/cli/bin.ts", root).pathname;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, bin, "--version"];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { reject: false });
  expect({ exitCode, stdout, stderr }).toEqual(
    supported
      ? { exitCode: 0, stdout: manifest.version, stderr: "" }
      : {
          exitCode: 2,
          stdout: "",
          stderr: `stormlane: Node ${version}: not supported; use Node 22.18 or later, 24, or 26 and later`,
        },
  );
});

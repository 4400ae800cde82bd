import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, LockedPackage>>;

/** Of the package, of its site, of real clients for the fakes, of packages with known bugs, and of examples. */
const locks = [
  "package-lock.json",
  "docs/package-lock.json",
  "test/clients/package-lock.json",
  "test/known-bugs/package-lock.json",
  "examples/ai-sdk-agent/package-lock.json",
  "examples/hono-service/package-lock.json",
  "examples/langgraph/package-lock.json",
  "examples/ports-functions/package-lock.json",
];

function readLock(path: string): Lock {
  const text = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly packages: Lock }).packages;
}

// npm leaves out a platform's binary that the registry does not have yet, without a word; `npm ci` then refuses the lock.
test.each(locks)("%s has every binary of every platform that a locked package names", (path) => {
  expect(missingBinaries(readLock(path))).toEqual([]);
});

test("a binary of another version, for another copy of the package, is not taken for the one that is named", () => {
  const parser = { version: "2.0.0", optionalDependencies: { "@parser/linux": "2.0.0", "@parser/darwin": "2.0.0" } };
  const found = missingBinaries({
    "node_modules/@parser/linux": { version: "1.0.0" },
    "node_modules/@parser/darwin": { version: "1.0.0" },
    "node_modules/tool/node_modules/parser": parser,
    "node_modules/tool/node_modules/@parser/linux": { version: "2.0.0" },
  });
  expect(found).toEqual(["node_modules/tool/node_modules/parser: @parser/darwin@2.0.0"]);
});

function missingBinaries(locked: Lock): string[] {
  return Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => {
        const found = resolved(locked, path, name);
        // Binaries are named by their exact version; what is named by a range may be of any that npm chose.
        return found === undefined || (/^\d+\.\d+\.\d+$/.test(version) && found.version !== version);
      })
      .map(([name, version]) => `${path}: ${name}@${version}`),
  );
}

/** As Node looks for a package: beside the one that asks for it, and in every folder above. */
function resolved(locked: Lock, path: string, name: string): LockedPackage | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const found = locked[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found;
  }
}

test.each(locks)("%s names no registry but npm's, and has a digest for every package", (path) => {
  // This package itself, and a link to it, come from no registry.
  const installed = Object.entries(readLock(path)).filter(
    ([folder, { link }]) => folder !== "" && folder !== "../.." && link !== true,
  );
  expect(installed.filter(([, { resolved }]) => !(resolved ?? publicRegistry).startsWith(publicRegistry))).toEqual([]);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

const publicRegistry = "https://registry.npmjs.org/";

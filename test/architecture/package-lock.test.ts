import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lockPath = new URL("../../package-lock.json", import.meta.url);
const { packages } = JSON.parse(readFileSync(lockPath, "utf8")) as {
  packages: Readonly<Record<string, LockedPackage>>;
};
const installed = Object.entries(packages).filter(([path]) => path !== "");

// npm leaves out a platform's binary that the registry does not have yet, without a word; `npm ci` then refuses the lock.
test("the lock file has every binary of every platform that a locked package names", () => {
  expect(missingBinaries(packages)).toEqual([]);
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

function missingBinaries(locked: Readonly<Record<string, LockedPackage>>): string[] {
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
function resolved(
  locked: Readonly<Record<string, LockedPackage>>,
  path: string,
  name: string,
): LockedPackage | undefined {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const found = locked[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found;
  }
}

test("the lock file names no registry but npm's, and has a digest for every package", () => {
  expect(installed.filter(([, { resolved }]) => !(resolved ?? publicRegistry).startsWith(publicRegistry))).toEqual([]);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

const publicRegistry = "https://registry.npmjs.org/";

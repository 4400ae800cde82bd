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
  const missing = installed.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name]) =>
          packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      )
      .map(([name, version]) => `${path}: ${name}@${version}`),
  );
  expect(missing).toEqual([]);
});

test("the lock file names no registry but npm's, and has a digest for every package", () => {
  expect(installed.filter(([, { resolved }]) => !(resolved ?? publicRegistry).startsWith(publicRegistry))).toEqual([]);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

const publicRegistry = "https://registry.npmjs.org/";

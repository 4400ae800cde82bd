import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageTable } from "./import-table.ts";

const root = new URL("../../", import.meta.url);

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as Manifest;

/** Packages that come with another one's decision. */
const decidedWith: Readonly<Record<string, string>> = {
  "@types/node": "typescript",
  "@hono/node-server": "hono",
  ioredis: "bullmq",
  "ajv-formats": "ajv",
  "@arethetypeswrong/cli": "publint",
  oxfmt: "oxlint",
  "oxlint-tsgolint": "oxlint",
  "oxc-resolver": "oxc-transform",
};

test("every dependency has a page in decisions, and the index names it", () => {
  const index = readFileSync(new URL("decisions/README.md", root), "utf8");
  const pages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).map(pageOf);
  expect(pages.filter((page) => !existsSync(new URL(`decisions/${page}`, root)))).toEqual([]);
  expect(pages.filter((page) => !index.includes(`(${page})`))).toEqual([]);
});

test("every dependency that is installed with the package has its folders in the package table", () => {
  expect(Object.keys(manifest.dependencies).filter((name) => !Object.hasOwn(packageTable, name))).toEqual([]);
});

function pageOf(name: string): string {
  return `${(decidedWith[name] ?? name).replace("@", "").replace("/", "-")}.md`;
}

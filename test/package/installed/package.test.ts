import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, inject, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { files } = inject("packed");
const paths = files.map(({ path }) => path);

test("publint has nothing to say of the tarball", async () => {
  const tarball = new Uint8Array(readFileSync(inject("tarball"))).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test("every entry resolves, with its types, in all modes of TypeScript that know exports", async () => {
  const attw = join(root, "node_modules/@arethetypeswrong/cli/dist/index.js");
  const args = [attw, inject("tarball"), "--profile", "esm-only", "--no-color", "--no-emoji"];
  const { exitCode, stdout } = await execa(process.execPath, args, { reject: false });
  expect(exitCode, stdout).toBe(0);
});

test("the tarball has code, types and data, and nothing that is only for those who work on it", () => {
  expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/src/cli/bin.js"]));
  const strange = paths.filter((path) => path.includes("/") && !/^dist\/(src|fakes|scenarios|schemas)\//.test(path));
  expect(strange).toEqual([]);
  expect(paths.filter((path) => /\.test\.|\.map$|(?<!\.d)\.ts$/.test(path))).toEqual([]);
});

test("built-in scenarios, epics and fakes are there as JavaScript and data", () => {
  const expected = [
    "dist/scenarios/index.js",
    "dist/scenarios/epics/invoice-matching.json",
    "dist/fakes/kanboard/kanboard.js",
    "dist/fakes/llm/model-provider.js",
    "dist/fakes/cli/codex/codex.js",
    "dist/schemas/run-v1.schema.json",
  ];
  expect(paths).toEqual(expect.arrayContaining(expected));
});

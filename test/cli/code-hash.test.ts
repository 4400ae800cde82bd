import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { codeHash } from "../../src/cli/code-hash.ts";
import { temporaryFolder } from "./run-command.ts";

test("the hash of the code changes with any file beside the scenarios, and with nothing else there", async () => {
  const folder = temporaryFolder();
  const url = pathToFileURL(join(folder, "index.ts"));
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("index.ts", "export {};");
  write("deep/plan.json", "{}");
  const hashes = [await codeHash(url)];
  expect(await codeHash(url)).toBe(hashes[0]);
  write("node_modules/other/index.js", "1");
  write(".cache/last", "1");
  expect(await codeHash(url)).toBe(hashes[0]);
  write("deep/plan.json", "[]");
  hashes.push(await codeHash(url));
  write("deep/other.json", "[]");
  hashes.push(await codeHash(url));
  write("index.ts", "export {}; ");
  hashes.push(await codeHash(url));
  expect(new Set(hashes).size).toBe(4);
  expect(hashes[0]).toMatch(/^[0-9a-f]{32}$/);
});

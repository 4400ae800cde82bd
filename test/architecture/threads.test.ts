import { expect, test } from "vitest";
import { readSourceFiles, type SourceFile } from "./source-file.ts";

const root = new URL("../../", import.meta.url);
const startsThread = /^\s*(?:(?:const worker|this\.thread|this\.piscina) =|\(\) =>|return) new (?:Worker|Piscina)\b/m;
const loadsThreads = /from "(?:node:worker_threads|piscina)"/;

/** Files that start threads, and leave V8 free to drop the type stripper's code while these load: see `type-stripping.ts`. */
function careless(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ text }) => loadsThreads.test(text) && startsThread.test(text))
    .filter(({ text }) => !text.includes("keepCodeOfTypeStripping()"))
    .map(({ path }) => path);
}

test("who starts threads that load TypeScript keeps the code that strips its types", () => {
  const files = readSourceFiles(root, ["src", "tools", "test"]).filter(({ path }) => !path.includes("node_modules/"));
  expect(files.filter(({ text }) => loadsThreads.test(text) && startsThread.test(text)).length).toBeGreaterThan(8);
  expect(careless(files)).toEqual([]);
});

test("one that does not is found", () => {
  const text = 'import { Worker } from "node:worker_threads";\nconst worker = new Worker(url);\n';
  expect(careless([{ path: "a.ts", text }])).toEqual(["a.ts"]);
  expect(careless([{ path: "a.ts", text: `keepCodeOfTypeStripping();\n${text}` }])).toEqual([]);
});

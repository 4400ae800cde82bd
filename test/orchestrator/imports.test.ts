import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { keepCodeOfTypeStripping } from "../../src/real/type-stripping.ts";

const core = new URL("../../src/orchestrator/", import.meta.url);
const modules = readdirSync(fileURLToPath(core), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .toSorted();

/**
 * Imports modules one after the other in a realm of its own, in which nothing that acts on the world may be called, and
 * tells what they did to it.
 */
const realm = `
const { parentPort, workerData } = require("node:worker_threads");
const deeds = [];
const watch = (owner, name) => {
  const real = owner[name];
  owner[name] = (...args) => {
    // Node's own loader calls these too.
    if (new Error().stack.includes("/src/")) deeds.push(name);
    return real.apply(owner, args);
  };
};
for (const name of ["setTimeout", "setInterval", "setImmediate", "fetch", "queueMicrotask"]) watch(globalThis, name);
watch(Date, "now");
watch(Math, "random");
for (const name of ["on", "once", "exit", "chdir", "kill"]) watch(process, name);
const environment = JSON.stringify(process.env);
const names = new Set(Reflect.ownKeys(globalThis));
(async () => {
  for (const url of workerData) await import(url);
  for (const name of Reflect.ownKeys(globalThis)) if (!names.has(name)) deeds.push("global " + String(name));
  if (JSON.stringify(process.env) !== environment) deeds.push("environment");
  parentPort.postMessage(deeds);
})().catch((error) => parentPort.postMessage([String(error)]));
`;

function deedsOf(urls: readonly string[]): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(realm, { eval: true, workerData: urls });
    worker.once("message", (deeds: readonly string[]) => resolve(deeds));
    worker.once("error", reject);
  });
}

function urlOf(path: string): string {
  return new URL(path, core).href;
}

keepCodeOfTypeStripping();

describe("a module of the core has no effect when it is imported", () => {
  test("alone", { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    const left = [...modules];
    const importNext = async (): Promise<void> => {
      for (let path = left.shift(); path !== undefined; path = left.shift()) {
        for (const deed of await deedsOf([urlOf(path)])) wrong.push(`${path}: ${deed}`);
      }
    };
    await Promise.all(Array.from({ length: 4 }, importNext));
    expect(modules.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  test.each([
    ["in order", modules],
    ["in reverse", modules.toReversed()],
    ["by the length of their names", modules.toSorted((left, right) => left.length - right.length)],
  ])("%s", async (_, order) => {
    expect(await deedsOf(order.map(urlOf))).toEqual([]);
  });

  test("and one that has an effect is found", async () => {
    const source = "globalThis.planted = 1; Date.now(); //# sourceURL=file:///src/planted.js";
    const deeds = await deedsOf([`data:text/javascript,${encodeURIComponent(source)}`]);
    expect(deeds).toContain("global planted");
  });
});

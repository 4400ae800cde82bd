import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loaderNotesVariable, readLoaderNotes } from "../../src/fidelity/node-process/loader-notes.ts";

const loader = new URL("../../src/fidelity/node-process/own-loader.ts", import.meta.url).href;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stormlane-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What it prints, as a process of its own, and what the loader had to help with. */
function run(entry: string): { readonly out: string; readonly helped: readonly string[] } {
  const notes = join(folder, "notes");
  const out = execFileSync(process.execPath, ["--import", loader, join(folder, entry)], {
    encoding: "utf8",
    env: { ...process.env, [loaderNotesVariable]: notes },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return { out: out.trim(), helped: readLoaderNotes(notes).map(({ what }) => what) };
}

test("what Node loads by itself is left to Node", () => {
  write({
    "package.json": `{"type":"module"}`,
    "main.ts": `import { lane } from "./lane.ts";\nconsole.log(lane satisfies string);`,
    "lane.ts": `export const lane: string = "Ready";`,
  });
  expect(run("main.ts")).toEqual({ out: "Ready", helped: [] });
});

test("what a toolchain loads and Node does not is loaded all the same, and noted", () => {
  write({
    "package.json": `{"type":"module"}`,
    "tsconfig.json": `{"compilerOptions":{"experimentalDecorators":true,"paths":{"@lib/*":["./lib/*"]}}}`,
    "main.ts": `
      import { Lane } from "@lib/lane";
      import { client } from "./client.js";
      console.log(Lane.Ready, client.url, client.call());`,
    "lib/lane.ts": `export enum Lane { Ready = "Ready" }`,
    "client.ts": `
      function loud(_target: object, _name: string, descriptor: PropertyDescriptor) {
        const quiet = descriptor.value;
        descriptor.value = function () { return quiet.call(this) + "!"; };
      }
      class Client {
        constructor(readonly url: string) {}
        @loud call() { return "called"; }
      }
      export const client = new Client("http://board.test");`,
  });
  const { out, helped } = run("main.ts");
  expect(out).toBe("Ready http://board.test called!");
  expect(helped).toEqual([
    "import of @lib/lane",
    "TypeScript that is more than types",
    "import of ./client.js",
    "TypeScript that is more than types",
  ]);
});

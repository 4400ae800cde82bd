import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { pageScript } from "../../../src/report/page/page-script.ts";
import { temporaryFolder } from "../../cli/run-command.ts";

describe("the script of a page", () => {
  test("runs its modules in order, each in a scope of its own and once", () => {
    const entry = modules({
      "main.ts": `import { double } from "./double.ts";
import { count, type Count } from "./parts/count.ts";
import type { Nothing } from "./nothing.ts";

const value: Count = count();
seen.push(\`\${double(value)} \${count()}\`);
`,
      "double.ts": `import { count as base } from "./parts/count.ts";

const value = 20;
export function double(by: number): number {
  return by * value + base();
}
`,
      "parts/count.ts": `export type Count = number;
seen.push("counted");
const calls = { made: 0 };
export const count = (): Count => ++calls.made;
export class Unused {}
`,
    });
    expect(resultOf(entry)).toEqual(["counted", "22 3"]);
  });

  test("is refused when modules go in a circle or use another form", () => {
    expect(() =>
      pageScript(modules({ "main.ts": `import { a } from "./a.ts";\n`, "a.ts": `import { b } from "./main.ts";\n` })),
    ).toThrow("in a circle");
    for (const form of [
      `import * as a from "./a.ts";`,
      `import "./a.ts";`,
      `import { readFile } from "node:fs";`,
      `export default 3;`,
      `export let value = 1;`,
      `export { value };`,
      `export * from "./a.ts";`,
    ]) {
      expect(() => pageScript(modules({ "main.ts": `${form}\n`, "a.ts": "" })), form).toThrow("by name alone");
    }
  });

  test("may be what a compiler left of a module without exports", () => {
    expect(resultOf(modules({ "main.ts": `seen.push("ran");\nexport {};\n` }))).toEqual(["ran"]);
  });
});

function modules(files: Readonly<Record<string, string>>): URL {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "parts"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, "main.ts"));
}

function resultOf(entry: URL): readonly string[] {
  const seen: string[] = [];
  runInNewContext(pageScript(entry), { seen });
  return seen;
}

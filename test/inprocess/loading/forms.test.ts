import { join } from "node:path";
import { expect, test } from "vitest";
import { UnmodifiedSystem } from "../../../src/inprocess/in-process.ts";
import { linesOf, printed, project, runFiles, runScenario, scenarioOf } from "../project.ts";

const commonJs = { "package.json": `{"name":"user"}` };

test.each<[form: string, files: Record<string, string>, lines: string[]]>([
  ["an enum", { "main.ts": `enum Lane { Todo = 1, Doing }\nconsole.log(Lane.Doing, Lane[1]);` }, ["2 Todo"]],
  [
    "a parameter property",
    { "main.ts": `class Card { constructor(readonly title: string) {} }\nconsole.log(new Card("a").title);` },
    ["a"],
  ],
  [
    "a namespace",
    { "main.ts": `namespace Lanes { export const first = "todo"; }\nconsole.log(Lanes.first);` },
    ["todo"],
  ],
  [
    "decorators as TypeScript had them first, of a class, a member and a parameter",
    {
      "main.ts": [
        `const noted: unknown[] = [];`,
        `function named(name: string) { return (target: any) => { target.title = name; }; }`,
        `function member(target: any, key: string, descriptor: PropertyDescriptor) { noted.push(key, typeof descriptor.value); }`,
        `function parameter(target: any, key: string, index: number) { noted.push(index); }`,
        `@named("board") class Board { @member move(card: string, @parameter lane: number) {} }`,
        `console.log((Board as any).title, JSON.stringify(noted));`,
      ].join("\n"),
      "tsconfig.json": `{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true}}`,
    },
    [`board [1,"move","function"]`],
  ],
  [
    "paths of tsconfig.json",
    {
      "main.ts": `import { name } from "@/lanes";\nconsole.log(name);`,
      "tsconfig.json": `{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}`,
      "src/lanes.ts": `export const name = "todo";`,
    },
    ["todo"],
  ],
  [
    "specifiers without an extension, and of a folder",
    {
      "main.ts": `import { a } from "./a";\nimport { b } from "./b";\nconsole.log(a, b);`,
      "a.ts": `export const a = 1;`,
      "b/index.ts": `export const b = 2;`,
    },
    ["1 2"],
  ],
  [
    "specifiers with .js for what is written in .ts",
    { "main.ts": `import { a } from "./a.js";\nconsole.log(a);`, "a.ts": `export const a: number = 1;` },
    ["1"],
  ],
  [
    "CommonJS with require, module, __filename and JSON",
    {
      ...commonJs,
      "main.js": `const { a } = require("./a");\nconsole.log(a, require("./c.json").c, __filename, __dirname, require.main === module);`,
      "a.cjs": `exports.a = module.id;`,
      "a.js": `module.exports = { a: typeof require };`,
      "c.json": `{"c":3}`,
    },
    ["function 3 /app/main.js /app true"],
  ],
  [
    "modules that require, where the package does not say that it has modules",
    {
      ...commonJs,
      "main.ts": `import { join } from "path";\nconst { a } = require("./a");\nconsole.log(join("x", a), __dirname);`,
      "a.ts": `export const a = "y";`,
    },
    ["x/y /app"],
  ],
  [
    "a module that imports CommonJS by names and as a whole",
    {
      "main.ts": `import whole, { a } from "./a.cjs";\nimport * as all from "./a.cjs";\nconsole.log(a, whole.a, all.default === whole);`,
      "a.cjs": `module.exports = { a: 1 };`,
    },
    ["1 1 true"],
  ],
  [
    "CommonJS that requires a module, and imports one later",
    {
      "main.cjs": `console.log(require("./a.mjs").a); import("./a.mjs").then((a) => console.log(a.a));`,
      "a.mjs": `export const a = 1;`,
    },
    ["1", "1"],
  ],
  [
    "bindings that change after they were imported",
    {
      "main.ts": `import { count, add } from "./a.ts";\nadd();\nconsole.log(count);`,
      "a.ts": `export let count = 0;\nexport function add() { count++; }`,
    },
    ["1"],
  ],
  [
    "modules in a circle",
    {
      "main.ts": `import { even } from "./even.ts";\nconsole.log(even(4), even(3));`,
      "even.ts": `import { odd } from "./odd.ts";\nexport function even(n: number): boolean { return n === 0 || odd(n - 1); }`,
      "odd.ts": `import { even } from "./even.ts";\nexport function odd(n: number): boolean { return n !== 0 && even(n - 1); }`,
    },
    ["true false"],
  ],
  [
    "a top level that waits, and whoever imports it",
    {
      "main.ts": `import { a } from "./b.ts";\nconsole.log(a);`,
      "b.ts": `export { a } from "./a.ts";`,
      "a.ts": `export const a = await new Promise((resolve) => setTimeout(resolve, 10, "waited"));`,
    },
    ["waited"],
  ],
  [
    "export * and export * as",
    {
      "main.ts": `import { a, rest } from "./b.ts";\nconsole.log(a, rest.a);`,
      "b.ts": `export * from "./a.ts";\nexport * as rest from "./a.ts";`,
      "a.ts": `export const a = 1;`,
    },
    ["1 1"],
  ],
  [
    "import() of a name that is put together",
    {
      "main.ts": `const name = "a";\nconsole.log((await import(\`./\${name}.ts\`)).a);`,
      "a.ts": `export const a = 1;`,
    },
    ["1"],
  ],
  [
    "createRequire and import.meta",
    {
      "main.ts": `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\nconsole.log(require("./a.json").a, import.meta.dirname, import.meta.resolve("./a.json"));`,
      "a.json": `{"a":1}`,
    },
    ["1 /app file:///app/a.json"],
  ],
  [
    "a package with conditions, and its own imports",
    {
      "main.ts": `import { kind } from "pack";\nconsole.log(kind);`,
      "node_modules/pack/package.json": `{"name":"pack","type":"module","exports":{"import":"./esm.js","require":"./cjs.cjs"},"imports":{"#kind":"./kind.js"}}`,
      "node_modules/pack/esm.js": `export { kind } from "#kind";`,
      "node_modules/pack/kind.js": `export const kind = "esm";`,
      "node_modules/pack/cjs.cjs": `exports.kind = "cjs";`,
    },
    ["esm"],
  ],
  ["a line for the shell", { "main.js": `#!/usr/bin/env node\nconsole.log("ran");` }, ["ran"]],
])("loads %s", async (_form, files, lines) => {
  const entry = Object.keys(files).find((name) => name.startsWith("main."));
  const { [entry!]: text, ...others } = files;
  expect(await linesOf({ [entry!]: text!, ...others })).toEqual(lines);
});

test("each life of a process has modules of its own", async () => {
  const scenario = scenarioOf(
    {
      "main.ts": `import { state } from "./state.ts";\nstate.count++;\n(globalThis as any).lives = ((globalThis as any).lives ?? 0) + 1;\nconsole.log(state.count, (globalThis as any).lives);\nsetTimeout(() => console.log("never"), 1_000);`,
      "state.ts": `export const state = { count: 0 };`,
    },
    { drive: (ports) => ports.clock.sleep(3_000).then(() => {}) },
  );
  const fault = {
    site: "program@0/main/timer.timeout(1000ms)#0",
    kind: "kill",
    when: "during",
    restartAfterMs: 500,
  } as const;
  const outcome = await runScenario(scenario, { faults: [fault] });
  expect(printed(outcome)).toEqual(["1 1", "1 1", "never"]);
  expect(outcome.unused).toEqual([]);
});

test("two processes that run one file share nothing", async () => {
  const files = {
    "main.ts": `let count = 0;\nconsole.log(++count, ((globalThis as any).seen = ((globalThis as any).seen ?? 0) + 1));`,
  };
  const entry = join(project({ "package.json": `{"type":"module"}`, ...files }), "main.ts");
  const main = new UnmodifiedSystem(entry).main(entry);
  const scenario = scenarioOf(files, { system: { left: { main, daemon: true }, right: { main, daemon: true } } });
  expect(printed(await runScenario(scenario))).toEqual(["1 1", "1 1"]);
});

test("a refused call is placed where it was written, through what was made of the file", async () => {
  const text = [
    `enum Lane { A, B }`,
    ``,
    `class Wire {`,
    `  constructor(private readonly host: string) {}`,
    `  open() {`,
    `    net.connect(80, this.host);`,
    `  }`,
    `}`,
    `import net from "node:net";`,
    `new Wire(Lane[0]!).open();`,
  ].join("\n");
  const { verdict } = await runFiles({ "main.ts": text });
  expect(verdict).toMatchObject({
    kind: "nondeterminism",
    what: expect.stringContaining("net.connect (called at main.ts:6:"),
  });
});

test("a stack that code prints is that of what was written, and says nothing of this machine", async () => {
  const text = `enum Lane { A }\nfunction fail(lane: Lane) {\n  throw new Error("no");\n}\ntry { fail(Lane.A); } catch (error) { console.log((error as Error).stack); }`;
  expect(await linesOf({ "src/main.ts": text })).toEqual([
    "Error: no",
    "    at fail (src/main.ts:3:9)",
    "    at src/main.ts:5:7",
  ]);
});

import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { importClosure } from "../../../src/cli/project/imported-files.ts";
import { temporaryFolder } from "../run-command.ts";
import { writeFiles } from "./project-folder.ts";

const forms: readonly ((specifier: string) => string)[] = [
  (specifier) => `import "${specifier}";`,
  (specifier) => `import { a } from '${specifier}';`,
  (specifier) => `import {\n  a,\n  b,\n} from "${specifier}";`,
  (specifier) => `import type { A } from "${specifier}";`,
  (specifier) => `export * from "${specifier}";`,
  (specifier) => `const a = await import("${specifier}");`,
  (specifier) => `const text = read(new URL("${specifier}", import.meta.url));`,
];

const filesMax = 6;
/** Which file imports which, and how. */
const imports = fc.array(
  fc.record({ from: fc.nat(filesMax - 1), to: fc.nat(filesMax - 1), form: fc.nat(forms.length - 1) }),
  { maxLength: 12 },
);

test("the closure holds every file that an import leads to, however it is written, and no other", () => {
  const root = temporaryFolder();
  let count = 0;
  fc.assert(
    fc.property(imports, (edges) => {
      const folder = join(root, String(count++));
      const name = (index: number): string => `${index % 2 === 0 ? "even" : "odd"}/file-${index}.ts`;
      const files = Array.from({ length: filesMax }, (_, index) => {
        const lines = edges.filter(({ from }) => from === index).map(({ to, form }) => forms[form]!(`../${name(to)}`));
        return [name(index), `${lines.join("\n")}\n`] as const;
      });
      writeFiles(folder, Object.fromEntries(files));
      const reached = new Set([0]);
      for (const index of reached) {
        for (const { from, to } of edges) if (from === index) reached.add(to);
      }
      const expected = [...reached].map((index) => join(folder, name(index))).toSorted();
      expect(importClosure([join(folder, name(0))]).files).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("names packages without what they export, and leaves out modules of Node and files that are not there", () => {
  const folder = temporaryFolder();
  const text = [
    `import { test } from "vitest";`,
    `import a from "@scope/name/deep/file.js";`,
    `import b from "left-pad/index.js";`,
    `import c from "node:fs";`,
    `import d from "./missing.ts";`,
  ];
  writeFiles(folder, { "a.ts": text.join("\n") });
  expect(importClosure([join(folder, "a.ts")])).toEqual({
    files: [join(folder, "a.ts")],
    packages: ["@scope/name", "left-pad", "vitest"],
  });
});

test("follows what unmodified code leaves out of a name, or writes as it is compiled to", () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "a.ts": `import "./b";\nimport "./c.js";\nimport "./d.mjs";`,
    "b.ts": "",
    "c.ts": "",
    "d.mts": "",
  });
  const names = ["a.ts", "b.ts", "c.ts", "d.mts"];
  expect(importClosure([join(folder, "a.ts")]).files).toEqual(names.map((name) => join(folder, name)));
});

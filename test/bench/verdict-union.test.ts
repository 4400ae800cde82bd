import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SabotagedCopy, type Sabotage } from "./sabotage.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tables = "src/cli/bench/bench-tables.ts";

/** What the compiler says of a copy in which that was changed. */
function compile(sabotages: readonly Sabotage[]): { readonly isGreen: boolean; readonly said: string } {
  using copy = new SabotagedCopy(
    ["tsconfig.json", "src/base", "src/bench", "src/report/table.ts", "src/report/plain-line.ts", tables],
    sabotages,
  );
  const project = { extends: "./tsconfig.json", include: [tables] };
  writeFileSync(join(copy.folder, "tsconfig.copy.json"), JSON.stringify(project));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.copy.json"], {
    cwd: copy.folder,
    encoding: "utf8",
  });
  return { isGreen: status === 0, said: stdout };
}

test("a copy in which nothing was changed compiles", () => {
  expect(compile([])).toEqual({ isGreen: true, said: "" });
});

test.for([
  [
    "a case of the switch is left out",
    tables,
    'case "invalid":\n      return [plainLine(`verdict: invalid: ${verdict.why}`, 300)];',
    "",
  ],
  [
    "a kind of verdict is added",
    "src/bench/verdict.ts",
    '| { readonly kind: "ok" }',
    '| { readonly kind: "ok" }\n  | { readonly kind: "unsure" }',
  ],
  [
    "a kind of verdict is taken away",
    "src/bench/verdict.ts",
    '| { readonly kind: "comment"; readonly items: readonly VerdictItem[] }',
    "",
  ],
] as const)("the compiler is red when %s", ([, file, from, to]) => {
  const { isGreen, said } = compile([{ file, from, to }]);
  expect(isGreen).toBe(false);
  expect(said).toMatch(/error TS\d+/);
  expect(said).not.toContain("Cannot find module");
});

import { describe, expect, test } from "vitest";
import { checkImports } from "./check-imports.ts";
import { coreTable, importTable } from "./import-table.ts";
import { describeViolations, readSourceFiles, type SourceFile } from "./source-file.ts";

const root = new URL("../../", import.meta.url);

test("every import of src, fakes and scenarios stands in the import table, and none closes a cycle", () => {
  const files = readSourceFiles(root, ["src", "fakes", "scenarios"]);
  expect(files.length).toBeGreaterThan(10);
  expect(describeViolations(checkImports(files))).toBe("");
});

test("the import table itself has no cycle", () => {
  // An arrow to the folder `src` means every folder in it. Above all others stand the public door, the command line,
  // and what tells a failure as the command line does; between these, files are looked at one by one.
  const folders = Object.keys(importTable).filter(
    (folder) => !["src/cli", "src/vitest", "src/index.ts"].includes(folder),
  );
  const below = new Set<string>();
  while (below.size < folders.length) {
    const next = folders.find((folder) => {
      const { values, types } = importTable[folder]!;
      return (
        !below.has(folder) && [...values, ...types].every((target) => target === "src/index.ts" || below.has(target))
      );
    });
    expect(next, `no order exists above ${[...below].join(", ")}`).toBeDefined();
    below.add(next!);
  }
});

describe("the check", () => {
  test("accepts an arrow of the table, a file of the same folder, and a type where types are allowed", () => {
    expect(
      messagesOf(
        { "src/kernel/a.ts": `import { assert } from "../base/assert.ts"; import { b } from "./b.ts";` },
        { "src/kernel/b.ts": `export const b = 1;`, "src/base/assert.ts": `export const assert = 1;` },
        {
          "src/explore/c.ts": `import type { Case } from "../sim/case.ts"; export type { Case } from "../sim/case.ts";`,
        },
        { "src/explore/d.ts": `type Case = import("../sim/case.ts").Case;` },
      ),
    ).toEqual([]);
  });

  test("refuses an arrow that is not in the table", () => {
    expect(messagesOf({ "src/kernel/a.ts": `\nimport { Kanboard } from "../../fakes/kanboard/kanboard.ts";` })).toEqual(
      ["src/kernel/a.ts:2: src/kernel may not import fakes/kanboard/kanboard.ts; it may import src/base"],
    );
    expect(messagesOf({ "src/base/a.ts": `export * from "../ports/result.ts";` })).toEqual([
      "src/base/a.ts:1: src/base may not import src/ports/result.ts; it may import nothing",
    ]);
    expect(messagesOf({ "src/sim/a.ts": `const b = await import("../orchestrator/b.ts");` })).toHaveLength(1);
    expect(messagesOf({ "src/sim/a.ts": `import { law } from "../../test/laws/law.ts";` })).toHaveLength(1);
    expect(messagesOf({ "src/sim/a.ts": `import manifest from "../../package.json" with { type: "json" };` })).toEqual([
      "src/sim/a.ts:1: src/sim may not import package.json; it may import src/base, src/kernel, src/ports, src/faults, " +
        "src/history, src/invariants",
    ]);
  });

  test("refuses a type of a folder that is not in the table", () => {
    expect(messagesOf({ "src/sim/a.ts": `import type { Card } from "../orchestrator/card.ts";` })).toHaveLength(1);
    expect(messagesOf({ "src/sim/a.ts": `let card: import("../orchestrator/card.ts").Card;` })).toHaveLength(1);
  });

  test("refuses a value where types alone are allowed, also one whose names are all marked as types", () => {
    const message = "src/shrink/a.ts:1: src/shrink may import types alone of src/sim/run.ts: use `import type`";
    expect(messagesOf({ "src/shrink/a.ts": `import { runCase } from "../sim/run.ts";` })).toEqual([message]);
    expect(messagesOf({ "src/shrink/a.ts": `import { type Case } from "../sim/run.ts";` })).toEqual([message]);
    expect(messagesOf({ "src/shrink/a.ts": `export { runCase } from "../sim/run.ts";` })).toEqual([message]);
  });

  test("refuses a folder that the table does not know", () => {
    const message = "its folder is not in the import table: add it, with what it needs";
    expect(messagesOf({ "src/helpers/a.ts": "" })).toEqual([`src/helpers/a.ts:1: ${message}`]);
    expect(messagesOf({ "src/stray.ts": "" })).toEqual([`src/stray.ts:1: ${message}`]);
  });

  test("refuses a cycle of values and names its files", () => {
    expect(
      messagesOf({
        "src/kernel/a.ts": `import { b } from "./b.ts";`,
        "src/kernel/b.ts": `import { c } from "./c.ts";`,
        "src/kernel/c.ts": `export { a } from "./a.ts";`,
      }),
    ).toEqual([
      "src/kernel/c.ts:1: closes a cycle: src/kernel/a.ts -> src/kernel/b.ts -> src/kernel/c.ts -> src/kernel/a.ts",
    ]);
    expect(messagesOf({ "src/kernel/a.ts": `import { a } from "./a.ts";` })).toHaveLength(1);
  });

  test("lets two types name each other", () => {
    expect(
      messagesOf({
        "src/ports/a.ts": `import type { B } from "./b.ts";`,
        "src/ports/b.ts": `import type { A } from "./a.ts";`,
      }),
    ).toEqual([]);
  });

  test("keeps packages to the folders that they were chosen for", () => {
    expect(messagesOf({ "src/inprocess/a.ts": `import { transformSync } from "oxc-transform";` })).toEqual([]);
    expect(messagesOf({ "src/sim/a.ts": `import { transformSync } from "oxc-transform";` })).toEqual([
      "src/sim/a.ts:1: package oxc-transform belongs to src/inprocess",
    ]);
    expect(messagesOf({ "src/real/a.ts": `import { readFile } from "node:fs/promises";` })).toEqual([]);
    expect(messagesOf({ "src/sim/a.ts": `import { readFile } from "node:fs/promises";` })).toHaveLength(1);
    expect(messagesOf({ "src/base/digest.ts": `import { createHash } from "node:crypto";` })).toEqual([]);
    expect(messagesOf({ "src/base/a.ts": `import { createHash } from "node:crypto";` })).toHaveLength(1);
    expect(messagesOf({ "src/cli/a.ts": `import left from "left-pad";` })).toEqual([
      "src/cli/a.ts:1: package left-pad is not in the package table: add it, with the folders that need it",
    ]);
  });

  test("takes the package's own name for its public door", () => {
    expect(messagesOf({ "scenarios/a/scenario.ts": `import { defineScenario } from "stormlane";` })).toEqual([]);
    expect(messagesOf({ "src/sim/a.ts": `import { defineScenario } from "stormlane";` })).toHaveLength(1);
  });
});

describe("inside the orchestrator core", () => {
  test.each(["decide", "governance"])("%s imports types alone", (folder) => {
    const path = `src/orchestrator/${folder}/a.ts`;
    expect(messagesOf({ [path]: `import type { Board } from "../board/board.ts";` })).toEqual([]);
    expect(messagesOf({ [path]: `import { canonicalJson } from "../../base/json.ts";` })).toEqual([]);
    expect(messagesOf({ [path]: `import { readBoard } from "../board/board.ts";` })).toHaveLength(1);
    expect(messagesOf({ [path]: `import { port } from "../../ports/port.ts";` })).toHaveLength(1);
  });

  test.each(["board", "workspace", "llm", "process"])("%s imports none of its neighbours", (folder) => {
    const path = `src/orchestrator/${folder}/a.ts`;
    expect(messagesOf({ [path]: `import type { Ports } from "../../ports/ports.ts";` })).toEqual([]);
    const neighbour = folder === "board" ? "llm" : "board";
    expect(messagesOf({ [path]: `import { b } from "../${neighbour}/b.ts";` })).toHaveLength(1);
    expect(messagesOf({ [path]: `import { b } from "../agents/b.ts";` })).toHaveLength(1);
  });

  test("dispatch alone starts agents", () => {
    const text = `import { architect } from "../agents/architect.ts";`;
    expect(messagesOf({ "src/orchestrator/dispatch/a.ts": text })).toEqual([]);
    expect(messagesOf({ "src/orchestrator/agents/a.ts": text })).toEqual([]);
    expect(messagesOf({ "src/orchestrator/webhook/a.ts": text })).toEqual([
      "src/orchestrator/webhook/a.ts:1: imports src/orchestrator/agents/architect.ts, but src/orchestrator/dispatch " +
        "alone may import values of src/orchestrator/agents",
    ]);
  });

  test("every folder that the inner table names is below the core", () => {
    expect(Object.keys(coreTable).every((folder) => folder.startsWith("src/orchestrator/"))).toBe(true);
  });
});

function messagesOf(...trees: readonly Readonly<Record<string, string>>[]): string[] {
  const files: SourceFile[] = trees.flatMap((tree) => Object.entries(tree).map(([path, text]) => ({ path, text })));
  return describeViolations(checkImports(files))
    .split("\n")
    .filter((line) => line !== "");
}

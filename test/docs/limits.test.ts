import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { limitsPage, limitTable } from "../../src/orchestrator/limit-table.ts";

const root = new URL("../../", import.meta.url);
const page = new URL("docs/limits.md", root);

test("docs/limits.md is the table of limits; UPDATE_LIMITS=1 writes it anew", () => {
  if (process.env["UPDATE_LIMITS"] === "1") writeFileSync(page, limitsPage());
  expect(readFileSync(page, "utf8")).toBe(limitsPage());
});

test("each limit is named in the file that holds it, or in the one that hands it on", () => {
  const sources = ["policies.ts", "dispatch/dispatcher.ts", "agents/ask-role.ts", "agents/programs.ts", "runs/run.ts"];
  const text = (path: string): string => readFileSync(new URL(`src/orchestrator/${path}`, root), "utf8");
  const handed = sources.map(text).join("\n");
  const missing = Object.entries(limitTable).filter(([name, { where }]) => {
    expect(existsSync(new URL(`src/orchestrator/${where}`, root)), where).toBe(true);
    return !text(where).includes(name) && !handed.includes(name);
  });
  expect(missing.map(([name]) => name)).toEqual([]);
});

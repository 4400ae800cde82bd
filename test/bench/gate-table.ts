import { readFileSync } from "node:fs";
import type { Harness } from "./harness.ts";

/** What `docs/benchmarks.md` says of the thresholds. */
export function docsTable(): readonly string[] {
  const page = readFileSync(new URL("../../docs/benchmarks.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## What counts as worse");
  return (section.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
}

/** What the thresholds are. */
export function gateTableOf({ gateTable }: Pick<Harness, "gateTable">): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const [head = [], ...rows] = gateTable();
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)];
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skippedToolsVariable } from "./requires-tool.ts";
import { requiredTools } from "./tools.ts";

/** A global setup of vitest: says at the end, where nobody can overlook it, how many tests which missing tool cost. */
export function setup(): () => void {
  // A slip in the variable is told before any test runs.
  requiredTools();
  const folder = mkdtempSync(join(tmpdir(), "stormlane-skipped-"));
  process.env[skippedToolsVariable] = folder;
  return () => {
    const list = join(folder, "skipped");
    const table = existsSync(list) ? tableOf(readFileSync(list, "utf8")) : "";
    rmSync(folder, { recursive: true });
    process.stderr.write(table);
  };
}

function tableOf(list: string): string {
  const skipped = list
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { readonly tool: string; readonly test: string });
  const counts = Map.groupBy(skipped, ({ tool }) => tool);
  const rows = [...counts].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const lines = rows.map(([tool, tests]) => `  ${tool.padEnd(14)}${String(tests.length).padStart(5)}`);
  return [
    "",
    "SKIPPED LOUD: tests that lack a tool",
    `  ${"tool".padEnd(14)}tests`,
    ...lines,
    "  install them, or set STORMLANE_REQUIRE_TOOLS=all and these tests fail",
    "",
  ].join("\n");
}

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach } from "vitest";
import { pathOfTool, requiredTools, type ToolName } from "./tools.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why the test was left out, for who counts the reasons. */
    skipReason?: string;
  }
}

/** The folder in which a run notes what it left out; `skipped-tools.ts` makes it and reads it. */
export const skippedToolsVariable = "STORMLANE_SKIPPED_TOOLS";

/**
 * For a file or a `describe` whose tests need a program. Where it is missing they are skipped, with a reason, a warning
 * for each tool and run, and a table at the end; where it is required, they fail.
 *
 * @returns whether it is there: hooks that use it must ask, for they run before the tests are skipped
 */
export function requiresTool(tool: ToolName): boolean {
  const isThere = pathOfTool(tool) !== undefined;
  const isRequired = requiredTools().has(tool);
  beforeEach(({ task, skip }) => {
    if (isThere) return;
    if (isRequired) throw new Error(`${tool} is not on PATH, and must be here (STORMLANE_REQUIRE_TOOLS, CI)`);
    const reason = skipReasonOf(tool);
    task.meta.skipReason = reason;
    noteSkipped(tool, task.name, reason);
    skip(reason);
  });
  return isThere;
}

function skipReasonOf(tool: ToolName): string {
  return `SKIPPED LOUD: ${tool} is not on PATH`;
}

function noteSkipped(tool: ToolName, test: string, reason: string): void {
  const folder = process.env[skippedToolsVariable];
  if (folder === undefined) {
    process.stderr.write(`${reason}\n`);
    return;
  }
  appendFileSync(join(folder, "skipped"), `${JSON.stringify({ tool, test })}\n`);
  if (isFirst(join(folder, `warned-${tool}`))) process.stderr.write(`${reason}\n`);
}

/** Test files run in processes of their own: the one that makes the file was first. */
function isFirst(path: string): boolean {
  try {
    writeFileSync(path, "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

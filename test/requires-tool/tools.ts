import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that some test cannot do without, and who has them not may leave out. */
export const toolNames = ["chromium", "faketime", "git", "php", "python3", "redis-server", "tmux", "unshare"] as const;
export type ToolName = (typeof toolNames)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @returns the path of a program, or undefined when it is in no folder of PATH, or the machine refuses what it is for;
 *   CHROMIUM names another browser
 */
export function pathOfTool(tool: ToolName, env: Environment = process.env): string | undefined {
  const named = tool === "chromium" ? env["CHROMIUM"] : undefined;
  if (named !== undefined) return isProgram(named) ? named : undefined;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const path = folders.map((folder) => join(folder, tool)).find(isProgram);
  return tool === "unshare" && path !== undefined && !givesMounts(path) ? undefined : path;
}

/** Containers without rights have the program, and no namespace for it. */
function givesMounts(unshare: string): boolean {
  const mount = ["--mount", "--", "mount", "-t", "tmpfs", "none", "/mnt"];
  return [mount, ["--user", "--map-root-user", ...mount]].some((args) => spawnSync(unshare, args).status === 0);
}

/**
 * Which tools must be there, so that a test that lacks one fails: what `STORMLANE_REQUIRE_TOOLS` lists (`php,python3`, or
 * `all`), and all of them where `CI` is set.
 *
 * @throws Error for a name that no test asks for: a slip there would let a test be left out
 */
export function requiredTools(env: Environment = process.env): ReadonlySet<ToolName> {
  const listed = (env["STORMLANE_REQUIRE_TOOLS"] ?? "").split(",").map((name) => name.trim());
  const names = listed.filter((name) => name !== "");
  const unknown = names.find((name) => name !== "all" && !isToolName(name));
  if (unknown !== undefined) {
    throw new Error(
      `STORMLANE_REQUIRE_TOOLS: ${JSON.stringify(unknown)} is no tool of these tests\n  fix: use all, or some of ${toolNames.join(",")}`,
    );
  }
  const inCI = !["", "false", undefined].includes(env["CI"]);
  return new Set(inCI || names.includes("all") ? toolNames : names.filter(isToolName));
}

function isToolName(name: string): name is ToolName {
  return (toolNames as readonly string[]).includes(name);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

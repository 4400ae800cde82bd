import { posix } from "node:path";
import type { JsonObject } from "../../../src/base/json.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { ProgramContext } from "../../../src/ports/program.ts";
import type { ClaudeArguments } from "./arguments.ts";
import type { Settings } from "./host-channel.ts";
import { fullModelName } from "./models.ts";
import { hasTool } from "./permissions.ts";

export const VERSION = "2.1.329";

/** What each turn begins with. */
export function initMessage(
  context: ProgramContext,
  options: { readonly args: ClaudeArguments; readonly settings: Settings; readonly loggedIn: boolean },
): JsonObject {
  const { args, settings, loggedIn } = options;
  const rules = { disallowed: args.disallowedTools, tools: args.tools };
  const structured = args.jsonSchema === undefined ? [] : ["StructuredOutput"];
  return {
    type: "system",
    subtype: "init",
    cwd: context.cwd,
    tools: [...TOOLS.filter((tool) => hasTool(rules, tool)), ...structured].toSorted(),
    mcp_servers: args.mcpConfigs.flatMap((config) => serverNames(context, config)).map(connected),
    model: fullModelName(settings.model),
    permissionMode: settings.permissionMode,
    slash_commands: [],
    apiKeySource: loggedIn ? "ANTHROPIC_API_KEY" : "none",
    claude_code_version: VERSION,
    output_style: "default",
    agents: ["general-purpose"],
    skills: [],
    plugins: [],
    original_cwd: context.cwd,
    additional_directories: [...args.addedFolders],
    fast_mode_state: "off",
  };
}

const TOOLS: readonly string[] = [
  "Bash",
  "Edit",
  "Glob",
  "Grep",
  "NotebookEdit",
  "Read",
  "Task",
  "WebFetch",
  "WebSearch",
  "Write",
];

/** @param config a file, or its text */
function serverNames(context: ProgramContext, config: string): readonly string[] {
  const text = config.trimStart().startsWith("{") ? config : context.files.readText(posix.resolve(context.cwd, config));
  const servers = (JSON.parse(text) as JsonObject)["mcpServers"];
  return isJsonObject(servers) ? Object.keys(servers) : [];
}

function connected(name: string): JsonObject {
  return { name, status: "connected" };
}

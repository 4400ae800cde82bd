import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import type { ToolDeclaration } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";

/**
 * The tools that the client runs: its own, and those of Anthropic's definition. Those that run on the server may be
 * declared, and no script calls them.
 */
export function readTools(
  tools: JsonValue | undefined,
  choice: JsonValue | undefined,
):
  | { readonly kind: "ok"; readonly declared: readonly ToolDeclaration[] }
  | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  const declared: ToolDeclaration[] = [];
  const names = new Set<string>();
  for (const [index, tool] of (isJsonArray(tools) ? tools : []).entries()) {
    if (!isJsonObject(tool)) return bad(`tools.${index}: Input should be a valid dictionary`);
    const { name, type } = tool;
    if (type === "mcp_toolset") return unmodelled("tools of MCP servers");
    const isOwn = type === undefined || type === null || type === "custom";
    if (isOwn && typeof name !== "string") return bad(`tools.${index}.custom.name: Field required`);
    if (isOwn && !isJsonObject(tool["input_schema"])) return bad(`tools.${index}.custom.input_schema: Field required`);
    if (typeof name !== "string") continue;
    if (names.has(name)) return bad("tools: Tool names must be unique.");
    names.add(name);
    if (isOwn || (typeof type === "string" && CLIENT_TOOL.test(type)))
      declared.push({ name, parameters: tool["input_schema"] ?? {} });
  }
  if (!isJsonObject(choice)) return { kind: "ok", declared };
  if (!isJsonArray(tools)) return bad("tool_choice may only be specified while providing tools");
  if (choice["type"] !== "tool") return { kind: "ok", declared };
  const wanted = choice["name"];
  if (typeof wanted !== "string") return bad("tool_choice.tool.name: Field required");
  if (!names.has(wanted)) return bad(`Tool '${wanted}' not found in provided tools`);
  return { kind: "ok", declared };
}

const CLIENT_TOOL = /^(?:bash|computer|memory|text_editor)_\d{8}$/;

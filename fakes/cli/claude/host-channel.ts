import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { fullModelName, modelList } from "./models.ts";
import type { Output } from "./output.ts";
import type { ToolUse } from "./permissions.ts";

/** What the host may change between two turns. */
export interface Settings {
  /** As given, perhaps an alias. */
  model: string;
  permissionMode: string;
}

export interface Prompt {
  readonly text: string;
  /** As it was sent. */
  readonly content: JsonValue;
}

export type PermissionAnswer =
  | { readonly kind: "allow"; readonly input: JsonObject }
  /** `byHost`: it said no, rather than nothing that makes sense. */
  | { readonly kind: "deny"; readonly message: string; readonly byHost: boolean }
  | { readonly kind: "abort" };

type Steps<Result> = Generator<ProgramStep, Result, string | undefined>;

/** Standard input holds a line that is none of the protocol's: the program says so and ends. */
export class BrokenInput extends Error {
  override readonly name = "BrokenInput";
}

/**
 * The host at the other end of `--input-format stream-json`: it sends what the user says and requests of its own, and
 * answers requests for permission. Lines are read when there is something to wait for: between turns, at a request for
 * permission, and while the provider stalls.
 */
export class HostChannel {
  private readonly context: ProgramContext;
  private readonly output: Output;
  private readonly settings: Settings;
  private readonly prompts: Prompt[] = [];
  private initialized = false;

  constructor(context: ProgramContext, output: Output, settings: Settings) {
    this.context = context;
    this.output = output;
    this.settings = settings;
  }

  /** The JSON Schema that the host gave when it introduced itself. */
  schema: JsonValue | undefined;

  /** undefined at the end of input. */
  *nextPrompt(): Steps<Prompt | undefined> {
    while (this.prompts.length === 0) {
      const message = yield* this.read();
      if (message === undefined) return undefined;
      this.take(message);
    }
    return this.prompts.shift();
  }

  /** @returns once the host has interrupted; false when input ended before that */
  *awaitInterrupt(): Steps<boolean> {
    for (;;) {
      const message = yield* this.read();
      if (message === undefined) return false;
      if (this.take(message) === "interrupt") return true;
    }
  }

  *askPermission(use: ToolUse): Steps<PermissionAnswer> {
    const requestId = this.output.uuid();
    const { name, input, id } = use;
    const request = { subtype: "can_use_tool", tool_name: name, display_name: name, input };
    const suggestions = { permission_suggestions: [{ type: "setMode", mode: "acceptEdits", destination: "session" }] };
    const rest = { ...("file_path" in input ? suggestions : { permission_suggestions: [] }), tool_use_id: id };
    this.output.emit({ type: "control_request", request_id: requestId, request: { ...request, ...rest } });
    for (;;) {
      const message = yield* this.read();
      if (message === undefined) {
        return failed("AbortError: Tool permission stream closed before response received");
      }
      const response = message["type"] === "control_response" ? message["response"] : undefined;
      if (isJsonObject(response) && response["request_id"] === requestId) return answerOf(response, input);
      if (this.take(message) === "interrupt") return { kind: "abort" };
    }
  }

  private *read(): Steps<JsonObject | undefined> {
    for (;;) {
      const line = yield { kind: "inputLine" };
      if (line === undefined) return undefined;
      if (line.trim() !== "") return parseLine(line);
    }
  }

  private take(message: JsonObject): "interrupt" | undefined {
    switch (message["type"]) {
      case "user": {
        const prompt = promptOf(message);
        if (prompt === undefined) throw new BrokenInput("Error: Expected message role 'user', got 'undefined'");
        this.prompts.push(prompt);
        if (this.output.args.replayUserMessages) this.replay(message);
        return undefined;
      }
      case "control_request":
        return this.takeRequest(message);
      case "control_response":
      case "control_cancel_request":
      case "keep_alive":
        return undefined;
      default:
        return this.unmodelled(`a line of type ${textIn(message, "type")}`);
    }
  }

  private replay(message: JsonObject): void {
    this.output.send({ type: "user", message: message["message"], parent_tool_use_id: null, isReplay: true });
  }

  private takeRequest(message: JsonObject): "interrupt" | undefined {
    const request = isJsonObject(message["request"]) ? message["request"] : {};
    const subtype = textIn(request, "subtype");
    switch (subtype) {
      case "initialize":
        if (this.initialized) return this.refuse(message, "Already initialized");
        this.initialized = true;
        this.initialize(request);
        return this.answer(message, this.description());
      case "interrupt":
        this.answer(message, { still_queued: [] });
        return "interrupt";
      case "set_model": {
        const model = request["model"];
        this.settings.model = typeof model === "string" && model !== "default" ? model : this.settings.model;
        return this.answer(message, { model: fullModelName(this.settings.model) });
      }
      case "set_permission_mode": {
        const mode = textIn(request, "mode");
        this.settings.permissionMode = mode;
        this.answer(message, { mode });
        this.output.send({ type: "system", subtype: "status", status: null, permissionMode: mode });
        return undefined;
      }
      case "set_max_thinking_tokens":
        return this.answer(message, undefined);
      case "mcp_status":
        return this.answer(message, { mcpServers: [] });
      default:
        if (UNMODELLED_REQUESTS.has(subtype)) return this.unmodelled(`the request ${subtype}`);
        return this.refuse(message, `Unsupported control request subtype: ${subtype}`);
    }
  }

  private initialize(members: JsonObject): void {
    const hooks = members["hooks"];
    if (isJsonObject(hooks) && Object.keys(hooks).length > 0) this.unmodelled("hooks of the host");
    const servers = members["sdkMcpServers"];
    if (isJsonArray(servers) && servers.length > 0) this.unmodelled("MCP servers inside the host");
    this.schema = members["jsonSchema"];
  }

  private description(): JsonObject {
    return {
      commands: [],
      agents: [],
      output_style: "default",
      available_output_styles: ["default"],
      models: modelList().map((model) => ({ ...model, displayName: model.value, description: model.resolvedModel })),
      account: { tokenSource: "none", apiKeySource: "ANTHROPIC_API_KEY", apiProvider: "firstParty" },
      pid: this.context.pid,
      current_permission_mode: this.settings.permissionMode,
    };
  }

  private answer(message: JsonObject, response: JsonObject | undefined): undefined {
    const members = { subtype: "success", request_id: message["request_id"], response };
    this.output.emit({ type: "control_response", response: members });
  }

  private refuse(message: JsonObject, error: string): undefined {
    const members = { subtype: "error", request_id: message["request_id"], error };
    this.output.emit({ type: "control_response", response: members });
  }

  private unmodelled(what: string): never {
    return this.context.unmodelled({
      method: `claude --input-format stream-json, ${what}`,
      args: [...this.context.args],
      file: "fakes/cli/claude/host-channel.ts",
    });
  }
}

function parseLine(line: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (isJsonObject(value)) return value;
  throw new BrokenInput(`Error parsing streaming input line (type=unknown, ${line.length} chars): SyntaxError`);
}

function promptOf(message: JsonObject): Prompt | undefined {
  const said = message["message"];
  if (!isJsonObject(said) || said["role"] !== "user") return undefined;
  const content = said["content"] ?? "";
  return { text: textOf(content), content };
}

/** Of the blocks those that are text, one below the other. */
function textOf(content: JsonValue): string {
  if (!isJsonArray(content)) return typeof content === "string" ? content : "";
  return content
    .flatMap((block) => (isJsonObject(block) && typeof block["text"] === "string" ? [block["text"]] : []))
    .join("\n");
}

/** What the host left out shows as `undefined`, as in the real one. */
function textIn(object: JsonObject, member: string): string {
  const value = object[member];
  return typeof value === "string" ? value : "undefined";
}

function answerOf(response: JsonObject, input: JsonObject): PermissionAnswer {
  const given = response["response"];
  if (response["subtype"] === "error") return failed(`Error: ${textIn(response, "error")}`);
  if (!isJsonObject(given)) return failed("Error: no answer");
  if (given["behavior"] === "allow") {
    const updated = given["updatedInput"];
    return { kind: "allow", input: isJsonObject(updated) ? updated : input };
  }
  if (given["interrupt"] === true) return { kind: "abort" };
  return { kind: "deny", message: textIn(given, "message"), byHost: true };
}

function failed(why: string): PermissionAnswer {
  return { kind: "deny", message: `Tool permission request failed: ${why}`, byHost: false };
}

/** Requests that the real one answers. */
const UNMODELLED_REQUESTS: ReadonlySet<string> = new Set([
  "apply_flag_settings",
  "background_tasks",
  "cancel_async_message",
  "file_suggestions",
  "get_binary_version",
  "get_context_usage",
  "get_hooks_listing",
  "get_session_cost",
  "get_settings",
  "get_task_output",
  "get_usage",
  "list_models",
  "list_permission_rules",
  "mcp_call",
  "mcp_message",
  "mcp_read_resource",
  "mcp_reconnect",
  "mcp_set_servers",
  "mcp_toggle",
  "read_file",
  "register_repo_root",
  "reload_output_styles",
  "reload_plugins",
  "reload_skills",
  "rename_session",
  "rewind_files",
  "seed_read_state",
  "set_color",
  "stop_task",
  "update_settings",
]);

import { posix } from "node:path";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { makeEdit } from "../agent-script.ts";
import type { AgentAnswer, AgentEdit, AgentStep, AgentUsage } from "../agent-script.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { assistantMessages, toolResult } from "./messages.ts";
import type { Block, ToolOutcome } from "./messages.ts";
import type { HostChannel, Settings } from "./host-channel.ts";
import { costUsdOf, fullModelName } from "./models.ts";
import type { Output } from "./output.ts";
import { decide } from "./permissions.ts";
import type { Decision, ToolUse } from "./permissions.ts";
import { aborted, budgetExhausted, completed, errorClassOf, failureEnd, maxTurnsReached } from "./turn-end.ts";
import type { TurnEnd } from "./turn-end.ts";

/** What a turn did and cost, for its result. */
export interface TurnReport {
  readonly end: TurnEnd;
  readonly usage: AgentUsage;
  readonly costUsd: number;
  /** As `num_turns` counts: one, and one for each thing that was said to the model after the prompt. */
  readonly turnCount: number;
  readonly denials: readonly ToolUse[];
}

interface TurnOptions {
  readonly answer: AgentAnswer;
  readonly usage: AgentUsage;
  /** That the last message must obey. */
  readonly schema: JsonValue | undefined;
  readonly settings: Settings;
  readonly output: Output;
  /** Where there is none, nobody can be asked. */
  readonly host: HostChannel | undefined;
  /** What the session cost before. */
  readonly spentUsd: number;
}

type Steps<Result> = Generator<ProgramStep, Result, string | undefined>;

/**
 * Plays one answer: what it shows on the way, tools included, then its edits as tools, then its message. Its time is
 * spread over the responses of the model, of which each ends with a tool or with the message.
 */
export class Turn {
  private readonly context: ProgramContext;
  private readonly options: TurnOptions;
  private readonly model: string;
  private readonly responses: readonly Response[];
  private slicesTaken = 0;
  private readonly usage: AgentUsage;
  private readonly costUsd: number;
  private readonly denials: ToolUse[] = [];
  private saidToModel = 0;
  private played = 0;

  constructor(context: ProgramContext, options: TurnOptions) {
    const { answer, usage, schema } = options;
    this.context = context;
    this.options = options;
    this.model = fullModelName(options.settings.model);
    this.responses = responsesOf(answer, context.cwd, schema);
    this.usage = usage;
    this.costUsd = answer.costUsd ?? costUsdOf(this.model, this.usage);
  }

  *play(): Steps<TurnReport> {
    const end = yield* this.playResponses();
    if (end.errorClass !== undefined) this.sendFailure(end);
    return {
      end,
      ...this.costSoFar(),
      turnCount: 1 + this.saidToModel,
      denials: this.denials,
    };
  }

  private *playResponses(): Steps<TurnEnd> {
    const { answer, output } = this.options;
    const { failure } = answer;
    const { maxTurns, maxBudgetUsd } = output.args;
    if (failure?.kind === "not-logged-in") return failureEnd(failure, this.model, output.args)!;
    for (const response of this.responses) {
      if (response === this.responses.at(-1) && failure !== undefined) {
        const end = yield* this.fail();
        if (end !== undefined) return end;
      }
      yield { kind: "work", durationUs: this.nextSliceUs(), touches: this.options.output.touched() };
      this.played++;
      const use = response.tool === undefined ? undefined : { ...response.tool, id: output.id("toolu") };
      this.sendResponse(response, use);
      if (maxBudgetUsd !== undefined && this.options.spentUsd + this.costSoFar().costUsd >= maxBudgetUsd) {
        return budgetExhausted(maxBudgetUsd, use === undefined ? "end_turn" : "tool_use");
      }
      if (use !== undefined && (yield* this.useTool(response, use)) === "aborted") return aborted("aborted_tools");
      if (use !== undefined && this.played === maxTurns) return maxTurnsReached(maxTurns);
    }
    const { structured } = this.responses.at(-1)!;
    return completed(answer.message, structured, failure?.kind === "unknown-finish" ? "unknown" : "end_turn");
  }

  /** @returns undefined when the answer comes all the same */
  private *fail(): Steps<TurnEnd | undefined> {
    const { output, host, answer } = this.options;
    const failure = answer.failure!;
    if (failure.kind === "max-turns" && output.args.maxTurns === undefined) {
      return maxTurnsReached(Math.max(1, this.responses.length - 1));
    }
    if (failure.kind === "api-error" && isRetried(failure.status)) {
      yield* this.retry(this.retriesMax(), failure.status);
    }
    if (failure.kind === "reconnects") yield* this.retry(failure.times, null);
    if (failure.kind === "stalled") {
      const interrupted = host === undefined ? false : yield* host.awaitInterrupt();
      if (!interrupted) yield { kind: "hang" };
      yield { kind: "work", durationUs: 0, touches: output.touched() };
      this.say("[Request interrupted by user]");
      return aborted("aborted_streaming");
    }
    return failureEnd(failure, this.model, output.args);
  }

  private retriesMax(): number {
    const given = Number(this.context.env["CLAUDE_CODE_MAX_RETRIES"] ?? "10");
    return Number.isInteger(given) && given >= 0 ? given : 10;
  }

  private *retry(times: number, status: number | null): Steps<void> {
    for (let attempt = 1; attempt <= times; attempt++) {
      const delayMs = Math.min(RETRY_MS * 2 ** (attempt - 1), RETRY_MAX_MS);
      this.options.output.send({
        type: "system",
        subtype: "api_retry",
        attempt,
        max_retries: this.retriesMax(),
        retry_delay_ms: delayMs,
        error_status: status,
        error: status === null ? "unknown" : errorClassOf(status),
      });
      yield { kind: "work", durationUs: delayMs * 1000, touches: this.options.output.touched() };
    }
  }

  private *useTool(response: Response, use: ToolUse): Steps<"done" | "aborted"> {
    const permission = yield* this.permit(use);
    if (permission.kind === "aborted") return "aborted";
    if (permission.kind === "refused") {
      this.sendToolResult(use, permission.outcome);
      return "done";
    }
    const edit = editOf(response, permission.input);
    const path = edit === undefined ? undefined : posix.resolve(this.context.cwd, edit.path);
    const touched = path === undefined ? [] : [{ id: `disk:${path}`, rw: "w" as const }];
    yield { kind: "work", durationUs: this.nextSliceUs(), touches: [...touched, ...this.options.output.touched()] };
    this.sendToolResult(use, this.outcomeOf(response, edit, path, permission.source));
    return "done";
  }

  private outcomeOf(
    response: Response,
    edit: AgentEdit | undefined,
    path: string | undefined,
    decision: JsonObject,
  ): ToolOutcome {
    if (edit === undefined || path === undefined) return { ...response.outcome!, decision };
    const isNew = this.context.files.stat(path) === null;
    try {
      makeEdit(this.context, path, edit);
    } catch (error) {
      if (!isHostFileFailure(error)) throw error;
      return { text: `${error.code}: ${failureText(error.code)}, open '${error.path}'`, isError: true, decision };
    }
    if (edit.content === null) return { text: "(Bash completed with no output)", isError: false, decision };
    const text = isNew ? `File created successfully at: ${path}` : `The file ${path} has been updated successfully.`;
    const detail = { type: isNew ? "create" : "update", filePath: path, content: edit.content };
    return { text, isError: false, decision, detail };
  }

  private *permit(use: ToolUse): Steps<Permission> {
    const { settings, output, host } = this.options;
    const { args } = output;
    const decision: Decision =
      use.name === "StructuredOutput"
        ? { kind: "allow", reason: "other" }
        : decide(
            {
              mode: settings.permissionMode,
              allowed: args.allowedTools,
              disallowed: args.disallowedTools,
              tools: args.tools,
              cwd: this.context.cwd,
              addedFolders: args.addedFolders,
            },
            use,
          );
    switch (decision.kind) {
      case "allow": {
        const source = { decision: "accept", source: "config", reason_type: decision.reason };
        return { kind: "allowed", input: use.input, source };
      }
      case "absent": {
        const text = `No such tool available: ${use.name}. ${use.name} is disabled for this session, in subagents as well as here.`;
        return { kind: "refused", outcome: { text: `<tool_use_error>Error: ${text}</tool_use_error>`, isError: true } };
      }
      case "deny":
        return this.refuse(use, decision.message, { decision_reason_type: decision.reason });
      case "ask":
        break;
    }
    if (!args.asksHost || host === undefined) return this.refuse(use, decision.message, {});
    const answer = yield* host.askPermission(use);
    yield { kind: "work", durationUs: 0, touches: output.touched() };
    if (answer.kind === "allow") {
      return { kind: "allowed", input: answer.input, source: { decision: "accept", source: "user_temporary" } };
    }
    this.denials.push(use);
    if (answer.kind === "abort") {
      this.sendToolResult(use, { text: REJECTED, isError: true });
      this.say("[Request interrupted by user for tool use]");
      return { kind: "aborted" };
    }
    const source = { decision: "reject", source: answer.byHost ? "user_reject" : "config" };
    return { kind: "refused", outcome: { text: answer.message, isError: true, decision: source } };
  }

  private refuse(use: ToolUse, message: string, why: JsonObject): Permission {
    this.denials.push(use);
    this.options.output.send({
      type: "system",
      subtype: "permission_denied",
      tool_name: use.name,
      tool_use_id: use.id,
      ...why,
      message,
    });
    const decision = { decision: "reject", source: "config" };
    return { kind: "refused", outcome: { text: message, isError: true, decision } };
  }

  private sendResponse(response: Response, use: ToolUse | undefined): void {
    const { output } = this.options;
    const tool = use === undefined ? [] : [{ type: "tool_use", id: use.id, name: use.name, input: use.input } as const];
    assistantMessages(output, {
      model: this.model,
      blocks: [...response.blocks, ...tool],
      usage: share(this.usage, this.played, this.responses.length),
    });
  }

  private sendToolResult(use: ToolUse, outcome: ToolOutcome): void {
    this.saidToModel++;
    toolResult(this.options.output, use, outcome);
  }

  private say(text: string): void {
    this.saidToModel++;
    const message = { role: "user", content: [{ type: "text", text }] };
    this.options.output.sendKept({ type: "user", message, parent_tool_use_id: null });
  }

  /** What went wrong stands there as if the model had said it. */
  private sendFailure(end: TurnEnd): void {
    const { output } = this.options;
    const message = {
      id: output.uuid(),
      container: null,
      model: "<synthetic>",
      role: "assistant",
      stop_reason: end.stopReason,
      stop_sequence: "",
      type: "message",
      usage: { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
      content: [{ type: "text", text: end.text }],
      context_management: null,
    };
    output.sendKept(
      { type: "assistant", message, parent_tool_use_id: null },
      {
        error: end.errorClass,
        is_api_error_message: true,
        api_error_status: end.status,
        api_error_type: end.statusName,
      },
    );
  }

  private costSoFar(): { readonly usage: AgentUsage; readonly costUsd: number } {
    const { length } = this.responses;
    const parts = Array.from({ length: this.played }, (_, index) => share(this.usage, index + 1, length));
    const sum = (of: (part: AgentUsage) => number): number => parts.reduce((total, part) => total + of(part), 0);
    const usage = {
      inputTokens: sum((part) => part.inputTokens),
      outputTokens: sum((part) => part.outputTokens),
      cachedTokens: sum((part) => part.cachedTokens ?? 0),
    };
    return { usage, costUsd: (this.costUsd * this.played) / length };
  }

  /** Each response takes a slice to come, and each but the last another for its tool. */
  private nextSliceUs(): number {
    const durationUs = this.options.answer.durationMs * 1000;
    return partOf(durationUs, ++this.slicesTaken, 2 * this.responses.length - 1);
  }
}

type Permission =
  | { readonly kind: "allowed"; readonly input: JsonObject; readonly source: JsonObject }
  | { readonly kind: "refused"; readonly outcome: ToolOutcome }
  | { readonly kind: "aborted" };

/** One answer of the model: what it says, then a tool that it uses or the end of the turn. */
interface Response {
  readonly blocks: readonly Block[];
  readonly tool?: Omit<ToolUse, "id">;
  /** What the tool tells the model, unless it is an edit. */
  readonly outcome?: ToolOutcome;
  readonly edit?: AgentEdit;
  readonly structured?: JsonValue;
}

function responsesOf(answer: AgentAnswer, cwd: string, schema: JsonValue | undefined): readonly Response[] {
  const responses: Response[] = [];
  let blocks: Block[] = [];
  const use = (rest: Omit<Response, "blocks">): void => {
    responses.push({ blocks, ...rest });
    blocks = [];
  };
  for (const step of answer.steps ?? []) {
    if (step.kind === "text") blocks.push({ type: "text", text: step.text });
    else if (step.kind === "reasoning") blocks.push({ type: "thinking", thinking: step.text, signature: "" });
    else use(toolStep(step));
  }
  for (const edit of answer.edits ?? []) use({ tool: toolOfEdit(edit, cwd), edit });
  const structured = schema === undefined ? undefined : (answer.structured ?? parseJson(answer.message));
  if (structured !== undefined) {
    const outcome = { text: "Structured output provided successfully", isError: false };
    use({ tool: { name: "StructuredOutput", input: structured as JsonObject }, outcome, structured });
    return responses;
  }
  const said: readonly Block[] = answer.message === "" ? [] : [{ type: "text", text: answer.message }];
  return [...responses, { blocks: [...blocks, ...said] }];
}

function toolStep(step: Extract<AgentStep, { kind: "command" | "tool" }>): Omit<Response, "blocks"> {
  if (step.kind === "tool") {
    const { name, output, isError = false } = step;
    return { tool: { name, input: step.input as JsonObject }, outcome: { text: output, isError } };
  }
  const isError = step.exitCode !== 0;
  const text = isError ? `Exit code ${step.exitCode}\n${step.output}` : step.output;
  const outcome = { text: text === "" ? "(Bash completed with no output)" : text, isError };
  return { tool: { name: "Bash", input: { command: step.command } }, outcome };
}

function toolOfEdit(edit: AgentEdit, cwd: string): Omit<ToolUse, "id"> {
  const path = posix.resolve(cwd, edit.path);
  if (edit.content === null) return { name: "Bash", input: { command: `rm -rf ${path}` } };
  return { name: "Write", input: { file_path: path, content: edit.content } };
}

/** Whoever gave the permission may have changed what is written, and where. */
function editOf(response: Response, input: JsonObject): AgentEdit | undefined {
  const { edit } = response;
  if (edit === undefined || edit.content === null) return edit;
  const { file_path: path, content } = input;
  return {
    path: typeof path === "string" ? path : edit.path,
    content: typeof content === "string" ? content : edit.content,
  };
}

function share(whole: AgentUsage, nth: number, parts: number): AgentUsage {
  const part = (count: number): number => partOf(count, nth, parts);
  return {
    inputTokens: part(whole.inputTokens),
    outputTokens: part(whole.outputTokens),
    cachedTokens: part(whole.cachedTokens ?? 0),
  };
}

/** The nth of so many whole parts, which add up to the whole. */
function partOf(whole: number, nth: number, parts: number): number {
  return Math.floor((whole * nth) / parts) - Math.floor((whole * (nth - 1)) / parts);
}

function isRetried(status: number): boolean {
  return status === 401 || status === 408 || status === 409 || status === 429 || status >= 500;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

const RETRY_MS = 500;
const RETRY_MAX_MS = 32_000;
const REJECTED = "The user doesn't want to proceed with this tool use. The tool use was rejected.";

import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { Completion, ModelRequest, ToolCall } from "../completion.ts";
import { argumentsOf } from "../tool-arguments.ts";
import type { Endpoint, LoadRequest } from "./model-request.ts";

/** A whole answer, or that a tool call in it cannot be read. */
export function wholeAnswer(completion: Completion, request: ModelRequest): OutgoingResponse {
  const headers = { "content-type": "application/json; charset=utf-8" };
  const failure = failureOf(completion);
  if (failure !== undefined) return { status: 500, headers, body: Body.ofJson({ error: failure }) };
  const said = {
    text: completion.refusal ?? completion.text,
    thinking: showsThinking(request) ? completion.reasoning : "",
    toolCalls: readableCalls(completion),
  };
  return {
    status: 200,
    headers,
    body: Body.ofJson({
      model: completion.model,
      created_at: timeText(endMs(completion)),
      ...saying(endpointOf(request), said),
      ...ending(completion),
    }),
  };
}

/** There was no prompt: the model is loaded, or gone. */
export function loadedAnswer({ endpoint, model, unloads }: LoadRequest): JsonObject {
  return {
    model,
    created_at: timeText(0),
    ...saying(endpoint, NOTHING),
    done: true,
    done_reason: unloads ? "unload" : "load",
  };
}

/** What one answer, or one line of it, says. */
export interface Saying {
  readonly text: string;
  readonly thinking: string;
  readonly toolCalls: readonly JsonObject[];
}

export const NOTHING: Saying = { text: "", thinking: "", toolCalls: [] };

/** A chat has a message, a generated answer has its parts beside the others. Empty parts are left out but for the text. */
export function saying(endpoint: Endpoint, { text, thinking, toolCalls }: Saying): JsonObject {
  const parts = {
    ...(thinking === "" ? {} : { thinking }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  };
  return endpoint === "chat"
    ? { message: { role: "assistant", content: text, ...parts } }
    : { response: text, ...parts };
}

/** Durations are in nanoseconds. Tokens of the prompt take the time to the first token. */
export function ending(completion: Completion): JsonObject {
  const { finish, usage, timeToFirstTokenMs, generationMs } = completion;
  return {
    done: true,
    done_reason: finish === "length" || finish === "context_window" ? "length" : "stop",
    total_duration: nanoseconds(timeToFirstTokenMs + generationMs),
    load_duration: 0,
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(timeToFirstTokenMs),
    eval_count: usage.completionTokens,
    eval_duration: nanoseconds(generationMs),
  };
}

function nanoseconds(durationMs: number): number {
  return Math.round(durationMs * 1_000_000);
}

export function endMs({ createdMs, timeToFirstTokenMs, generationMs }: Completion): number {
  return createdMs + timeToFirstTokenMs + generationMs;
}

export function timeText(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}

export function endpointOf({ echo }: ModelRequest): Endpoint {
  return echo?.["endpoint"] === "generate" ? "generate" : "chat";
}

export function showsThinking({ echo }: ModelRequest): boolean {
  return echo?.["showsThinking"] === true;
}

/** With its arguments as an object. @returns undefined when they are none */
export function readableCall(call: ToolCall, index: number): JsonObject | undefined {
  const args = argumentsOf(call);
  if (args === undefined) return undefined;
  return { id: `call_${call.id}`, function: { index, name: call.name, arguments: args } };
}

function readableCalls({ toolCalls }: Completion): readonly JsonObject[] {
  return toolCalls.map(readableCall).filter((call) => call !== undefined);
}

/** Nobody looks at a call that the limit cut off; any other must be whole. */
export function failureOf({ finish, toolCalls }: Completion): string | undefined {
  if (finish === "length" || finish === "context_window") return undefined;
  const broken = toolCalls.find((call) => argumentsOf(call) === undefined);
  if (broken === undefined) return undefined;
  return `error parsing tool call: raw='${broken.arguments}', err=unexpected end of JSON input`;
}

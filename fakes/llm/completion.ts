import type { JsonObject, JsonValue } from "../../src/base/json.ts";

/** A request for an answer of a model, whatever API it came in by. */
export interface ModelRequest {
  /** As the client named it, without a scenario token. */
  readonly model: string;
  /** The text of all messages, system prompt first, joined by newlines. */
  readonly prompt: string;
  /** Images, audio and documents that came with it: they count as tokens and are not read. */
  readonly attachments: number;
  /** Of the answer; undefined when the request sets none. */
  readonly maxTokens: number | undefined;
  /** What the text must be: `json` is any object, a schema is a schema. */
  readonly format: "text" | "json" | { readonly name: string; readonly schema: JsonValue };
  readonly tools: readonly ToolDeclaration[];
  /** Results of tools in the prompt, oldest first: a script tells by them how far the conversation is. */
  readonly toolResults: readonly ToolResult[];
  readonly stream: boolean;
  /** Whether a stream reports usage, where the API lets the client say. */
  readonly streamUsage: boolean;
  /** What else the API repeats of the request in its answer. */
  readonly echo?: JsonObject;
}

export interface ToolDeclaration {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly parameters: JsonValue;
}

export interface ToolResult {
  /** Of the call it answers; empty where the API has none. */
  readonly callId: string;
  readonly content: string;
}

/** What a model said, complete: each API writes it down its own way. */
export interface Completion {
  /** Unique in a run, of letters and digits; each API puts its own prefix in front. */
  readonly id: string;
  readonly createdMs: number;
  readonly model: string;
  /** Before the text, where the API shows it. */
  readonly reasoning: string;
  readonly text: string;
  /** The model declined, with these words; `text` is then empty. */
  readonly refusal: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finish: Finish;
  readonly usage: Usage;
  /** From the request to the first token. */
  readonly timeToFirstTokenMs: number;
  /** From the first token to the last. */
  readonly generationMs: number;
  /** How much of the answer one event of a stream carries, see `deltas.ts`. */
  readonly deltaChars: number;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON; it may be cut off by a fault. */
  readonly arguments: string;
}

/** `length`: the limit of the request; `context_window`: that of the model, which few APIs tell apart. */
export type Finish = "stop" | "length" | "context_window" | "content_filter" | "tool_calls" | "refusal";

export interface Usage {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** With those of the reasoning. */
  readonly completionTokens: number;
  readonly reasoningTokens: number;
}

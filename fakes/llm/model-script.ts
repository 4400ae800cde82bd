import type { JsonValue } from "../../src/base/json.ts";
import type { ModelRequest, ToolDeclaration, ToolResult } from "./completion.ts";
import type { ProviderError } from "./provider-error.ts";
import type { StreamFault } from "./stream-fault.ts";

/**
 * What the model says, as a pure function of what it is asked. undefined means that the script has no answer, which
 * ends the run: a model never answers at random.
 */
export type ModelScript = (request: ScriptRequest) => ScriptAnswer | undefined;

export interface ScriptRequest {
  /** Whose scenario this is, see `scenario-token.ts`; empty without one. */
  readonly token: string;
  readonly role: string;
  readonly key: string;
  /** Of the logical request, from 1: the client counts it. */
  readonly attempt: number;
  /**
   * Which request with this token, role, key, attempt and prompt it is, from 1. Only for tests of a single task:
   * elsewhere the schedule decides which of several requests comes first.
   */
  readonly callNumber: number;
  /** 16 hexadecimal digits, see `prompt-digest.ts`. */
  readonly promptDigest: string;
  /** The content of all messages, joined by newlines. */
  readonly prompt: string;
  readonly model: string;
  /** The name of the API that the request came in by, as `openai-chat`. */
  readonly dialect: string;
  readonly stream: boolean;
  /** Of the completion; undefined when the request sets none. */
  readonly maxTokens: number | undefined;
  readonly format: ModelRequest["format"];
  readonly tools: readonly ToolDeclaration[];
  /** Oldest first: they tell how far a conversation with tools is. */
  readonly toolResults: readonly ToolResult[];
  /** A named draw: an integer from 0 to `bound - 1`. */
  readonly draw: Draw;
}

export type Draw = (purpose: string, bound: number) => number;

export interface ScriptAnswer {
  readonly content: string;
  /** Before the text, where the API shows it. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly ScriptToolCall[];
  /** Default `stop`, `tool_calls` when there are any, or `length` when the answer is longer than the request allows. */
  readonly finish?: "stop" | "length" | "context_window" | "content_filter" | "tool_calls";
  /** The model declines: `content` is then ignored. */
  readonly refusal?: string;
  /** Default: counted from the text. */
  readonly usage?: {
    readonly promptTokens: number;
    readonly completionTokens: number;
    readonly cachedTokens?: number;
    readonly reasoningTokens?: number;
  };
  /** Default 400. */
  readonly timeToFirstTokenMs?: number;
  /** Default 80. */
  readonly tokensPerSecond?: number;
  /** Of one event of a stream. Default 12, more in long answers. */
  readonly deltaChars?: number;
  /** Instead of an answer; the rest is then ignored but for `timeToFirstTokenMs`, which is 0 by default. */
  readonly error?: ProviderError | HtmlPage;
  /** What happens to the answer on its way. */
  readonly streamFault?: StreamFault;
}

export interface ScriptToolCall {
  readonly name: string;
  readonly arguments: JsonValue;
  /** How much of the arguments' JSON arrives. Default all of it. */
  readonly argumentsCharsMax?: number;
}

/** What a proxy in front of the provider says in its place. */
export interface HtmlPage {
  readonly kind: "htmlPage";
  readonly status: number;
}

/** Four characters are about one token of English text. */
export function tokensOf(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

export const CHARS_PER_TOKEN = 4;

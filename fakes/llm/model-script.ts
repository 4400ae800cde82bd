import type { ProviderError } from "./provider-error.ts";

/**
 * What the model says, as a pure function of what it is asked. undefined means that the script has no answer, which
 * ends the run: a model never answers at random.
 */
export type ModelScript = (request: ScriptRequest) => ScriptAnswer | undefined;

export interface ScriptRequest {
  readonly role: string;
  readonly key: string;
  readonly attempt: number;
  /** 16 hexadecimal digits, see `prompt-digest.ts`. */
  readonly promptDigest: string;
  /** The content of all messages, joined by newlines. */
  readonly prompt: string;
  readonly model: string;
  /** Of the completion; undefined when the request sets none. */
  readonly maxTokens: number | undefined;
  readonly jsonMode: boolean;
  /** A named draw: an integer from 0 to `bound - 1`. */
  readonly draw: Draw;
}

export type Draw = (purpose: string, bound: number) => number;

export interface ScriptAnswer {
  readonly content: string;
  /** Default `stop`, or `length` when the content is longer than the request allows. */
  readonly finish?: "stop" | "length" | "content_filter";
  /** The model declines: `content` is then null on the wire. */
  readonly refusal?: string;
  /** Default: counted from the text. */
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
  /** Default 400. */
  readonly timeToFirstTokenMs?: number;
  /** Default 80. */
  readonly tokensPerSecond?: number;
  /** Instead of an answer; the rest is then ignored but for `timeToFirstTokenMs`, which is 0 by default. */
  readonly error?: ProviderError;
}

/** Four characters are about one token of English text. */
export function tokensOf(chars: number): number {
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

export const CHARS_PER_TOKEN = 4;

import type { Ports } from "../../ports/ports.ts";
import type { Trouble } from "../answer.ts";
import type { ModelRole } from "../config.ts";
import type { OnLife } from "./run-tool.ts";

/** What the core asks of a model, whoever provides it. */
export interface ModelPort {
  /** Repeats what may pass, within the limits of tries and time of one question. */
  ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<ModelResult>;
  /** Who answers for a role, and how: part of what an answer is known again by. */
  parametersOf(role: ModelRole): ModelParameters;
  /** What an answer cost: as the provider says, else from the prices of the role; undefined when nobody knows. */
  costUsdOf(role: ModelRole, usage: ModelUsage | undefined): number | undefined;
}

export interface ModelQuestion {
  readonly role: ModelRole;
  /** The card's reference. */
  readonly reference: string;
  /** What the answer is for, as `design`. */
  readonly purpose: string;
  /** Which answer this will be for the purpose, from 1. */
  readonly attempt: number;
  readonly prompt: string;
  /** The answer is JSON: where the provider can be told so, it is. The prompt says it in any case. */
  readonly json: boolean;
  /** Absolute. A folder of its own for a command line tool: made for the question, and removed after it. */
  readonly folder: string;
  /** Told of each program that is started for the question. */
  readonly onLife?: OnLife;
}

export interface ModelParameters {
  /** As `openai http://127.0.0.1:9000` or `codex /usr/bin/codex`. */
  readonly provider: string;
  readonly model: string;
  /** undefined: as the provider has it. */
  readonly temperature: number | undefined;
  /** Of the answer. */
  readonly tokensMax: number;
  /** Of one request. */
  readonly timeoutMs: number;
}

export interface ModelAnswer {
  readonly content: string;
  readonly finish: ModelFinish;
  /** The model declined, with these words. */
  readonly refusal: string | undefined;
  readonly usage: ModelUsage | undefined;
  /** By which the provider finds the request in its own logs. */
  readonly requestId: string | undefined;
}

/** `length`: cut at the token limit. `filtered`: the provider stopped it, or the model declined. */
export type ModelFinish = "stop" | "length" | "filtered";

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Only where the provider tells. */
  readonly costUsd?: number;
}

export type ModelResult = { readonly kind: "ok"; readonly value: ModelAnswer } | ModelTrouble;

/** In the words that a run acts on, with what went wrong in the words of models. */
export type ModelTrouble = Trouble & {
  readonly error: ModelError;
  /** As the provider says; not bounded yet. */
  readonly retryAfterMs?: number;
};

export type ModelError =
  /** It will never take this question: a wrong model, a wrong parameter. */
  | "refused"
  /** It may pass: no answer, half an answer, an overload. */
  | "transient"
  /** The key or the account is not accepted: people can help, another try cannot. */
  | "auth"
  /** The prompt is longer than the model can read. */
  | "overflow"
  | "rate-limited"
  /** The prompt itself is not allowed. */
  | "filtered";

/** One way to put a question, once, and to read what comes back. */
export interface Provider {
  ask(ports: Ports, request: ProviderRequest): Promise<ModelResult>;
}

export interface ProviderRequest {
  readonly question: ModelQuestion;
  readonly parameters: ModelParameters;
  readonly signal: AbortSignal;
}

export function answered(answer: {
  readonly content: string;
  readonly finish: ModelFinish;
  readonly refusal?: string | undefined;
  readonly usage?: ModelUsage | undefined;
  readonly requestId?: string | undefined;
}): ModelResult {
  const { content, finish, refusal, usage, requestId } = answer;
  return { kind: "ok", value: { content, finish, refusal, usage, requestId } };
}

/** @param kind how sure it is that nothing was paid for */
export function trouble(error: ModelError, reason: string, kind: "fail" | "unknown" = "fail"): ModelTrouble {
  const isFinal = error === "refused" || error === "overflow" || error === "filtered";
  return { kind: isFinal ? "refused" : kind, reason, error };
}

import { Body } from "../../base/body.ts";
import { isJsonArray, isJsonObject, type JsonObject } from "../../base/json.ts";
import type { HttpResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Result } from "../../ports/result.ts";
import type { Answer } from "../answer.ts";
import type { ModelConfig } from "../config.ts";

export interface ModelQuestion {
  readonly role: "planner";
  /** The card's reference. */
  readonly reference: string;
  /** What the answer is for, as `design`. */
  readonly purpose: string;
  /** Which answer this will be for the purpose, from 1. */
  readonly attempt: number;
  readonly prompt: string;
  readonly json: boolean;
  readonly tokensMax: number;
}

export interface ModelAnswer {
  readonly content: string;
  /** As the provider says: `stop`, `length`, `content_filter`. */
  readonly finish: string;
  readonly refusal: string | undefined;
}

export interface ModelClientOptions {
  readonly config: ModelConfig;
  readonly requestsMax: number;
  /** @param retryAfter the header, if the provider sent one */
  readonly retryDelayMs: (tries: number, ports: Ports, retryAfter: string | undefined) => number;
}

/** Asks a provider that speaks OpenAI's chat completions. */
export class ModelClient {
  private readonly options: ModelClientOptions;

  constructor(options: ModelClientOptions) {
    this.options = options;
  }

  /** Repeats what may pass, up to `requestsMax` requests. `refused`: the provider will never take this prompt. */
  async ask(ports: Ports, question: ModelQuestion, signal: AbortSignal): Promise<Answer<ModelAnswer>> {
    const body = this.request(question);
    for (let tries = 1; ; tries++) {
      const result = await this.send(ports, question, body, signal);
      const answer = readAnswer(result);
      if (answer.kind === "ok" || answer.kind === "refused" || signal.aborted) return answer;
      if (tries >= this.options.requestsMax) return answer;
      const retryAfter = result.kind === "ok" ? result.value.headers["retry-after"] : undefined;
      const delayMs = this.options.retryDelayMs(tries, ports, retryAfter);
      await ports.clock.sleep(delayMs, { key: keyOf(question), signal });
    }
  }

  private send(ports: Ports, question: ModelQuestion, body: Body, signal: AbortSignal): Promise<Result<HttpResponse>> {
    const { config } = this.options;
    return ports.http.request({
      name: "model.complete",
      key: keyOf(question),
      method: "POST",
      url: `${config.url}/v1/chat/completions`,
      headers: {
        authorization: `Bearer ${config.apiKey}`,
        "content-type": "application/json",
        ...(config.traceHeaders ? traceHeaders(question) : {}),
      },
      body,
      timeoutMs: config.timeoutMs,
      signal,
    });
  }

  private request(question: ModelQuestion): Body {
    return Body.ofJson({
      model: this.options.config.models[question.role],
      messages: [{ role: "user", content: question.prompt }],
      max_tokens: question.tokensMax,
      ...(question.json ? { response_format: { type: "json_object" } } : {}),
    });
  }
}

function keyOf({ role, reference, purpose }: ModelQuestion): string {
  return `${role}/${reference}/${purpose}`;
}

function traceHeaders({ role, reference, purpose, attempt }: ModelQuestion): Readonly<Record<string, string>> {
  return {
    "x-stormlane-role": role,
    "x-stormlane-key": headerValue(`${reference}/${purpose}`),
    "x-stormlane-attempt": String(attempt),
  };
}

/** Text of people in a header: what is not printable ASCII is escaped, so that nothing can end the line. */
function headerValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `%u${char.charCodeAt(0).toString(16)}`);
}

function readAnswer(result: Result<HttpResponse>): Answer<ModelAnswer> {
  if (result.kind !== "ok") return { kind: result.kind, reason: `the model did not answer: ${result.error.code}` };
  const { status, body } = result.value;
  const reply = body.json();
  if (status === 200) return readCompletion(reply);
  const reason = `the model answered ${status}${errorText(reply)}`;
  return status === 400 || status === 413 || status === 422 ? { kind: "refused", reason } : { kind: "fail", reason };
}

/** A reply without a usable choice counts as none: the provider was paid, but nothing can be said about the answer. */
function readCompletion(reply: unknown): Answer<ModelAnswer> {
  const choices = isJsonObject(reply) ? reply["choices"] : undefined;
  const choice: unknown = isJsonArray(choices) ? choices[0] : undefined;
  const message = isJsonObject(choice) ? choice["message"] : undefined;
  if (!isJsonObject(choice) || !isJsonObject(message)) {
    return { kind: "fail", reason: `the model answered without a message${errorText(reply)}` };
  }
  const { content, refusal } = message;
  return {
    kind: "ok",
    value: {
      content: typeof content === "string" ? content : "",
      finish: typeof choice["finish_reason"] === "string" ? choice["finish_reason"] : "",
      refusal: typeof refusal === "string" && refusal !== "" ? refusal : undefined,
    },
  };
}

function errorText(reply: unknown): string {
  const error: unknown = isJsonObject(reply) ? reply["error"] : undefined;
  const { code, message } = isJsonObject(error) ? error : ({} as JsonObject);
  const words = [code, message].filter((word) => typeof word === "string" || typeof word === "number");
  return words.length === 0 ? "" : `: ${words.join(" ").slice(0, 300)}`;
}

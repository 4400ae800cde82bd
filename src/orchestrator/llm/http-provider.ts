import { Body } from "../../base/body.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { HttpHeaders, HttpResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import { errorOf } from "./error-of.ts";
import {
  trouble,
  type ModelParameters,
  type ModelQuestion,
  type ModelResult,
  type Provider,
  type ProviderRequest,
} from "./model-port.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How one API words a question and an answer. Answers are asked for whole, not as streams. */
export interface Dialect {
  /** Behind the provider's URL, as `/v1/messages`. */
  readonly path: string;
  headers(apiKey: string): HttpHeaders;
  body(question: ModelQuestion, parameters: ModelParameters): JsonObject;
  /** undefined when the reply holds no answer: the provider was paid perhaps, but nothing can be said. */
  read(reply: JsonObject, requestId: string | undefined): ModelResult | undefined;
}

export interface HttpProviderOptions {
  /** Without the path. */
  readonly url: string;
  readonly apiKey: string;
  /** Sends role, key and attempt as `x-stormlane-*` headers. */
  readonly traceHeaders: boolean;
}

/** Asks over the HTTP port. */
export class HttpProvider implements Provider {
  private readonly dialect: Dialect;
  private readonly options: HttpProviderOptions;

  constructor(dialect: Dialect, options: HttpProviderOptions) {
    this.dialect = dialect;
    this.options = options;
  }

  async ask(ports: Ports, { question, parameters, signal }: ProviderRequest): Promise<ModelResult> {
    const { dialect } = this;
    const { url, apiKey } = this.options;
    const result = await ports.http.request({
      name: "model.complete",
      key: keyOf(question),
      method: "POST",
      url: `${url}${dialect.path}`,
      headers: {
        ...dialect.headers(apiKey),
        "content-type": "application/json",
        ...(this.options.traceHeaders ? traceHeaders(question) : {}),
      },
      body: Body.ofJson(dialect.body(question, parameters)),
      timeoutMs: parameters.timeoutMs,
      signal,
    });
    if (result.kind === "ok") return this.read(result.value, ports.clock.nowMs());
    return trouble("transient", `the model did not answer: ${result.error.code}`, result.kind);
  }

  private read(response: HttpResponse, nowMs: number): ModelResult {
    const { status, headers, body } = response;
    const reply = body.json();
    const words = errorWords(reply);
    const inside = isJsonObject(reply) ? reply["error"] : undefined;
    // Some answer 200, and tell of the failure inside.
    if (status === 200 && inside === undefined && isJsonObject(reply)) {
      const requestId = headers["x-request-id"] ?? headers["request-id"];
      const answer = this.dialect.read(reply, requestId);
      if (answer !== undefined) return answer;
    }
    if (status === 200 && inside === undefined) return trouble("transient", "the model answered without a message");
    const told = status === 200 ? statusInside(inside) : status;
    const error = errorOf(told, words);
    const answer = trouble(error, `the model answered ${status}${words === "" ? "" : `: ${words}`}`);
    const waitMs = retryAfterMs(headers, nowMs);
    return waitMs === undefined ? answer : { ...answer, retryAfterMs: waitMs };
  }
}

function keyOf({ role, reference, purpose }: ModelQuestion): string {
  return `${role}/${reference}/${purpose}`;
}

function traceHeaders({ role, reference, purpose, attempt }: ModelQuestion): HttpHeaders {
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

/** The words of all dialects: an object with `message`, and perhaps `code`, `type` or `status`; or a plain text. */
function errorWords(reply: JsonValue | undefined): string {
  const error = isJsonObject(reply) ? reply["error"] : undefined;
  if (typeof error === "string") return error.slice(0, 300);
  if (!isJsonObject(error)) return "";
  const parts = [error["code"], error["type"], error["message"]].filter(
    (part): part is string => typeof part === "string" && part !== "",
  );
  return parts.join(": ").slice(0, 300);
}

function statusInside(error: JsonValue | undefined): number {
  const code = isJsonObject(error) ? error["code"] : undefined;
  return typeof code === "number" ? code : 500;
}

import { assert } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import type { Footprint } from "../../src/base/footprint.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Service, ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import { damageAnswer } from "./answer-fault.ts";
import type { AnswerFault } from "./answer-fault.ts";
import type { ModelChange } from "./changes.ts";
import { parseChatRequest } from "./chat-request.ts";
import type { ChatRequest } from "./chat-request.ts";
import { CHARS_PER_TOKEN, tokensOf } from "./model-script.ts";
import type { Draw, ModelScript, ScriptAnswer, ScriptRequest } from "./model-script.ts";
import { promptDigest } from "./prompt-digest.ts";
import { attemptOf, readMarkers } from "./prompt-markers.ts";
import type { PromptMarkers } from "./prompt-markers.ts";
import { errorResponse } from "./provider-error.ts";
import type { ProviderError } from "./provider-error.ts";
import { serviceFault, serviceFaultNames } from "./service-fault.ts";

export interface ModelProviderOptions {
  readonly script: ModelScript;
  /** What `GET /v1/models` lists. Default: every model exists, none is listed. */
  readonly models?: readonly string[];
  /** The key that requests must bear. Default: any, or none. */
  readonly apiKey?: string;
  /** Prompt and completion together. Default 128,000. */
  readonly contextTokensMax?: number;
  /** Beyond it, the answer is 429 with the seconds until there is room again. Default: no limit. */
  readonly requestsPerMinuteMax?: number;
  /** Requests for one role, key and attempt. Beyond it the run ends: somebody retries without bound. Default 200. */
  readonly requestsPerStepMax?: number;
  /** Requests served at once. Default 64. */
  readonly workersMax?: number;
  /** What the model gets wrong in the answer to this request. Default: only what the request's context asks for. */
  readonly answerFault?: (request: ScriptRequest) => AnswerFault | undefined;
}

/**
 * A model provider that speaks the chat completions API of OpenAI and says what a script says.
 *
 * Role, key and attempt come from the headers `x-stormlane-role`, `-key` and `-attempt`, else from the prompt's markers.
 * An answer takes its time to the first token plus its tokens at the script's rate, and is recorded when it is complete:
 * from then on it is billed, whether or not it arrives.
 *
 * Modelled: `POST /v1/chat/completions` without streaming, `GET /v1/models`, `GET /v1/models/{id}`, keys, the context
 * length, a rate limit. Not modelled, and refused as such: streams, tools, several choices, images.
 */
export class ModelProvider implements Service {
  readonly name = "model";
  readonly workersMax: number;
  readonly faults: readonly string[] = serviceFaultNames;

  private readonly options: ModelProviderOptions;
  private readonly models: ReadonlySet<string> | undefined;
  private readonly contextTokensMax: number;
  private readonly requestsPerStepMax: number;
  private readonly requestsByStep = new Map<string, number>();
  /** When the requests of the last minute arrived, oldest first. Empty without a rate limit. */
  private recentMs: number[] = [];

  constructor(options: ModelProviderOptions) {
    this.options = options;
    this.workersMax = options.workersMax ?? 64;
    this.models = options.models === undefined ? undefined : new Set(options.models);
    this.contextTokensMax = options.contextTokensMax ?? 128_000;
    this.requestsPerStepMax = options.requestsPerStepMax ?? 200;
    assert(this.requestsPerStepMax > 0, "model: requestsPerStepMax is at least 1");
  }

  /** Chat requests so far by `role/key/attempt`: what retries add up to. */
  get requestCounts(): ReadonlyMap<string, number> {
    return this.requestsByStep;
  }

  *serve(request: IncomingRequest, context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    const { method, path } = request;
    const { apiKey } = this.options;
    if (apiKey !== undefined && request.headers["authorization"] !== `Bearer ${apiKey}`) {
      return errorResponse({ kind: "invalidKey" });
    }
    if (method === "POST" && (path === CHAT_PATH || path.startsWith(`${CHAT_PATH}?`))) {
      return yield* this.complete(request, context);
    }
    if (method === "GET" && path === MODELS_PATH) return this.listModels();
    if (method === "GET" && path.startsWith(`${MODELS_PATH}/`)) {
      return this.describeModel(path.slice(MODELS_PATH.length + 1));
    }
    return errorResponse({ kind: "notFound", method, path });
  }

  private *complete(
    incoming: IncomingRequest,
    context: ServiceContext,
  ): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    const parsed = parseChatRequest(incoming.body.json());
    if (parsed.kind === "bad") {
      const { message, param } = parsed;
      return errorResponse({ kind: "badRequest", message, ...(param === undefined ? {} : { param }) });
    }
    if (parsed.kind === "unmodelled") return refuseUnmodelled(context, parsed.what);
    const chat = parsed.request;
    if (chat.stream) return refuseUnmodelled(context, "stream: true");
    if (this.models !== undefined && !this.models.has(chat.model)) {
      return errorResponse({ kind: "modelNotFound", model: chat.model });
    }
    const request = scriptRequestOf(incoming, chat, (purpose, bound) => context.draw(purpose, bound));
    const step = `${request.role}/${request.key}/${request.attempt}`;
    const count = this.count(step, context);
    const refusal = this.refusal(chat, context);
    if (refusal !== undefined) return errorResponse(refusal);
    const answer = this.answer(request, context);
    if (answer.error !== undefined) {
      if (answer.timeToFirstTokenMs !== undefined) yield wait(answer.timeToFirstTokenMs);
      return errorResponse(answer.error);
    }

    const completion = complete(chat, answer);
    const durationMs =
      (answer.timeToFirstTokenMs ?? TIME_TO_FIRST_TOKEN_MS) +
      (completion.completionTokens * 1000) / (answer.tokensPerSecond ?? TOKENS_PER_SECOND);
    yield wait(durationMs);
    const touches: readonly Footprint[] = [{ id: `model:step/${step}`, rw: "w" }];
    yield { kind: "statement", touches, costUs: 0 };
    context.record({
      store: "model",
      type: "completion",
      role: request.role,
      key: request.key,
      promptDigest: request.promptDigest,
      promptTokens: completion.promptTokens,
      completionTokens: completion.completionTokens,
      finish: completion.finish,
    } satisfies ModelChange);
    return completionResponse(completion, {
      id: `${request.promptDigest}${count.toString(16).padStart(4, "0")}`,
      model: chat.model,
      createdSeconds: Math.floor(context.nowMs() / 1000),
    });
  }

  private count(step: string, context: ServiceContext): number {
    const count = (this.requestsByStep.get(step) ?? 0) + 1;
    this.requestsByStep.set(step, count);
    if (count > this.requestsPerStepMax) {
      context.unmodelled({
        method: `more than ${this.requestsPerStepMax} requests for one step`,
        args: { step },
        file: "the system's retries, or requestsPerStepMax in the scenario",
      });
    }
    return count;
  }

  private refusal(chat: ChatRequest, context: ServiceContext): ProviderError | undefined {
    const tokens = tokensOf(chat.prompt.length) + (chat.maxTokens ?? 0);
    if (tokens > this.contextTokensMax) {
      return { kind: "contextLengthExceeded", tokens, tokensMax: this.contextTokensMax };
    }
    const { requestsPerMinuteMax } = this.options;
    if (requestsPerMinuteMax === undefined) return undefined;
    const nowMs = context.nowMs();
    this.recentMs = this.recentMs.filter((atMs) => atMs > nowMs - MINUTE_MS);
    const oldestMs = this.recentMs[0];
    if (oldestMs !== undefined && this.recentMs.length >= requestsPerMinuteMax) {
      return { kind: "rateLimited", retryAfterSeconds: Math.ceil((oldestMs + MINUTE_MS - nowMs) / 1000) };
    }
    this.recentMs.push(nowMs);
    return undefined;
  }

  /** What the script says, and what goes wrong with it. */
  private answer(request: ScriptRequest, context: ServiceContext): ScriptAnswer {
    const scripted = this.options.script(request);
    if (scripted === undefined) {
      const { role, key, attempt, promptDigest: digest } = request;
      context.unmodelled({
        method: "an answer of the model",
        args: { role, key, attempt, promptDigest: digest },
        file: "the scenario's model script",
      });
    }
    const struck = context.fault === undefined ? undefined : serviceFault(context.fault, request.draw);
    if (struck?.kind === "error") return { ...scripted, error: struck.error };
    const fault = struck?.fault ?? this.options.answerFault?.(request);
    return fault === undefined ? scripted : damageAnswer(scripted, fault, request.draw);
  }

  private listModels(): OutgoingResponse {
    return json({ object: "list", data: [...(this.models ?? [])].map(modelObject) });
  }

  private describeModel(model: string): OutgoingResponse {
    if (this.models !== undefined && !this.models.has(model)) return errorResponse({ kind: "modelNotFound", model });
    return json(modelObject(model));
  }
}

const CHAT_PATH = "/v1/chat/completions";
const MODELS_PATH = "/v1/models";
const TIME_TO_FIRST_TOKEN_MS = 400;
const TOKENS_PER_SECOND = 80;
const MINUTE_MS = 60_000;

/** The prompt is searched for markers only where a header does not say. */
function scriptRequestOf(incoming: IncomingRequest, chat: ChatRequest, draw: Draw): ScriptRequest {
  const { headers } = incoming;
  const role = headers["x-stormlane-role"];
  const key = headers["x-stormlane-key"];
  const attempt = headers["x-stormlane-attempt"];
  const markers: PromptMarkers =
    role !== undefined && key !== undefined && attempt !== undefined
      ? { role, key, attempt: attemptOf(attempt) }
      : readMarkers(chat.prompt);
  return {
    role: role ?? markers.role,
    key: key ?? markers.key,
    attempt: attempt === undefined ? markers.attempt : attemptOf(attempt),
    promptDigest: promptDigest(chat.prompt),
    prompt: chat.prompt,
    model: chat.model,
    maxTokens: chat.maxTokens,
    jsonMode: chat.jsonMode,
    draw,
  };
}

interface Completion {
  /** null when the model declined. */
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finish: "stop" | "length" | "content_filter";
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** Cuts the content to what the request allows, and counts it. */
function complete(chat: ChatRequest, answer: ScriptAnswer): Completion {
  const charsMax = chat.maxTokens === undefined ? Infinity : chat.maxTokens * CHARS_PER_TOKEN;
  const cut = answer.content.length > charsMax;
  const content = cut ? answer.content.slice(0, charsMax) : answer.content;
  const refusal = answer.refusal ?? null;
  return {
    content: refusal === null ? content : null,
    refusal,
    finish: cut ? "length" : (answer.finish ?? "stop"),
    promptTokens: answer.usage?.promptTokens ?? tokensOf(chat.prompt.length),
    completionTokens: answer.usage?.completionTokens ?? tokensOf((refusal ?? content).length),
  };
}

function completionResponse(
  completion: Completion,
  identity: { readonly id: string; readonly model: string; readonly createdSeconds: number },
): OutgoingResponse {
  const { content, refusal, finish, promptTokens, completionTokens } = completion;
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": `req_${identity.id}` },
    body: Body.ofJson({
      id: `chatcmpl-${identity.id}`,
      object: "chat.completion",
      created: identity.createdSeconds,
      model: identity.model,
      choices: [{ index: 0, message: { role: "assistant", content, refusal }, finish_reason: finish, logprobs: null }],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
        total_tokens: promptTokens + completionTokens,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    }),
  };
}

function modelObject(id: string): { id: string; object: "model"; created: number; owned_by: string } {
  return { id, object: "model", created: 0, owned_by: "stormlane" };
}

function json(value: Parameters<typeof Body.ofJson>[0]): OutgoingResponse {
  return { status: 200, headers: { "content-type": "application/json" }, body: Body.ofJson(value) };
}

function wait(durationMs: number): ServiceStep {
  return { kind: "wait", durationUs: Math.round(durationMs * 1000) };
}

function refuseUnmodelled(context: ServiceContext, what: string): never {
  return context.unmodelled({
    method: `POST ${CHAT_PATH}`,
    args: { unmodelled: what },
    file: "fakes/llm/model-provider.ts",
  });
}

import { assert } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import { hash32, hex32 } from "../../src/base/digest.ts";
import type { Footprint } from "../../src/base/footprint.ts";
import type { HttpHeaders, IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Service, ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import { deliver } from "./answer-delivery.ts";
import { damageAnswer } from "./answer-fault.ts";
import type { AnswerFault } from "./answer-fault.ts";
import type { ModelChange } from "./changes.ts";
import { completeAnswer } from "./complete-answer.ts";
import type { Completion, ModelRequest } from "./completion.ts";
import type { Dialect, ErrorIdentity, ModelCatalogue } from "./dialect.ts";
import { allDialects } from "./dialects.ts";
import { tokensOf } from "./model-script.ts";
import type { HtmlPage, ModelScript, ScriptAnswer, ScriptRequest } from "./model-script.ts";
import { promptDigest } from "./prompt-digest.ts";
import { attemptOf, readMarkers, readToken } from "./prompt-markers.ts";
import { retryHeaders } from "./provider-error.ts";
import type { ProviderError } from "./provider-error.ts";
import { RateLimit } from "./rate-limit.ts";
import { TOKEN_HEADER, tokenOfKey, tokenOfModel, tokenOfPath } from "./scenario-token.ts";
import { serviceFaultNames, strikeAnswer } from "./service-fault.ts";
import { nameOfStep, StepCounts } from "./step-counts.ts";
import type { LogicalStep } from "./step-counts.ts";

export interface ModelProviderOptions {
  readonly script: ModelScript;
  /** The APIs that it speaks. A request that none of them owns gets the first one's words. Default: all. */
  readonly dialects?: readonly Dialect[];
  /** What lists of models show. Default: every model exists, none is listed. */
  readonly models?: readonly string[];
  /** The key that requests must bear, unless theirs is `stormlane-` and a token. Default: any, or none. */
  readonly apiKey?: string;
  /** Prompt and completion together. Default 128,000. */
  readonly contextTokensMax?: number;
  /** Of one token. Beyond it, the answer is 429 with the seconds until there is room again. Default: no limit. */
  readonly requestsPerMinuteMax?: number;
  /** Requests for one token, role, key and attempt. Beyond it the run ends: somebody retries without bound. Default 200. */
  readonly requestsPerStepMax?: number;
  /** Requests served at once. Default 64. */
  readonly workersMax?: number;
  /** What the model gets wrong in the answer to this request. Default: only what the request's context asks for. */
  readonly answerFault?: (request: ScriptRequest) => AnswerFault | undefined;
}

/**
 * Model providers at one origin: they speak the APIs of their dialects, and say what a script says.
 *
 * Role, key and attempt come from the headers `x-stormlane-role`, `-key` and `-attempt`, else from the prompt's markers;
 * the token from where `scenario-token.ts` says. An answer takes its time to the first token plus its tokens at the
 * script's rate, and is recorded when it is complete: from then on it is billed, whether or not it arrives.
 *
 * This file knows what is the same for all providers: whose request it is, what is refused, what the script says, what
 * goes wrong. What each API models stands at the head of its dialect.
 */
export class ModelProvider implements Service {
  readonly name = "model";
  readonly workersMax: number;
  readonly faults: readonly string[] = serviceFaultNames;

  private readonly options: ModelProviderOptions;
  private readonly dialects: readonly Dialect[];
  private readonly catalogue: ModelCatalogue;
  private readonly contextTokensMax: number;
  private readonly steps: StepCounts;
  private readonly rateLimits = new Map<string, RateLimit>();
  private refusals = 0;

  constructor(options: ModelProviderOptions) {
    this.options = options;
    this.workersMax = options.workersMax ?? 64;
    this.dialects = options.dialects ?? allDialects;
    assert(this.dialects.length > 0, "model: there is at least one dialect");
    this.catalogue = catalogueOf(options.models);
    this.contextTokensMax = options.contextTokensMax ?? 128_000;
    this.steps = new StepCounts(options.requestsPerStepMax ?? 200);
  }

  /** Requests so far by `role/key/attempt`, with `@token` behind where there is one: what retries add up to. */
  get requestCounts(): ReadonlyMap<string, number> {
    return this.steps.requests();
  }

  *serve(incoming: IncomingRequest, context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    const { token: pathToken, rest: path } = tokenOfPath(incoming.path);
    const request = pathToken === undefined ? incoming : { ...incoming, path };
    const dialect = this.dialects.find((each) => each.owns(request)) ?? this.dialects[0]!;
    const key = dialect.credential(request);
    const keyToken = tokenOfKey(key);
    const { apiKey } = this.options;
    if (apiKey !== undefined && key !== apiKey && keyToken === undefined) {
      return this.refuse(dialect, { kind: "invalidKey" });
    }
    const parsed = dialect.parse(request);
    if (parsed === undefined) {
      const notFound: ProviderError = { kind: "notFound", method: request.method, path };
      return dialect.inform(request, this.catalogue) ?? this.refuse(dialect, notFound);
    }
    if (parsed.kind === "bad") return this.refuse(dialect, parsed.error);
    if (parsed.kind === "unmodelled") {
      return context.unmodelled({
        method: `${request.method} ${path}`,
        args: { unmodelled: parsed.what },
        file: `the dialect ${dialect.name} in fakes/llm`,
      });
    }
    const token = request.headers[TOKEN_HEADER] ?? pathToken ?? keyToken;
    return yield* this.converse({ dialect, request, context, ...this.addressOf(parsed.request, token) });
  }

  /** Whose request it is, as far as key, path and model say, and what is left without a token in the model's name. */
  private addressOf(model: ModelRequest, token: string | undefined): Pick<Asked, "model" | "token"> {
    const named = this.options.models?.includes(model.model) === true ? undefined : tokenOfModel(model.model);
    return {
      model: named?.token === undefined ? model : { ...model, model: named.rest },
      token: token ?? named?.token,
    };
  }

  private *converse(asked: Asked): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    const { dialect, model, context } = asked;
    if (!this.catalogue.has(model.model)) {
      return this.refuse(dialect, { kind: "modelNotFound", model: model.model });
    }
    const step = stepOf(asked);
    const stepName = nameOfStep(step);
    const digest = promptDigest(model.prompt);
    const count = this.steps.count(stepName, digest, context);
    const identity = { id: `${hex32(hash32(stepName))}${digest}${count.ofStep.toString(16).padStart(4, "0")}` };

    const limit = this.rateLimitOf(step.token);
    const refusal = this.refusal(model, limit, context);
    const limits = limit === undefined ? undefined : dialect.rateLimitHeaders?.(limit.state(context.nowMs()));
    if (refusal !== undefined) return refuse(dialect, refusal, identity, { limits, request: model });
    const request = scriptRequestOf(asked, step, digest, count.ofPrompt);
    const answer = this.answer(request, context);
    if (answer.error !== undefined) {
      if (answer.timeToFirstTokenMs !== undefined) {
        yield { kind: "wait", durationUs: Math.round(answer.timeToFirstTokenMs * 1000) };
      }
      return refuse(dialect, answer.error, identity, { limits, request: model });
    }

    const completion = completeAnswer(model, answer, { id: identity.id, createdMs: context.nowMs() });
    return yield* deliver({
      dialect,
      request: model,
      completion,
      limits,
      fault: answer.streamFault,
      complete: () => bill(request, stepName, completion, context),
    });
  }

  private rateLimitOf(token: string): RateLimit | undefined {
    const { requestsPerMinuteMax } = this.options;
    if (requestsPerMinuteMax === undefined) return undefined;
    let limit = this.rateLimits.get(token);
    if (limit === undefined) this.rateLimits.set(token, (limit = new RateLimit(requestsPerMinuteMax)));
    return limit;
  }

  private refusal(
    model: ModelRequest,
    limit: RateLimit | undefined,
    context: ServiceContext,
  ): ProviderError | undefined {
    const tokens = tokensOf(model.prompt.length) + (model.maxTokens ?? 0);
    if (tokens > this.contextTokensMax) {
      return { kind: "contextLengthExceeded", tokens, tokensMax: this.contextTokensMax };
    }
    const roomInMs = limit?.admit(context.nowMs());
    return roomInMs === undefined ? undefined : { kind: "rateLimited", retryAfterSeconds: Math.ceil(roomInMs / 1000) };
  }

  /** What the script says, and what goes wrong with it. */
  private answer(request: ScriptRequest, context: ServiceContext): ScriptAnswer {
    const scripted = this.options.script(request);
    if (scripted === undefined) return context.unmodelled(unscripted(request));
    if (context.fault !== undefined) return strikeAnswer(scripted, context.fault, request.draw);
    const fault = this.options.answerFault?.(request);
    return fault === undefined ? scripted : damageAnswer(scripted, fault, request.draw);
  }

  /** Before it is known whose request it is: so its id is by arrival. */
  private refuse(dialect: Dialect, error: ProviderError): OutgoingResponse {
    return refuse(dialect, error, { id: `refused${this.refusals++}` });
  }
}

/** A request on its way to the script. */
interface Asked {
  readonly dialect: Dialect;
  readonly request: IncomingRequest;
  readonly context: ServiceContext;
  readonly model: ModelRequest;
  /** undefined where only the prompt may say it. */
  readonly token: string | undefined;
}

function catalogueOf(models: readonly string[] | undefined): ModelCatalogue {
  const known = models === undefined ? undefined : new Set(models);
  return { models: models ?? [], has: (model) => known === undefined || known.has(model) };
}

/** A client that names role, key and attempt in headers has no markers in its prompts: they are not searched. */
function stepOf({ request, model, token }: Asked): LogicalStep {
  const { headers } = request;
  const role = headers["x-stormlane-role"];
  const key = headers["x-stormlane-key"];
  const attempt = headers["x-stormlane-attempt"];
  if (role !== undefined && key !== undefined && attempt !== undefined) {
    return { token: token ?? "", role, key, attempt: attemptOf(attempt) };
  }
  const markers = readMarkers(model.prompt);
  return {
    token: token ?? readToken(model.prompt),
    role: role ?? markers.role,
    key: key ?? markers.key,
    attempt: attempt === undefined ? markers.attempt : attemptOf(attempt),
  };
}

function scriptRequestOf(
  { dialect, model, context }: Asked,
  { token, role, key, attempt }: LogicalStep,
  digest: string,
  callNumber: number,
): ScriptRequest {
  return {
    token,
    role,
    key,
    attempt,
    callNumber,
    promptDigest: digest,
    prompt: model.prompt,
    model: model.model,
    dialect: dialect.name,
    stream: model.stream,
    maxTokens: model.maxTokens,
    format: model.format,
    tools: model.tools,
    toolResults: model.toolResults,
    draw: (purpose, bound) => context.draw(purpose, bound),
  };
}

function* bill(
  request: ScriptRequest,
  step: string,
  { usage, finish }: Completion,
  context: ServiceContext,
): Generator<ServiceStep, void, ServiceResume> {
  const touches: readonly Footprint[] = [{ id: `model:step/${step}`, rw: "w" }];
  yield { kind: "statement", touches, costUs: 0 };
  context.record({
    store: "model",
    type: "completion",
    role: request.role,
    key: request.key,
    promptDigest: request.promptDigest,
    promptTokens: usage.promptTokens,
    completionTokens: usage.completionTokens,
    finish,
  } satisfies ModelChange);
}

function refuse(
  dialect: Dialect,
  error: ProviderError | HtmlPage,
  identity: ErrorIdentity,
  known: { readonly limits?: HttpHeaders | undefined; readonly request?: ModelRequest } = {},
): OutgoingResponse {
  if (error.kind === "htmlPage") return htmlPage(error);
  const response = dialect.refuse(error, identity, known.request);
  return { ...response, headers: { ...response.headers, ...known.limits, ...retryHeaders(error) } };
}

function htmlPage({ status }: HtmlPage): OutgoingResponse {
  const title = status === 200 ? "Welcome" : `${status} Bad Gateway`;
  return {
    status,
    headers: { "content-type": "text/html" },
    body: Body.ofText(`<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`),
  };
}

function unscripted(request: ScriptRequest): Parameters<ServiceContext["unmodelled"]>[0] {
  const { token, role, key, attempt, promptDigest: digest, prompt, dialect, model } = request;
  const end = prompt.indexOf("\n");
  const firstLine = (end === -1 ? prompt : prompt.slice(0, end)).slice(0, 200);
  return {
    method: "an answer of the model",
    args: { token, role, key, attempt, promptDigest: digest, firstLine, dialect, model },
    file: "the scenario's model script",
  };
}

import type { HttpHeaders, IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Completion, ModelRequest } from "./completion.ts";
import type { ProviderError } from "./provider-error.ts";

/**
 * The wire format of one API of one provider: how requests are read and answers are written. Pure, and without a
 * notion of time: `model-provider.ts` decides when each piece leaves and what goes wrong with it.
 */
export interface Dialect {
  /** As in scripts and reports: `openai-chat`, `openai-responses`, `anthropic`, `ollama`, `gemini`, `openrouter`. */
  readonly name: string;
  /** Whether this request belongs to the API: by path, and by headers where paths collide. */
  owns(request: IncomingRequest): boolean;
  /** What the client presents as its key, if anything. */
  credential(request: IncomingRequest): string | undefined;
  /** A request that asks a model; undefined for any other request that the API owns. */
  parse(request: IncomingRequest): ParsedRequest | undefined;
  /** Requests that ask no model: lists of models, counts of tokens, versions. undefined when the path does not exist. */
  inform(request: IncomingRequest, catalogue: ModelCatalogue): OutgoingResponse | undefined;
  /** The whole answer to a request that does not stream. */
  answer(completion: Completion, request: ModelRequest): OutgoingResponse;
  /** Status is 200. */
  streamHeaders(completion: Completion): HttpHeaders;
  /** The answer as events, in the order in which they leave. */
  streamEvents(completion: Completion, request: ModelRequest): readonly StreamEvent[];
  /**
   * A refusal before any token. The engine adds `retry-after` and its kin.
   *
   * @param request absent when it could not be read
   */
  refuse(error: ProviderError, identity: ErrorIdentity, request?: ModelRequest): OutgoingResponse;
  /** The same in the middle of a stream, as text on the wire. */
  refuseInStream(error: ProviderError, identity: ErrorIdentity, begun: BegunStream): string;
  /** Headers of every answer while requests are limited, where the API has them. */
  rateLimitHeaders?(state: RateLimitState): HttpHeaders;
}

/** `unmodelled` is loud: the run ends and names it. */
export type ParsedRequest =
  | { readonly kind: "ok"; readonly request: ModelRequest }
  | { readonly kind: "bad"; readonly error: ProviderError }
  | { readonly kind: "unmodelled"; readonly what: string };

export interface StreamEvent {
  /** As on the wire, with its end: `data: {…}\n\n`. */
  readonly text: string;
  /**
   * `frame`: leaves at once. `delta`: a piece of the answer, which takes the time of its tokens. `terminal`: says that the
   * answer is complete; a stream has exactly one, and `frame`s may follow it.
   */
  readonly kind: "frame" | "delta" | "terminal";
  /** Characters of the answer that a delta carries; 0 for the others. */
  readonly chars: number;
}

export interface ModelCatalogue {
  /** What lists show. */
  readonly models: readonly string[];
  /** Whether requests may name it. */
  has(model: string): boolean;
}

export interface ErrorIdentity {
  /** Unique in a run; each API puts its own prefix in front. */
  readonly id: string;
}

/** What a stream was to become when it failed. */
export interface BegunStream {
  readonly completion: Completion;
  readonly request: ModelRequest;
  /** Events that have left. */
  readonly eventsBefore: number;
}

export interface RateLimitState {
  readonly requestsMax: number;
  readonly requestsRemaining: number;
  /** Until the limit is whole again. */
  readonly resetMs: number;
  /** Since the Unix epoch. */
  readonly nowMs: number;
}

import type { Footprint } from "../base/footprint.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import type { HttpHeaders, HttpRequest, HttpResponse, IncomingRequest, OutgoingResponse } from "./http.ts";
import type { Result } from "./result.ts";

/**
 * The other side of the HTTP port as a pure model: a fake answers a request in steps, and whoever runs it decides
 * what happens between them. The same service runs in a simulation, or behind a socket.
 */
export interface Service {
  /** As it stands in sites and reports: `board`, `model`. */
  readonly name: string;
  /** Requests served at once; further ones wait in order of arrival. */
  readonly workersMax: number;
  /** Failures it can bring about by itself, when a request's context asks for one. */
  readonly faults?: readonly string[];
  /** Runs to each yield, then waits to be resumed: what follows a `statement` happens when it is resumed, at once and alone. */
  serve(request: IncomingRequest, context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume>;
}

export type ServiceStep =
  /** What follows, up to the next yield, is one atomic effect with this footprint. */
  | { readonly kind: "statement"; readonly touches: readonly Footprint[]; readonly costUs: number }
  /** The service itself sends a request and waits for its answer, as a synchronous webhook does. */
  | { readonly kind: "request"; readonly request: HttpRequest }
  /** Time passes: a model thinks. */
  | { readonly kind: "wait"; readonly durationUs: number }
  /**
   * Status and headers leave, and the body follows piece by piece. What the generator returns ends it: its body is
   * the last piece, its status and headers count no more.
   */
  | { readonly kind: "head"; readonly status: number; readonly headers: HttpHeaders }
  /** A piece of the body leaves; only after `head`. */
  | { readonly kind: "chunk"; readonly text: string }
  /** The connection breaks; nothing after it runs. */
  | { readonly kind: "reset" }
  /** Nothing more ever comes, and the connection stays open until the client leaves; nothing after it runs. */
  | { readonly kind: "stall" };

/** The answer to a `request` step; undefined after the other steps. */
export type ServiceResume = Result<HttpResponse> | undefined;

export interface ServiceContext {
  /** A failure of the service itself that strikes this request, by a name of its `faults`. */
  readonly fault: string | undefined;
  /** The service's own clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Reports a change of the service's state at the moment it happens. */
  record(change: Change): void;
  /** A named draw: an integer from 0 to `bound - 1`. */
  draw(purpose: string, bound: number): number;
  /** Ends the run: the call is not modelled. Names the method, its arguments and the file to extend. */
  unmodelled(what: Unmodelled): never;
}

/** A change of the state that a service or the host keeps, as evidence for invariants. */
export interface Change extends JsonObject {
  /** `board`, `model`, `disk`, `git`, `program`. */
  readonly store: string;
  /** What happened, as `card.moved`. */
  readonly type: string;
}

export interface Unmodelled {
  readonly method: string;
  readonly args: JsonValue;
  /** Where to add it, as `fakes/kanboard/methods/tasks.ts`. */
  readonly file: string;
}

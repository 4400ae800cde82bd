import type { Body } from "../base/body.ts";
import type { CallLabel, Ports } from "./ports.ts";
import type { Result } from "./result.ts";

export interface HttpPort {
  /**
   * One request, one answer. Redirects are not followed. Any status is an `ok` result.
   * A failure before the request left is `fail`; later it is `unknown`.
   */
  request(request: HttpRequest): Promise<Result<HttpResponse>>;
  /**
   * Serves until `close`. The handler gets a handle whose task is named by the request's cause.
   * A handler that rejects answers 500 and crashes nothing. `fail` with EADDRINUSE when the port is taken.
   */
  listen(options: ListenOptions, handler: HttpHandler): Promise<Result<HttpServer>>;
}

export interface HttpRequest extends CallLabel {
  readonly method: string;
  /** Absolute, `http:` or `https:`. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers?: HttpHeaders;
  readonly body?: Body;
  /** Until the whole answer has arrived; then the result is ETIMEDOUT and `unknown`. Required: nothing waits for ever. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type HttpHeaders = Readonly<Record<string, string>>;

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  readonly body: Body;
}

export interface ListenOptions {
  /** 127.0.0.1 unless the caller decides otherwise. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  /** A longer request body is answered 413 and never reaches the handler. */
  readonly bodyBytesMax: number;
}

export type HttpHandler = (request: IncomingRequest, ports: Ports) => Promise<OutgoingResponse>;

export interface IncomingRequest {
  readonly method: string;
  /** With the query, as `/webhook?token=x`. */
  readonly path: string;
  readonly headers: HttpHeaders;
  readonly body: Body;
}

export interface OutgoingResponse {
  readonly status: number;
  readonly headers?: HttpHeaders;
  readonly body?: Body;
}

export interface HttpServer {
  readonly port: number;
  /** Stops listening; requests in progress are answered first. */
  close(): Promise<void>;
}

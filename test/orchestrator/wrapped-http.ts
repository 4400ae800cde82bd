import type { HttpHandler, HttpPort, HttpRequest, HttpResponse } from "../../src/ports/http.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Result } from "../../src/ports/result.ts";

export interface HttpHooks {
  /** What a request leads to; the world's own answer unless given. */
  readonly request?: (
    request: HttpRequest,
    send: (request: HttpRequest) => Promise<Result<HttpResponse>>,
    ports: Ports,
  ) => Promise<Result<HttpResponse>>;
  /** What serves instead of the handler that is given. */
  readonly handler?: (handler: HttpHandler) => HttpHandler;
}

/** Ports whose HTTP goes through hooks, also in all tasks that are forked from them. */
export function wrapHttp(ports: Ports, hooks: HttpHooks): Ports {
  const send = (request: HttpRequest): Promise<Result<HttpResponse>> => ports.http.request(request);
  const http: HttpPort = {
    request: (request) => (hooks.request === undefined ? send(request) : hooks.request(request, send, ports)),
    listen: (options, handler) => ports.http.listen(options, hooks.handler?.(handler) ?? handler),
  };
  return Object.create(ports, {
    http: { value: http },
    fork: { value: (name: string) => wrapHttp(ports.fork(name), hooks) },
  }) as Ports;
}

import { Body } from "../../base/body.ts";
import type { HttpServer, IncomingRequest, OutgoingResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Result } from "../../ports/result.ts";
import type { Monitor } from "./monitor.ts";

/** `GET /live`, `GET /ready` and `GET /health`; 200 or 503, with JSON. */
export function serveHealth(
  ports: Ports,
  monitor: Monitor,
  at: { readonly host: string; readonly port: number },
): Promise<Result<HttpServer>> {
  return ports.http.listen({ ...at, bodyBytesMax: 1_000 }, (request) => Promise.resolve(answer(request, monitor)));
}

function answer({ method, path }: IncomingRequest, monitor: Monitor): OutgoingResponse {
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" } };
  switch (path.split("?", 1)[0]) {
    case "/live":
      return json(200, { live: true });
    case "/ready":
      return json(monitor.isReady() ? 200 : 503, { ready: monitor.isReady() });
    case "/health":
      return json(monitor.isReady() ? 200 : 503, monitor.report());
    default:
      return json(404, { paths: ["/live", "/ready", "/health"] });
  }
}

function json(status: number, value: Parameters<typeof Body.ofJson>[0]): OutgoingResponse {
  return {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: Body.ofJson(value),
  };
}

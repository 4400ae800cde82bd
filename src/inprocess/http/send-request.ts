import { Body } from "../../base/body.ts";
import { isJsonObject } from "../../base/json.ts";
import type { HttpHeaders, HttpResponse } from "../../ports/http.ts";
import type { Result } from "../../ports/result.ts";
import type { UserProcess } from "../node/user-process.ts";

export interface OutgoingRequest {
  /** In capitals. */
  readonly method: string;
  readonly url: URL;
  readonly headers: HttpHeaders;
  readonly text: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** One request of unmodified code, whichever client it comes from: an operation on the simulated network. */
export function sendRequest(process: UserProcess, request: OutgoingRequest): Promise<Result<HttpResponse>> {
  const { method, headers, text, timeoutMs, signal } = request;
  const url = loopbackByAddress(request.url);
  if (!isKnown(process, url)) process.unmodelled(`${method} ${url.origin}: no service is there, and what it would say`);
  const body = Body.ofText(text);
  const { name, key } = labelOf(method, url, body);
  return process.task.call(name, key, (ports, label) =>
    ports.http.request({
      ...label,
      method,
      url: `${url.origin}${url.pathname}${url.search}`,
      headers,
      body,
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

/** Node's own clients give up when no answer has come for so long. */
export const patienceMs = 300_000;

/** Names of loopback are one origin: whoever listens at one of them is reached by all. */
function loopbackByAddress(url: URL): URL {
  if (!/^(?:localhost|\[::1?\]|0\.0\.0\.0)$/.test(url.hostname)) return url;
  const own = new URL(url.href);
  own.hostname = "127.0.0.1";
  return own;
}

/** A port of this host may be closed; a name in the network that nobody has modelled is no answer. */
function isKnown({ world }: UserProcess, { origin, hostname }: URL): boolean {
  const { network } = world;
  return (
    hostname === "127.0.0.1" || network.serviceAt(origin) !== undefined || network.listenerAt(origin) !== undefined
  );
}

/** A JSON-RPC call is named by its method, any other request by its path. Queries hold ids and secrets. */
function labelOf(method: string, url: URL, body: Body): { readonly name: string; readonly key: string } {
  const key = `${url.host}${url.pathname}`;
  const call = method === "POST" ? body.json() : undefined;
  if (isJsonObject(call) && typeof call["method"] === "string" && call["jsonrpc"] !== undefined) {
    return { name: `rpc.${call["method"]}`, key };
  }
  return { name: `http.${method}`, key };
}

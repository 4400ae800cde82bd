import { Body } from "../../base/body.ts";
import { isJsonObject } from "../../base/json.ts";
import type { HttpHeaders, HttpResponse } from "../../ports/http.ts";
import type { Result } from "../../ports/result.ts";
import type { UserProcess } from "../node/user-process.ts";
import type { Address } from "./address.ts";

export interface OutgoingRequest {
  /** In capitals. */
  readonly method: string;
  readonly address: Address;
  readonly headers: HttpHeaders;
  readonly text: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** One request of unmodified code, whichever client it comes from: an operation on the simulated network. */
export function sendRequest(process: UserProcess, request: OutgoingRequest): Promise<Result<HttpResponse>> {
  const { method, address, headers, text, timeoutMs, signal } = request;
  const { origin, target: url, label } = address;
  if (!isKnown(process, address)) process.unmodelled(`${method} ${origin}: no service is there, and what it would say`);
  const body = Body.ofText(text);
  return process.task.call(nameOf(method, body), label, (ports, { name, key }) =>
    ports.http.request(
      signal === undefined
        ? { name, key, method, url, headers, body, timeoutMs }
        : { name, key, method, url, headers, body, timeoutMs, signal },
    ),
  );
}

/** Node's own clients give up when no answer has come for so long. */
export const patienceMs = 300_000;

/** A port of this host may be closed; a name in the network that nobody has modelled is no answer. */
function isKnown({ world }: UserProcess, { origin, hostname }: Address): boolean {
  const { network } = world;
  return (
    hostname === "127.0.0.1" || network.serviceAt(origin) !== undefined || network.listenerAt(origin) !== undefined
  );
}

/** A JSON-RPC call is named by its method. */
function nameOf(method: string, body: Body): string {
  const call = method === "POST" ? body.json() : undefined;
  const isRpc = isJsonObject(call) && typeof call["method"] === "string" && call["jsonrpc"] !== undefined;
  return isRpc ? `rpc.${call["method"] as string}` : `http.${method}`;
}

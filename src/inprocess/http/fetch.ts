import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { HttpResponse } from "../../ports/http.ts";
import type { PortError } from "../../ports/result.ts";
import type { UserProcess } from "../node/user-process.ts";
import { addressOf, type Address } from "./address.ts";
import { SimulatedResponse } from "./response.ts";
import { patienceMs, sendRequest } from "./send-request.ts";

/** `fetch` on the simulated network, with the standard's own classes around it. */
export function simulatedFetch(process: UserProcess): typeof fetch {
  return async (input, init) => {
    let request = await read(process, input, init);
    for (let redirects = 0; ; redirects++) {
      const response = await once(process, request);
      const next = redirected(request, response);
      if (next === undefined) {
        return asResponse(new SimulatedResponse(response, request.address.href, redirects > 0));
      }
      if (redirects === redirectsMax) throw failedBy(new Error("redirect count exceeded"));
      request = next;
    }
  };
}

/** Types of a later standard, which a user's packages may bring, name members that Node's own has not. */
function asResponse(response: object): Response {
  return response as Response;
}

interface FetchRequest {
  readonly method: string;
  readonly address: Address;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly signal: AbortSignal | undefined;
  readonly redirect: Request["redirect"];
}

const redirectsMax = 20;

/** The standard's own reading of what was given: bodies of every kind, their types, and what is refused. */
async function read(
  process: UserProcess,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<FetchRequest> {
  const plain = plainRequest(process, input, init);
  if (plain !== undefined) return plain;
  const request = outsideSimulatedCode(() => new Request(input, init));
  const text = request.body === null ? "" : await request.text();
  const headers = Object.fromEntries(request.headers);
  const { method, redirect } = request;
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
  return { method, address: addressOf(new URL(request.url)), headers, text, signal, redirect };
}

/** Most requests hold nothing but texts, and the standard's classes cost more than all the rest of a call. */
function plainRequest(
  process: UserProcess,
  input: Parameters<typeof fetch>[0],
  init: RequestInit = {},
): FetchRequest | undefined {
  if (input instanceof Request) return undefined;
  for (const name in init) if (!plainMembers.has(name)) return undefined;
  const { method = "GET", headers = {}, body = null, signal, redirect = "follow" } = init;
  if (body !== null && typeof body !== "string") return undefined;
  if (!plainMethods.has(method)) return undefined;
  if (body !== null && (method === "GET" || method === "HEAD")) return undefined;
  const address = process.addresses.read(String(input));
  if (address === undefined || !isHttp(address)) return undefined;
  const own: Record<string, string> = { accept: "*/*", "user-agent": "node" };
  if (Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<readonly [string, unknown]>)
      own[name.toLowerCase()] = String(value);
  } else {
    for (const name of Object.keys(headers)) own[name.toLowerCase()] = String(headers[name]);
  }
  if (body !== null) own["content-type"] ??= "text/plain;charset=UTF-8";
  return { method, address, headers: own, text: body ?? "", signal: signal ?? undefined, redirect };
}

const plainMembers: ReadonlySet<string> = new Set(["method", "headers", "body", "signal", "redirect"]);
const plainMethods: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]);

function isHttp({ protocol }: Address): boolean {
  return protocol === "http:" || protocol === "https:";
}

async function once(process: UserProcess, request: FetchRequest): Promise<HttpResponse> {
  const { method, address, headers, text, signal } = request;
  if (!isHttp(address)) process.unmodelled(`fetch of a ${address.protocol} URL`);
  signal?.throwIfAborted();
  const result = await sendRequest(process, { method, address, headers, text, timeoutMs: patienceMs, signal });
  if (result.kind === "ok") return result.value;
  if (result.error.code === "ABORTED") throw signal!.reason;
  throw failed(result.error);
}

/** @returns the request that follows, or undefined when the answer is the last one */
function redirected(request: FetchRequest, { status, headers }: HttpResponse): FetchRequest | undefined {
  const { location } = headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  if (request.redirect === "manual") return undefined;
  if (request.redirect === "error") throw failedBy(new Error("unexpected redirect"));
  const address = addressOf(new URL(location, request.address.href));
  const keeps = status > 303 || (status !== 303 && request.method !== "POST");
  return keeps ? { ...request, address } : { ...request, address, method: "GET", text: "" };
}

/** As Node's own fetch fails: it says nothing, and its cause says what happened. */
function failed({ code, message }: PortError): TypeError {
  const known = causes[code];
  return failedBy(Object.assign(new Error(known?.message ?? message), { code: known?.code ?? code }));
}

function failedBy(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}

const causes: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  ECONNREFUSED: { code: "ECONNREFUSED", message: "connect ECONNREFUSED" },
  ECONNRESET: { code: "UND_ERR_SOCKET", message: "other side closed" },
  ETIMEDOUT: { code: "UND_ERR_HEADERS_TIMEOUT", message: "Headers Timeout Error" },
  ENOTFOUND: { code: "ENOTFOUND", message: "getaddrinfo ENOTFOUND" },
};

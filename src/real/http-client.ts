import { assert, AssertionFailure } from "../base/assert.ts";
import { Body } from "../base/body.ts";
import type { HttpHeaders, HttpRequest, HttpResponse } from "../ports/http.ts";
import type { NetworkErrorCode, PortError, Result } from "../ports/result.ts";

/**
 * Sends one request through the `fetch` of Node, which keeps connections open for later requests and gives up by itself
 * when the headers or a piece of the body take longer than five minutes.
 *
 * @param answerBytesMax a longer answer is cut off and `unknown`
 */
export async function sendRequest(request: HttpRequest, answerBytesMax: number): Promise<Result<HttpResponse>> {
  const { signal, timeoutMs } = request;
  if (signal?.aborted === true) return { kind: "fail", error: failures.abortedBefore };
  const stopping = new AbortController();
  let stopped: PortError | undefined;
  const stop = (reason: PortError): void => {
    stopped ??= reason;
    stopping.abort();
  };
  const onAbort = (): void => stop(failures.aborted);
  const timer = setTimeout(() => stop(failures.timedOut), Math.min(timeoutMs, timerMsMax));
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const response = await fetch(fetchRequest(request, stopping.signal));
    const body = await readBody(response, answerBytesMax);
    if (body !== undefined) {
      return { kind: "ok", value: { status: response.status, headers: headersOf(response), body } };
    }
    stop(failures.tooLong);
    return { kind: "unknown", error: failures.tooLong };
  } catch (error) {
    if (error instanceof AssertionFailure) throw error;
    return stopped === undefined ? failureOf(error) : { kind: "unknown", error: stopped };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Node fires a longer timer at once. */
const timerMsMax = 2 ** 31 - 1;

function fetchRequest(request: HttpRequest, signal: AbortSignal): Request {
  const { method, url, headers = {} } = request;
  const label = request.name ?? method;
  assert(/^https?:\/\//.test(url), `${label}: not an absolute http or https URL`);
  assert(!framedByFetch.some((name) => Object.hasOwn(headers, name)), `${label}: the port frames the body by itself`);
  const text = request.body?.text() ?? "";
  try {
    return new Request(url, {
      method,
      signal,
      redirect: "manual",
      // Compressed answers would arrive with headers that no longer describe them.
      headers: { "accept-encoding": "identity", ...headers },
      // Bytes, because for a string `fetch` would add a content type.
      ...(text === "" ? {} : { body: new TextEncoder().encode(text) }),
    });
  } catch {
    // The engine's words may quote a header, and so a secret.
    throw new AssertionFailure(`${label}: its method, URL, headers or body cannot be sent over HTTP`);
  }
}

const framedByFetch: readonly string[] = ["content-length", "transfer-encoding"];

/** @returns undefined when it is longer than the limit */
async function readBody(response: Response, bytesMax: number): Promise<Body | undefined> {
  if (response.body === null) return Body.empty;
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Body.ofText(new TextDecoder().decode(Buffer.concat(chunks)));
}

function headersOf(response: Response): HttpHeaders {
  return Object.fromEntries(response.headers);
}

/** `fail` only when the request cannot have left: the connection was never made. */
function failureOf(error: unknown): Result<never> {
  const cause = causeOf(error);
  if (cause.message === "bad port") return { kind: "fail", error: failures.portNotAllowed };
  if (untrusted.test(cause.code)) return { kind: "fail", error: failures.untrusted };
  const code = networkCodes[cause.code] ?? "ECONNRESET";
  return { kind: cause.connecting ? "fail" : "unknown", error: { code, message: networkMessages[code] } };
}

interface Cause {
  readonly code: string;
  readonly message: string;
  /** The failure is one of finding or reaching the host. */
  readonly connecting: boolean;
}

/** `fetch` rejects with a TypeError around the failure; one of several addresses tried is an AggregateError. */
function causeOf(error: unknown): Cause {
  const outer = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const first: unknown = outer instanceof AggregateError ? outer.errors[0] : outer;
  const { code, syscall, message } = first as { code?: unknown; syscall?: unknown; message?: unknown };
  return {
    code: String(code),
    message: String(message),
    connecting: connectingSyscalls.has(syscall) || code === "UND_ERR_CONNECT_TIMEOUT",
  };
}

const connectingSyscalls: ReadonlySet<unknown> = new Set(["connect", "getaddrinfo"]);

/** How OpenSSL names what is wrong with a certificate. It is checked before the request is sent. */
const untrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/;

const networkCodes: Readonly<Record<string, NetworkErrorCode>> = {
  ECONNREFUSED: "ECONNREFUSED",
  ETIMEDOUT: "ETIMEDOUT",
  UND_ERR_CONNECT_TIMEOUT: "ETIMEDOUT",
  UND_ERR_HEADERS_TIMEOUT: "ETIMEDOUT",
  UND_ERR_BODY_TIMEOUT: "ETIMEDOUT",
  ENOTFOUND: "ENOTFOUND",
  EAI_AGAIN: "ENOTFOUND",
  EHOSTUNREACH: "EHOSTUNREACH",
  ENETUNREACH: "EHOSTUNREACH",
  EADDRNOTAVAIL: "EHOSTUNREACH",
};

const networkMessages: Readonly<Record<NetworkErrorCode, string>> = {
  ECONNREFUSED: "nobody listens there",
  ECONNRESET: "the connection broke before the answer was complete",
  ETIMEDOUT: "the host took too long",
  EHOSTUNREACH: "the host cannot be reached",
  ENOTFOUND: "the host has no address",
  EADDRINUSE: "another process listens on this port",
  ABORTED: "the caller aborted the request",
};

const failures = {
  aborted: { code: "ABORTED", message: networkMessages.ABORTED },
  abortedBefore: { code: "ABORTED", message: "the caller aborted the request before it was sent" },
  timedOut: { code: "ETIMEDOUT", message: "no complete answer within the time limit" },
  tooLong: { code: "ECONNRESET", message: "the answer is longer than allowed and was cut off" },
  portNotAllowed: { code: "ECONNREFUSED", message: "fetch sends nothing to a port that belongs to another protocol" },
  untrusted: { code: "EHOSTUNREACH", message: "the host's certificate cannot be trusted" },
} satisfies Record<string, PortError>;

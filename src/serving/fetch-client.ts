import { isUtf8 } from "node:buffer";
import { Body } from "../base/body.ts";
import type { HttpHeaders, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Client } from "./client.ts";

/** A request of the web as the HTTP port shows it. */
export async function incomingOf(request: Request): Promise<IncomingRequest> {
  const { pathname, search } = new URL(request.url);
  const body = Body.ofText(decodeText(new Uint8Array(await request.arrayBuffer())));
  return { method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers), body };
}

/**
 * What is not UTF-8 becomes U+FFFD, and one more stands in front: real servers refuse such a body as no JSON, wherever in
 * it the bad bytes are. A byte order mark is content: whoever parses it decides.
 */
export function decodeText(bytes: Uint8Array): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text.includes("\ufffd") && !isUtf8(bytes) ? `\ufffd${text}` : text;
}

/** One who waits for a `Response`. What breaks rejects as `fetch` rejects, with a `cause` that has a code. */
export class FetchClient implements Client {
  private readonly signal: AbortSignal;
  private readonly responded = Promise.withResolvers<Response>();
  private body: ReadableStreamDefaultController<Uint8Array> | undefined;
  private over = false;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  exchange(begin: (client: Client) => { clientLeft(): void }): Promise<Response> {
    if (this.signal.aborted) return Promise.reject(this.signal.reason as Error);
    const exchange = begin(this);
    this.leave = () => exchange.clientLeft();
    this.signal.addEventListener("abort", this.onAbort, { once: true });
    return this.responded.promise;
  }

  answer({ status, headers = {}, body }: OutgoingResponse): void {
    if (this.over) return;
    this.finish();
    const text = body?.text() ?? "";
    // Bytes, because for a string `Response` would add a content type.
    const bytes = text === "" || bodiless.has(status) ? null : new TextEncoder().encode(text);
    this.responded.resolve(new Response(bytes, { status, headers }));
  }

  head(status: number, headers: HttpHeaders): void {
    if (this.over) return;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.body = controller;
      },
      cancel: () => {
        this.finish();
        this.leave();
      },
    });
    this.responded.resolve(new Response(body, { status, headers }));
  }

  chunk(text: string): void {
    if (!this.over) this.body?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    if (this.over) return;
    this.finish();
    this.body?.close();
  }

  reset(): void {
    this.break(failed("ECONNRESET", "the connection broke before the answer was complete"));
  }

  private leave = (): void => {};

  private readonly onAbort = (): void => {
    const { over } = this;
    this.break(this.signal.reason);
    if (!over) this.leave();
  };

  private break(reason: unknown): void {
    if (this.over) return;
    this.finish();
    if (this.body === undefined) this.responded.reject(reason);
    else this.body.error(reason);
  }

  private finish(): void {
    this.over = true;
    this.signal.removeEventListener("abort", this.onAbort);
  }
}

/** Statuses whose answers have no body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

function failed(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}

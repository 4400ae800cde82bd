import { IncomingMessage } from "node:http";
import { Writable } from "node:stream";
import type { HttpResponse } from "../../ports/http.ts";
import type { Timer } from "../node/timers.ts";
import type { UserProcess } from "../node/user-process.ts";
import { addressOf } from "./address.ts";
import { connection } from "./connection.ts";
import { patienceMs, sendRequest } from "./send-request.ts";

/** What `http.request` takes, as far as it means something here. */
export interface ClientOptions {
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, unknown>> | readonly string[];
  readonly auth?: string;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** `http.ClientRequest` on the simulated network: the request leaves when it ends, the answer comes in one piece. */
export class SimulatedClientRequest extends Writable {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly host: string;
  aborted = false;
  reusedSocket = false;

  private readonly process: UserProcess;
  private readonly url: URL;
  private readonly fields = new Map<string, { readonly name: string; readonly value: string }>();
  private readonly chunks: Buffer[] = [];
  private readonly abortion = new AbortController();
  private readonly setTimer: (callback: () => void, ms: number) => Timer;
  private timer: Timer | undefined;

  constructor(
    process: UserProcess,
    url: URL,
    options: ClientOptions,
    setTimer: (callback: () => void, ms: number) => Timer,
  ) {
    // It is not over when all of it has been written.
    super({ autoDestroy: false });
    this.process = process;
    this.url = url;
    this.setTimer = setTimer;
    this.method = (options.method ?? "GET").toUpperCase();
    this.path = url.pathname + url.search;
    this.protocol = url.protocol;
    this.host = url.hostname;
    for (const [name, value] of headerPairs(options.headers)) this.setHeader(name, value);
    if (options.auth !== undefined) {
      this.setHeader("authorization", `Basic ${Buffer.from(options.auth).toString("base64")}`);
    }
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    options.signal?.addEventListener("abort", () => this.destroy(abortError()), { once: true });
    if (options.signal?.aborted === true) this.destroy(abortError());
  }

  setHeader(name: string, value: unknown): this {
    const text = Array.isArray(value) ? value.join(", ") : String(value);
    this.fields.set(name.toLowerCase(), { name, value: text });
    return this;
  }

  getHeader(name: string): string | undefined {
    return this.fields.get(name.toLowerCase())?.value;
  }

  getHeaders(): Record<string, string> {
    return Object.fromEntries(Array.from(this.fields, ([name, { value }]) => [name, value]));
  }

  getHeaderNames(): string[] {
    return [...this.fields.keys()];
  }

  getRawHeaderNames(): string[] {
    return Array.from(this.fields.values(), ({ name }) => name);
  }

  hasHeader(name: string): boolean {
    return this.fields.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.fields.delete(name.toLowerCase());
  }

  /** Says so by an event, and ends nothing by itself. */
  setTimeout(ms: number, listener?: () => void): this {
    if (listener !== undefined) this.once("timeout", listener);
    this.timer?.close();
    this.timer = ms === 0 ? undefined : this.setTimer(() => this.emit("timeout"), ms);
    return this;
  }

  abort(): void {
    this.aborted = true;
    this.emit("abort");
    this.destroy(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  }

  flushHeaders(): void {}

  setNoDelay(): this {
    return this;
  }

  setSocketKeepAlive(): this {
    return this;
  }

  override _write(chunk: Buffer | string, encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
    done();
  }

  override _final(done: () => void): void {
    void this.send();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.timer?.close();
    this.abortion.abort();
    done(error);
  }

  private async send(): Promise<void> {
    const text = Buffer.concat(this.chunks).toString();
    const { process, method, url } = this;
    const headers = { host: url.host, ...this.getHeaders() };
    const { signal } = this.abortion;
    const address = addressOf(url);
    const result = await sendRequest(process, { method, address, headers, text, timeoutMs: patienceMs, signal });
    this.timer?.close();
    if (this.destroyed) return;
    if (result.kind === "ok") {
      const response = this.responseOf(result.value);
      response.once("close", () => this.destroy());
      process.runCallback(() => {
        // An answer that nobody listens for is not kept.
        if (!this.emit("response", response)) response.resume();
      });
      return;
    }
    const { code } = result.error;
    const message = code === "ECONNRESET" ? "socket hang up" : `connect ${code}`;
    this.destroy(Object.assign(new Error(message), { code, syscall: "connect" }));
  }

  private responseOf({ status, headers, body }: HttpResponse): IncomingMessage {
    const response = new IncomingMessage(connection());
    response.statusCode = status;
    response.httpVersion = "1.1";
    Object.assign(response, { req: this });
    for (const [name, value] of Object.entries(headers)) {
      response.headers[name] = name === "set-cookie" ? ([value] as never) : (value as never);
      response.rawHeaders.push(name, value);
    }
    const content = body.text();
    if (content !== "") response.push(content);
    response.push(null);
    response.complete = true;
    return response;
  }
}

function headerPairs(headers: ClientOptions["headers"]): [string, unknown][] {
  if (headers === undefined) return [];
  if (!Array.isArray(headers)) return Object.entries(headers).filter(([, value]) => value !== undefined);
  return headers.flatMap((name, index) => (index % 2 === 0 ? [[String(name), headers[index + 1]]] : []));
}

function abortError(): Error {
  const error = new Error("The operation was aborted");
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

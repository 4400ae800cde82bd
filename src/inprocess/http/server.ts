import { EventEmitter } from "node:events";
import { IncomingMessage, ServerResponse } from "node:http";
import { Body } from "../../base/body.ts";
import type { HttpServer, IncomingRequest, OutgoingResponse } from "../../ports/http.ts";
import { currentTask, type UserProcess } from "../node/user-process.ts";
import { connection } from "./connection.ts";

type RequestListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** `http.Server` of a simulated process: each request is a task of its own, named by what caused it. */
export class SimulatedServer extends EventEmitter {
  listening = false;
  timeout = 0;
  keepAliveTimeout = 5_000;
  headersTimeout = 60_000;
  requestTimeout = 300_000;

  private readonly process: UserProcess;
  private opened: HttpServer | undefined;
  private host = "127.0.0.1";

  constructor(process: UserProcess, listener: RequestListener | undefined) {
    super();
    this.process = process;
    if (listener !== undefined) this.on("request", listener);
  }

  /** `(port?, host?, backlog?, callback?)` or `(options, callback?)`. */
  listen(...args: unknown[]): this {
    const callback = args.find((each) => typeof each === "function");
    if (callback !== undefined) this.once("listening", callback as () => void);
    const [first, second] = args;
    const options = typeof first === "object" && first !== null ? (first as ListenOptions) : {};
    if (typeof first === "string" && !/^\d+$/.test(first)) this.process.refuse("listening on a path", "a port");
    const port = Number(options.port ?? (typeof first === "function" ? 0 : first) ?? 0);
    this.host = options.host ?? (typeof second === "string" ? second : "127.0.0.1");
    void this.open(port);
    return this;
  }

  address(): { address: string; family: string; port: number } | null {
    return this.opened === undefined ? null : { address: this.host, family: "IPv4", port: this.opened.port };
  }

  close(callback?: (error?: Error) => void): this {
    const { opened } = this;
    if (callback !== undefined) this.once("close", callback);
    if (opened === undefined) return this;
    this.opened = undefined;
    this.listening = false;
    void opened.close().then(() => this.process.runCallback(() => this.emit("close")));
    return this;
  }

  closeAllConnections(): void {}

  closeIdleConnections(): void {}

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.close(() => resolve()));
  }

  private async open(port: number): Promise<void> {
    const { process } = this;
    const result = await process.task.ports.http.listen(
      { host: isLoopback(this.host) ? "127.0.0.1" : this.host, port, bodyBytesMax: Number.MAX_SAFE_INTEGER },
      (request, ports) => currentTask.run(process.taskOf(ports), () => this.handle(request)),
    );
    if (result.kind !== "ok") {
      const { code, message } = result.error;
      const error = Object.assign(new Error(`listen ${code}: ${message}`), { code, syscall: "listen", port });
      process.runCallback(() => this.emit("error", error));
      return;
    }
    this.opened = result.value;
    this.listening = true;
    process.runCallback(() => this.emit("listening"));
  }

  private handle(incoming: IncomingRequest): Promise<OutgoingResponse> {
    return new Promise((resolve) => {
      const request = requestOf(incoming);
      const response = new SimulatedServerResponse(request, resolve);
      this.process.runCallback(() => {
        if (!this.emit("request", request, response)) response.destroy();
      });
    });
  }
}

interface ListenOptions {
  readonly port?: number | string;
  readonly host?: string;
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|::1?|0\.0\.0\.0|127\.0\.0\.1)$/.test(host);
}

function requestOf({ method, path, headers, body }: IncomingRequest): IncomingMessage {
  const request = new IncomingMessage(connection());
  request.method = method;
  request.url = path;
  request.httpVersion = "1.1";
  Object.assign(request, { httpVersionMajor: 1, httpVersionMinor: 1 });
  for (const [name, value] of Object.entries({ host: "127.0.0.1", ...headers })) {
    request.headers[name] = value as never;
    request.rawHeaders.push(name, value);
  }
  const text = body.text();
  if (text !== "") {
    request.headers["content-length"] ??= String(Buffer.byteLength(text));
    request.push(text);
  }
  request.push(null);
  request.complete = true;
  return request;
}

/** The real class for what handlers and frameworks do to it; what it would write to a socket is kept as an answer. */
class SimulatedServerResponse extends ServerResponse {
  private readonly answer: (response: OutgoingResponse) => void;
  private readonly chunks: Buffer[] = [];

  constructor(request: IncomingMessage, answer: (response: OutgoingResponse) => void) {
    super(request);
    // The header would show when it is on the wire: by this machine's clock.
    this.sendDate = false;
    this.answer = answer;
  }

  /** Keeps all fields as headers, which the real one does not always do. */
  override writeHead(statusCode: number, ...rest: unknown[]): this {
    const reason = typeof rest[0] === "string" ? rest[0] : undefined;
    const fields = (reason === undefined ? rest[0] : rest[1]) ?? {};
    const pairs: [string, string][] = Array.isArray(fields)
      ? fields.flatMap((each: unknown, index) =>
          Array.isArray(each)
            ? [[String(each[0]), String(each[1])] as [string, string]]
            : index % 2 === 0
              ? [[String(each), String(fields[index + 1])] as [string, string]]
              : [],
        )
      : Object.entries(fields);
    for (const [name, value] of pairs) this.setHeader(name, value);
    return super.writeHead(statusCode, reason ?? "");
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    if (!this.headersSent) this.writeHead(this.statusCode);
    this.keep(chunk, rest[0]);
    laterCalled(rest.at(-1));
    return true;
  }

  override end(...args: unknown[]): this {
    if (this.finished) return this;
    const [chunk, encoding] = args;
    if (!this.headersSent) this.writeHead(this.statusCode);
    if (chunk !== undefined && chunk !== null && typeof chunk !== "function") this.keep(chunk, encoding);
    this.finished = true;
    laterCalled(args.at(-1));
    this.answer({
      status: this.statusCode,
      headers: Object.fromEntries(
        Object.entries(this.getHeaders()).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(", ") : String(value),
        ]),
      ),
      body: Body.ofText(Buffer.concat(this.chunks).toString()),
    });
    process.nextTick(() => {
      this.emit("finish");
      this.emit("close");
    });
    return this;
  }

  override flushHeaders(): void {
    if (!this.headersSent) this.writeHead(this.statusCode);
  }

  private keep(chunk: unknown, encoding: unknown): void {
    const bytes =
      typeof chunk === "string"
        ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
        : Buffer.from(chunk as Uint8Array);
    this.chunks.push(bytes);
  }
}

function laterCalled(callback: unknown): void {
  if (typeof callback === "function") process.nextTick(callback);
}

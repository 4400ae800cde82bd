import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Body } from "../base/body.ts";
import type {
  HttpHandler,
  HttpHeaders,
  HttpServer,
  IncomingRequest,
  ListenOptions,
  OutgoingResponse,
} from "../ports/http.ts";
import type { Ports } from "../ports/ports.ts";
import type { PortError, Result } from "../ports/result.ts";

/** How long a client may take before its connection is cut. A slow client costs itself and nobody else. */
export interface ClientLimits {
  readonly headersMsMax: number;
  /** From the end of the headers to the end of the body. */
  readonly bodyMsMax: number;
  /** To take in the whole answer. */
  readonly answerMsMax: number;
  readonly connectionsMax: number;
}

export const defaultClientLimits: ClientLimits = {
  headersMsMax: 10_000,
  bodyMsMax: 30_000,
  answerMsMax: 30_000,
  connectionsMax: 1_000,
};

/** Serves over `node:http`. `fork` makes the handle of a request's task; a rejected handler is logged there. */
export async function listen(
  options: ListenOptions,
  handler: HttpHandler,
  fork: (task: string) => Ports,
  limits: ClientLimits,
): Promise<Result<HttpServer>> {
  const serving = new Serving(options, handler, fork, limits);
  const failure = await serving.start();
  return failure === undefined ? { kind: "ok", value: serving } : { kind: "fail", error: failure };
}

class Serving implements HttpServer {
  /** The one it listens on; 0 before. */
  port = 0;

  private readonly options: ListenOptions;
  private readonly handler: HttpHandler;
  private readonly fork: (task: string) => Ports;
  private readonly limits: ClientLimits;
  private readonly server: Server;
  private readonly inProgress = new Set<Promise<void>>();
  private closed: Promise<void> | undefined;

  constructor(options: ListenOptions, handler: HttpHandler, fork: (task: string) => Ports, limits: ClientLimits) {
    this.options = options;
    this.handler = handler;
    this.fork = fork;
    this.limits = limits;
    this.server = createServer(
      {
        headersTimeout: limits.headersMsMax,
        // Headers and body; the body has a limit of its own, which also holds while the server closes.
        requestTimeout: limits.headersMsMax + limits.bodyMsMax,
        connectionsCheckingInterval: Math.min(1_000, limits.headersMsMax),
      },
      (request, response) => this.take(request, response),
    );
    this.server.maxConnections = limits.connectionsMax;
  }

  /** @returns why it cannot listen */
  async start(): Promise<PortError | undefined> {
    this.server.listen(this.options.port, this.options.host ?? "127.0.0.1");
    try {
      await once(this.server, "listening");
    } catch (error) {
      return listenError(error);
    }
    this.port = (this.server.address() as AddressInfo).port;
    // As too many open files: later connections may do better.
    this.server.on("error", (error) => this.fork("http").log.event("http.server.failed", { error: codeOf(error) }));
    return undefined;
  }

  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    while (this.inProgress.size > 0) await Promise.all(this.inProgress);
    // Who has not even sent its headers is not in progress.
    this.server.closeAllConnections();
    await closed;
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const exchange = this.serve(request, response).finally(() => this.inProgress.delete(exchange));
    this.inProgress.add(exchange);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A connection that breaks shows up as the end of its streams.
    request.on("error", () => {});
    response.on("error", () => {});
    const received = await this.receive(request);
    if (received === undefined) {
      request.destroy();
      return;
    }
    const answer = typeof received === "number" ? { status: received } : await this.handle(received);
    await this.send(response, answer);
  }

  /** @returns the request, a status that refuses it, or undefined when the client left or was too slow */
  private async receive(request: IncomingMessage): Promise<IncomingRequest | number | undefined> {
    const { method, url } = request;
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const timer = setTimeout(() => request.destroy(), this.limits.bodyMsMax);
    request.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      // The rest is read and dropped: cutting the connection here could cut off the 413 as well.
      if (sizeBytes <= this.options.bodyBytesMax) chunks.push(chunk);
      else chunks.length = 0;
    });
    await new Promise((resolve) => request.once("end", resolve).once("close", resolve));
    clearTimeout(timer);
    if (!request.complete) return undefined;
    if (sizeBytes > this.options.bodyBytesMax) return 413;
    // An asterisk or a whole URL, as one asks a proxy.
    if (method === undefined || url === undefined || !url.startsWith("/")) return 400;
    const body = Body.ofText(new TextDecoder().decode(Buffer.concat(chunks)));
    return { method, path: url, headers: headersOf(request), body };
  }

  private async handle(request: IncomingRequest): Promise<OutgoingResponse> {
    // Without the query: it may carry a token, and task names are logged.
    const path = request.path.split("?", 1)[0]!;
    const ports = this.fork(`http.${request.method}(${path})`);
    try {
      return await this.handler(request, ports);
    } catch (error) {
      ports.log.event("http.handler.failed", { error: String(error) });
      return { status: 500 };
    }
  }

  private async send(response: ServerResponse, answer: OutgoingResponse): Promise<void> {
    if (response.destroyed) return;
    const gone = new Promise((resolve) => response.once("close", resolve));
    const timer = setTimeout(() => response.destroy(), this.limits.answerMsMax);
    if (this.closed !== undefined) response.setHeader("connection", "close");
    try {
      writeAnswer(response, answer);
    } catch {
      // A status or a header that HTTP does not allow.
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      writeAnswer(response, { status: 500 });
    }
    await gone;
    clearTimeout(timer);
  }
}

/** Throws before anything is sent when the answer is not valid HTTP. */
function writeAnswer(response: ServerResponse, answer: OutgoingResponse): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    // The length of the body is counted, never believed.
    if (!/^(content-length|transfer-encoding)$/i.test(name)) response.setHeader(name, value);
  }
  response.end(answer.body?.text() ?? "");
}

function headersOf(request: IncomingMessage): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}

function listenError(error: unknown): PortError {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return { code: "EADDRINUSE", message: "another process listens on this port" };
    case "EACCES":
      return { code: "EACCES", message: "this process may not listen on this port" };
    case "EMFILE":
    case "ENFILE":
      return { code: "EMFILE", message: "too many files are open" };
    default:
      return { code: "EINVAL", message: "this machine cannot listen at this address" };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

/** What a client may cost. A slow, silent or half-closed client costs itself and nobody else. */
export interface ListenerLimits {
  readonly bodyBytesMax: number;
  readonly headersMsMax: number;
  /** From the end of the headers to the end of the body. */
  readonly bodyMsMax: number;
  /** To take in what waits for it, once that is more than its connection holds. */
  readonly answerMsMax: number;
  readonly connectionsMax: number;
  /** For requests in progress when the port is closed. */
  readonly closingMsMax: number;
}

export const defaultListenerLimits: ListenerLimits = {
  bodyBytesMax: 10 * 1024 * 1024,
  headersMsMax: 10_000,
  bodyMsMax: 30_000,
  answerMsMax: 30_000,
  connectionsMax: 10_000,
  closingMsMax: 500,
};

export type ServedApp = Hono<{ Bindings: HttpBindings }>;

/** A port of 127.0.0.1. What arrives before `serve` waits for it. */
export class HttpListener {
  readonly port: number;

  private readonly server: Server;
  private readonly app: PromiseWithResolvers<ServedApp>;
  private readonly closingMsMax: number;

  private constructor(server: Server, app: PromiseWithResolvers<ServedApp>, closingMsMax: number) {
    this.server = server;
    this.app = app;
    this.closingMsMax = closingMsMax;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param port 0 = any free one @throws NodeJS.ErrnoException, as EADDRINUSE */
  static async open(port: number, limits: ListenerLimits): Promise<HttpListener> {
    const app = Promise.withResolvers<ServedApp>();
    const server = createAdaptorServer({
      fetch: async (request, env) => (await app.promise).fetch(request, env),
      overrideGlobalObjects: false,
      // The body of a request is read to its end, or its connection is cut.
      autoCleanupIncoming: false,
      serverOptions: {
        headersTimeout: limits.headersMsMax,
        requestTimeout: limits.headersMsMax + limits.bodyMsMax,
        connectionsCheckingInterval: Math.min(1_000, limits.headersMsMax),
        keepAliveTimeout: keepAliveMs,
      },
    }) as Server;
    server.maxConnections = limits.connectionsMax;
    server.listen({ port, host: "127.0.0.1", backlog: backlogMax });
    await once(server, "listening");
    // As too many open files: later connections may do better.
    server.on("error", () => {});
    return new HttpListener(server, app, limits.closingMsMax);
  }

  serve(app: ServedApp): void {
    this.app.resolve(app);
  }

  /** Takes no more connections, lets requests in progress end for a moment, and cuts what is still open. */
  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    const cutting = setTimeout(() => this.server.closeAllConnections(), this.closingMsMax);
    await closed;
    clearTimeout(cutting);
  }
}

/** Longer than clients keep a connection that they do not use: theirs is then never cut just as they use it again. */
const keepAliveMs = 65_000;
const backlogMax = 4_096;

export type ReadBody = { readonly kind: "whole"; readonly bytes: Uint8Array } | { readonly kind: "tooLong" | "cut" };

/** Reads a body to its end. One that is too long is dropped as it comes; one that goes on for ever is cut off. */
export async function readBody(incoming: IncomingMessage, bytesMax: number): Promise<ReadBody> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const ended = new Promise((resolve) => incoming.once("end", resolve).once("close", resolve));
  // A connection that breaks shows up as the end of its streams.
  incoming.on("error", () => {});
  incoming.on("data", (chunk: Uint8Array) => {
    sizeBytes += chunk.length;
    // Cutting the connection here could cut off the 413 as well.
    if (sizeBytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
    if (sizeBytes > dropFactor * bytesMax) incoming.destroy();
  });
  await ended;
  if (!incoming.complete) return { kind: "cut" };
  if (sizeBytes > bytesMax) return { kind: "tooLong" };
  return { kind: "whole", bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) };
}

/** A body that is this many times too long is not read to its end. */
const dropFactor = 8;

/** Calls back once when the client is gone before its answer is complete. */
export function onLeave(outgoing: ServerResponse, left: () => void): void {
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) left();
  });
}

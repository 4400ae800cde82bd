import type { IncomingMessage, ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { Body } from "../base/body.ts";
import type { HttpHeaders, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Client } from "./client.ts";
import { decodeText } from "./fetch-client.ts";
import { onLeave, readBody, type ListenerLimits, type ServedApp } from "./http-listener.ts";

/**
 * Serves a fake on sockets: every path and every verb, each with a body or without. Bodies are read and answers are
 * written at the sockets themselves, since a `Request` has no body with GET, and a `Response` cannot break or stall.
 */
export function serviceApp(served: Answering, limits: ListenerLimits): ServedApp {
  const app: ServedApp = new Hono();
  app.all("*", async (context) => {
    const { incoming, outgoing } = context.env;
    await take(served, incoming, outgoing, limits);
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

/** Who answers requests: a served fake, or who stands before it. */
export interface Answering {
  /** @returns whom to tell when the client leaves before it is answered */
  answer(request: IncomingRequest, client: Client): { clientLeft(): void };
}

async function take(
  served: Answering,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  limits: ListenerLimits,
): Promise<void> {
  outgoing.on("error", () => {});
  const body = await readBody(incoming, limits.bodyBytesMax);
  const client = new SocketClient(outgoing, limits.answerMsMax);
  switch (body.kind) {
    case "cut":
      outgoing.destroy();
      return;
    case "tooLong":
      client.answer({ status: 413, headers: { connection: "close" } });
      return;
    default: {
      const { method = "GET", url = "/" } = incoming;
      // A proxy is asked by whole URLs, and OPTIONS of all by an asterisk.
      const path = url.startsWith("/") ? url : `/${url.replace(/^https?:\/\/[^/]*\/?|^\*/, "")}`;
      const request = { method, path, headers: headersOf(incoming), body: Body.ofText(decodeText(body.bytes)) };
      const exchange = served.answer(request, client);
      onLeave(outgoing, () => exchange.clientLeft());
    }
  }
}

function headersOf(incoming: IncomingMessage): HttpHeaders {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
  }
  return headers;
}

class SocketClient implements Client {
  private readonly outgoing: ServerResponse;
  private readonly answerMsMax: number;
  private isWatched = false;

  constructor(outgoing: ServerResponse, answerMsMax: number) {
    this.outgoing = outgoing;
    this.answerMsMax = answerMsMax;
  }

  answer({ status, headers = {}, body }: OutgoingResponse): void {
    const { outgoing } = this;
    if (outgoing.destroyed) return;
    this.writeHead(status, headers);
    outgoing.end(body?.text() ?? "");
    this.watchReader();
  }

  head(status: number, headers: HttpHeaders, bodyBytes?: number): void {
    if (this.outgoing.destroyed) return;
    this.writeHead(status, headers);
    if (bodyBytes !== undefined) this.outgoing.setHeader("content-length", bodyBytes);
    this.outgoing.flushHeaders();
  }

  chunk(text: string): void {
    const { outgoing } = this;
    if (outgoing.destroyed || text === "") return;
    outgoing.write(text);
    this.watchReader();
  }

  end(): void {
    if (!this.outgoing.destroyed) this.outgoing.end();
  }

  /** Before the headers nothing can be lost; after them, what has left arrives before the connection ends. */
  reset(): void {
    const { outgoing } = this;
    const { socket } = outgoing;
    if (outgoing.headersSent) socket?.destroySoon();
    else socket?.resetAndDestroy();
  }

  private writeHead(status: number, headers: HttpHeaders): void {
    const { outgoing } = this;
    outgoing.statusCode = status;
    for (const [name, value] of Object.entries(headers)) {
      // The length of the body is counted, never believed.
      if (!framing.test(name)) outgoing.setHeader(name, value);
    }
  }

  /** Who does not take in its answer loses its connection after a while. */
  private watchReader(): void {
    const { outgoing, answerMsMax } = this;
    if (this.isWatched || outgoing.writableLength < watchedBytesMin) return;
    this.isWatched = true;
    const timer = setTimeout(() => outgoing.destroy(), answerMsMax);
    const taken = (): void => {
      clearTimeout(timer);
      this.isWatched = false;
      for (const event of takenEvents) outgoing.removeListener(event, taken);
    };
    for (const event of takenEvents) outgoing.on(event, taken);
  }
}

/** Less than this a connection holds by itself. */
const watchedBytesMin = 256 * 1024;
const takenEvents = ["drain", "finish", "close"] as const;
const framing = /^(content-length|transfer-encoding)$/i;

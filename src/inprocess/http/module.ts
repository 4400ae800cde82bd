import http from "node:http";
import type { Timers } from "../node/timers.ts";
import type { UserProcess } from "../node/user-process.ts";
import { SimulatedClientRequest, type ClientOptions } from "./client-request.ts";
import { SimulatedServer } from "./server.ts";

/** `node:http`, and with another scheme `node:https`. */
export function httpModule(process: UserProcess, timers: Timers, scheme: "http:" | "https:"): object {
  const request = (...args: unknown[]): SimulatedClientRequest => {
    const callback = args.findLast((each) => typeof each === "function");
    const [first, second] = args;
    const given = typeof first === "string" || first instanceof URL ? new URL(first) : undefined;
    const options = ((given === undefined ? first : typeof second === "object" ? second : undefined) ??
      {}) as ClientOptions;
    const sent = new SimulatedClientRequest(process, urlOf(given, options, scheme), options, (ring, ms) =>
      timers.setTimeout(ring, ms),
    );
    if (callback !== undefined) sent.once("response", callback as () => void);
    return sent;
  };
  const { Agent, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, ServerResponse, maxHeaderSize } = http;
  const { validateHeaderName, validateHeaderValue } = http;
  const createServer = (...args: unknown[]): SimulatedServer =>
    new SimulatedServer(process, args.findLast((each) => typeof each === "function") as never);
  return {
    request,
    get: (...args: unknown[]) => request(...args).end(),
    createServer,
    Server: SimulatedServer,
    ClientRequest: SimulatedClientRequest,
    Agent: scheme === "http:" ? Agent : SecureAgent,
    globalAgent: {},
    IncomingMessage,
    METHODS,
    OutgoingMessage,
    STATUS_CODES,
    ServerResponse,
    maxHeaderSize,
    validateHeaderName,
    validateHeaderValue,
  };
}

/** Connections are not modelled, and so an agent is only what clients hand around. */
class SecureAgent extends http.Agent {}

function urlOf(given: URL | undefined, options: ClientOptions, scheme: string): URL {
  if (given !== undefined && options.path === undefined) return given;
  const { protocol = given?.protocol ?? scheme, port = given?.port, path = "/" } = options;
  const host = options.hostname ?? options.host?.replace(/:\d+$/, "") ?? given?.hostname ?? "localhost";
  return new URL(path, `${protocol}//${host}${port === undefined || port === "" ? "" : `:${port}`}`);
}

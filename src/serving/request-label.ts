import { isJsonArray, isJsonObject } from "../base/json.ts";
import type { IncomingRequest } from "../ports/http.ts";

/** How a request is named in sites, and what faults match it by. */
export interface RequestLabel {
  /** As `board.getTask`, `board.batch` or `model.POST /v1/messages`. */
  readonly name: string;
  /** The JSON-RPC method, as written; undefined when there is none. */
  readonly procedure: string | undefined;
  /** Without query, and without the prefix that carries a token. */
  readonly path: string;
  readonly process: string;
  readonly task: string;
  readonly key: string;
  readonly token: string;
}

/**
 * Names a request by what the client says of itself: headers `x-stormlane-process`, `-task` and `-key`; else it is
 * the process `client`, the task `main` and the empty key. The token is that of the header `x-stormlane-token`, of the path
 * `/stormlane/<token>/…` or of the key `stormlane-<token>`.
 */
export function labelOf(service: string, request: IncomingRequest): RequestLabel {
  const { headers, method } = request;
  const whole = request.path.split("?", 1)[0]!;
  const [, tokenInPath, rest] = /^\/stormlane\/([^/]+)(\/.*)$/.exec(whole) ?? [];
  const path = rest ?? whole;
  const procedure = service === "board" ? procedureOf(request) : undefined;
  return {
    name: `${service}.${procedure ?? `${method} ${path}`}`,
    procedure,
    path,
    process: headers["x-stormlane-process"] || "client",
    task: headers["x-stormlane-task"] || "main",
    key: headers["x-stormlane-key"] ?? "",
    token: headers["x-stormlane-token"] ?? tokenInPath ?? tokenOfKey(request),
  };
}

function procedureOf({ body }: IncomingRequest): string | undefined {
  const value = body.json();
  if (isJsonArray(value)) return "batch";
  if (!isJsonObject(value)) return undefined;
  const { method } = value;
  // Names of sites stay short, whatever a client sends.
  return typeof method === "string" ? method.slice(0, procedureCharsMax) : undefined;
}

const procedureCharsMax = 100;

function tokenOfKey({ headers }: IncomingRequest): string {
  const key = headers["x-api-key"] ?? headers["x-goog-api-key"] ?? headers["authorization"] ?? "";
  return /^(?:Bearer )?stormlane-(.+)$/.exec(key)?.[1] ?? "";
}

import { isJsonArray, isJsonObject } from "../base/json.ts";
import { TOKEN_HEADER, tokenOfKey, tokenOfModel, tokenOfPath } from "../../fakes/llm/scenario-token.ts";
import type { HttpHeaders, IncomingRequest } from "../ports/http.ts";

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
 * the process `client`, the task `main` and the empty key. Tokens stand where `fakes/llm/scenario-token.ts` says, but
 * for a line of the prompt.
 */
export function labelOf(service: string, request: IncomingRequest): RequestLabel {
  const { headers, method } = request;
  const { token: pathToken, rest } = tokenOfPath(request.path);
  const path = rest.split("?", 1)[0]!;
  const procedure = service === "board" ? procedureOf(request) : undefined;
  return {
    name: `${service}.${procedure ?? `${method} ${path}`}`,
    procedure,
    path,
    process: headers["x-stormlane-process"] || "client",
    task: headers["x-stormlane-task"] || "main",
    key: headers["x-stormlane-key"] ?? "",
    token:
      headers[TOKEN_HEADER] ?? pathToken ?? tokenOfKey(keyOf(headers)) ?? tokenOfModel(modelOf(request)).token ?? "",
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

function keyOf(headers: HttpHeaders): string | undefined {
  return headers["x-api-key"] ?? headers["x-goog-api-key"] ?? headers["authorization"]?.replace(/^Bearer /, "");
}

function modelOf({ body }: IncomingRequest): string {
  const value = body.json();
  const model = isJsonObject(value) ? value["model"] : undefined;
  return typeof model === "string" ? model : "";
}

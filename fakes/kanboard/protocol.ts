import { Body } from "../../src/base/body.ts";
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { OutgoingResponse } from "../../src/ports/http.ts";
import { Failure } from "./failure.ts";
import { listValues } from "./php.ts";
import type { Parameter } from "./procedure.ts";

/** JSON-RPC 2.0 as this server speaks it. */

/** A well-formed request: one element of a batch, or all there is. */
export interface RpcRequest {
  readonly method: string;
  readonly params: JsonArray | JsonObject;
  /** Undefined for a notification: nothing is answered. */
  readonly id: JsonValue | undefined;
}

export type RpcErrorCode = -32700 | -32600 | -32601 | -32602 | 0 | 401 | 403;

/** Whether PHP reads this JSON, too: not nested too deeply, and without halves of surrogate pairs. */
export function isReadable(value: JsonValue, depth = 1): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  if (depth > depthMax) return false;
  if (isJsonArray(value)) return value.every((item) => isReadable(item, depth + 1));
  for (const key in value) if (!isReadable(value[key]!, depth + 1)) return false;
  return true;
}

const depthMax = 511;

/** The elements of a batch; undefined when the body is one request. An object with the keys 0, 1, ... is a batch too. */
export function batchOf(body: JsonArray | JsonObject): readonly JsonValue[] | undefined {
  if (isJsonArray(body)) return body.length > 0 ? body : undefined;
  return "0" in body && isPositional(body) ? (Object.values(body) as JsonArray) : undefined;
}

/** The request, or the error that answers it. */
export function parseRequest(element: JsonValue): RpcRequest | JsonObject {
  if (typeof element !== "object" || element === null) return rpcError(-32700, "Parse error", null);
  if (isJsonArray(element) || !isJsonObject(element)) return invalidRequest;
  const { jsonrpc, method, params, id } = element;
  if (jsonrpc !== "2.0" || typeof method !== "string") return invalidRequest;
  if (params !== undefined && params !== null && typeof params !== "object") return invalidRequest;
  return {
    method,
    params: params ?? noParams,
    id: typeof id === "object" && id !== null ? asArray(id) : (id ?? undefined),
  };
}

/** A JSON value that was a PHP array in between: an object with the keys 0, 1, ... or without any comes back as a list. */
function asArray(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (isJsonArray(value)) return value.map(asArray);
  const entries = Object.entries(value).map(([key, item]) => [key, asArray(item!)] as const);
  return entries.every(([key], index) => key === String(index))
    ? entries.map(([, item]) => item)
    : Object.fromEntries(entries);
}

/** The arguments in order with every fallback filled in, or why they do not fit. */
export function bindArguments(params: JsonArray | JsonObject, parameters: readonly Parameter[]): JsonValue[] | string {
  const count = isJsonArray(params) ? params.length : Object.keys(params).length;
  if (count < parameters.length && count < requiredCount(parameters)) return "Wrong number of arguments";
  if (count > parameters.length) return "Too many arguments";
  if (isPositional(params)) {
    const values = listValues(params)!.slice();
    while (values.length < parameters.length) values.push(parameters[values.length]!.fallback!);
    return values;
  }
  const bound: JsonValue[] = [];
  for (const { name, fallback } of parameters) {
    const given = (params as JsonObject)[name];
    if (given !== undefined) bound.push(given);
    else if (fallback !== undefined) bound.push(fallback);
    else return `Missing argument: ${name}`;
  }
  return bound;
}

export function rpcError(code: RpcErrorCode, message: string, id: JsonValue, data?: string): JsonObject {
  return { jsonrpc: "2.0", error: data === undefined ? { code, message } : { code, message, data }, id };
}

/** A failure that replaces the answer to the whole body. */
export function failureResponse(failure: Failure): OutgoingResponse {
  switch (failure.kind) {
    case "unauthorized":
      return {
        status: 401,
        headers: { "content-type": "application/json", "www-authenticate": 'Basic realm="JsonRPC"' },
        body: Body.ofJson(rpcError(401, "Unauthorized", null)),
      };
    case "forbidden":
      return { status: 403, headers: jsonHeaders, body: Body.ofJson(rpcError(403, "Forbidden", null)) };
    default:
      return { status: 500, headers: { "content-type": "text/html; charset=UTF-8" } };
  }
}

export function jsonResponse(value: JsonValue | undefined, printed: string): OutgoingResponse {
  if (value === undefined)
    return { status: 200, headers: jsonHeaders, body: printed === "" ? Body.empty : Body.ofText(printed) };
  if (printed !== "") return { status: 200, headers: jsonHeaders, body: Body.ofText(printed + JSON.stringify(value)) };
  return { status: 200, headers: jsonHeaders, body: Body.ofJson(value) };
}

export const parseError: JsonObject = rpcError(-32700, "Parse error", null);
const invalidRequest: JsonObject = rpcError(-32600, "Invalid Request", null);
const noParams: readonly JsonValue[] = [];
const jsonHeaders = { "content-type": "application/json" };

function isPositional(params: JsonArray | JsonObject): boolean {
  return (
    isJsonArray(params) ||
    (Object.hasOwn(params, "0") && Object.keys(params).every((key, index) => key === String(index)))
  );
}

function requiredCount(parameters: readonly Parameter[]): number {
  let count = 0;
  for (const parameter of parameters) if (parameter.fallback === undefined) count++;
  return count;
}

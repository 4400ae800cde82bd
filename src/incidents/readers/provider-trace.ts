import { isJsonObject, type JsonObject } from "../../base/json.ts";
import { timeOf } from "../time-text.ts";
import { troubleOf } from "../trouble.ts";
import { firstOf, timeNames } from "./board-events.ts";
import { damaged, found, numberOf, textOf, type LineReader, type ReaderContext, type Reading } from "./reader.ts";

/**
 * Requests to a model and what came back, in the shapes of OpenAI's API: `{time, request: {model, messages}, response: {status?,
 * choices? | error?}, error?, duration_ms?}`. Prompts and answers are not kept.
 */
export const providerTraceReader: LineReader = {
  name: "model requests",
  readObject(line, { redactor }) {
    const { request } = line;
    if (!isJsonObject(request) || typeof bodyOf(request)["model"] !== "string") return undefined;
    const atMs = timeOf(firstOf(line, timeNames) ?? line["created"]);
    if (atMs === undefined) return damaged("a model request without a time");
    const response = isJsonObject(line["response"]) ? line["response"] : undefined;
    const error = line["error"] ?? response?.["error"];
    return found({
      kind: "answer",
      atMs,
      status: statusOf(line, response, error),
      error: errorCode(error),
      retryAfterS: retryAfterOf(response),
      durationMs: numberOf(firstOf(line, ["duration_ms", "durationMs", "latency_ms", "latencyMs"])),
      reference: redactor.reference(textOf(firstOf(line, ["card", "reference"]))),
    });
  },
};

/**
 * A trace file of the core: `{card, purpose, attempt, outcome, reason, prompt, answer, …}`. Its time stands in its path alone, as
 * `20260105/091200123-EPIC_1-design-1.json`.
 */
export function readCoreTrace(trace: JsonObject, { redactor }: ReaderContext, path: string): Reading {
  const [, day, time] = /(\d{8})[/\\](\d{6})\d{3}-[^/\\]*$/.exec(path) ?? [];
  const parts = (digits = ""): string[] => digits.match(/\d\d/g) ?? [];
  const date = `${day?.slice(0, 4)}-${parts(day?.slice(4)).join("-")}T${parts(time).join(":")}Z`;
  const atMs = timeOf(date);
  if (atMs === undefined)
    return damaged("a trace whose path does not tell its time, as DAY/TIME-CARD-PURPOSE-ATTEMPT.json");
  const trouble = troubleOf(`model: ${textOf(trace["reason"])}`);
  return found({
    kind: "answer",
    atMs,
    status: trouble?.status ?? (trace["reason"] === null ? 200 : 0),
    error: trace["reason"] === null ? "" : (trouble?.what ?? "error"),
    retryAfterS: 0,
    durationMs: numberOf(trace["durationMs"]),
    reference: redactor.reference(textOf(trace["card"])),
  });
}

export function isCoreTrace(value: JsonObject): boolean {
  return ["card", "purpose", "attempt", "prompt", "answer"].every((name) => name in value);
}

function bodyOf(request: JsonObject): JsonObject {
  return isJsonObject(request["body"]) ? request["body"] : request;
}

function statusOf(line: JsonObject, response: JsonObject | undefined, error: unknown): number {
  const status = numberOf(response?.["status"] ?? response?.["status_code"] ?? line["status"]);
  if (status !== 0) return status;
  if (isJsonObject(error)) return numberOf(error["status"] ?? error["code"]) || (response === undefined ? 0 : 500);
  return response === undefined ? 0 : 200;
}

function retryAfterOf(response: JsonObject | undefined): number {
  const headers = response?.["headers"];
  return isJsonObject(headers) ? numberOf(headers["retry-after"] ?? headers["Retry-After"]) : 0;
}

/** The code alone: messages quote prompts and keys. */
function errorCode(error: unknown): string {
  const text = isJsonObject(error) ? textOf(error["code"] ?? error["type"]) : textOf(error);
  return /^[A-Za-z_][A-Za-z0-9_]{0,40}$/.test(text) ? text : text === "" ? "" : "error";
}

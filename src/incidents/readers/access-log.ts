import { isJsonObject } from "../../base/json.ts";
import { timeOf } from "../time-text.ts";
import { firstOf, timeNames } from "./board-events.ts";
import { damaged, found, notNeeded, numberOf, textOf, type LineReader, type Reading } from "./reader.ts";

/**
 * Access logs of an HTTP server in front of the board or of the webhook's receiver: the common and the combined log format of
 * Apache and nginx, where a time in seconds may stand at the end; or JSON lines with a method, a path or URI, and a status.
 * Addresses, users, agents and queries are not kept.
 */
export const accessLogReader: LineReader = {
  name: "access log lines",
  readText(line) {
    const parts = commonForm.exec(line);
    if (parts === null)
      return /^\S+ \S+ \S+ \[/.test(line) ? damaged("an access log line that ends too early") : undefined;
    const [, time, method, target, status, rest = ""] = parts;
    const seconds = /\s(\d{1,6}\.\d{1,6})\s*$/.exec(rest)?.[1];
    return request({ time, method, target, status, durationMs: Math.round(Number(seconds ?? 0) * 1_000) });
  },
  readObject(line) {
    const inner = isJsonObject(line["request"]) ? { ...line, ...line["request"] } : line;
    const target = textOf(firstOf(inner, ["path", "uri", "url", "request_uri"]));
    const method = textOf(firstOf(inner, ["method", "request_method"]));
    if (target === "" || method === "" || inner["status"] === undefined) return undefined;
    const seconds = numberOf(inner["request_time"] ?? inner["duration"]);
    const durationMs = numberOf(inner["duration_ms"] ?? inner["durationMs"]) || Math.round(seconds * 1_000);
    return request({ time: firstOf(inner, timeNames), method, target, status: inner["status"], durationMs });
  },
};

interface Fields {
  readonly time: unknown;
  readonly method: unknown;
  readonly target: unknown;
  readonly status: unknown;
  readonly durationMs: number;
}

function request({ time, method, target, status, durationMs }: Fields): Reading {
  const atMs = timeOf(time);
  if (atMs === undefined) return damaged("an access log line without a time");
  const path = textOf(target)
    .replace(/^https?:\/\/[^/]*/, "")
    .replace(/[?#].*$/s, "");
  const isOfInterest = /jsonrpc\.php|webhook|hook|\/v1\//i.test(path);
  if (!isOfInterest) return notNeeded;
  return found({
    kind: "request",
    atMs,
    method: textOf(method).toUpperCase().slice(0, 10),
    path: pathKind(path),
    status: numberOf(status),
    durationMs,
  });
}

/** Paths may hold tokens as well: of each only what it is for. */
function pathKind(path: string): string {
  if (/jsonrpc\.php/i.test(path)) return "/jsonrpc.php";
  return /\/v1\//.test(path) ? "/v1" : "/webhook";
}

/** host ident user [time] "method target protocol" status size … */
const commonForm =
  /^\S+ \S+ .{1,200}? ?\[([^\]]{20,40})\] "([A-Z]{1,10}) (\S{1,8000})(?: [^"]{0,20})?" (\d{3}) (?:\d+|-)(.*)$/;

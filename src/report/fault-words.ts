import { isJsonArray, type JsonObject, type JsonValue } from "../base/json.ts";
import type { FaultKind } from "../faults/fault.ts";
import { valueText } from "./value-text.ts";

/** What a fault does to the operation that it strikes, in plain words. */
export function describeFault(kind: string, params: JsonObject): string {
  const text = words[kind as keyof typeof words] ?? kind;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => paramText(params[name] ?? ""));
}

/** A behaviour by its kind, and what is special about it. */
function paramText(value: JsonValue): string {
  if (typeof value !== "object" || value === null || isJsonArray(value)) return valueText(value);
  const { kind, ...rest } = value;
  const parts = Object.keys(rest)
    .toSorted()
    .filter((name) => rest[name] !== undefined && rest[name] !== false)
    .map((name) => (rest[name] === true ? name : `${name} ${valueText(rest[name])}`));
  return [...(kind === undefined ? [] : [valueText(kind)]), ...parts].join(", ");
}

const words: Readonly<Record<FaultKind | BodyFaultKind, string>> = {
  "request-lost": "the request is lost",
  refused: "the connection is refused",
  "answer-lost": "the effect takes place, the answer is lost",
  "answer-reset": "the effect takes place, the connection breaks before the answer",
  "request-delayed": "the request arrives {delayMs} ms late",
  "answer-delayed": "the answer arrives {delayMs} ms late",
  "request-duplicated": "the request arrives twice, again after {afterMs} ms",
  "answer-truncated": "the answer stops early",
  "answered-with": "a proxy answers with {status} instead (effect: {effect})",
  partition: "nothing passes for {durationMs} ms ({direction})",
  "service-fault": "the service fails by itself: {name}",
  "disk-fails": "the disk fails with {code}",
  "write-torn": "only a part is written",
  "file-truncated": "the file has lost its end",
  "disk-full": "the disk is full for {durationMs} ms",
  "disk-slow": "the disk takes {delayMs} ms longer",
  "spawn-fails": "the program does not start: {code}",
  "program-misbehaves": "the program misbehaves: {behaviour}",
  kill: "the process is killed {when} it, and back after {restartAfterMs} ms",
  "host-crash": "its host crashes {when} it, and is back after {restartAfterMs} ms",
  pause: "the process stands still for {durationMs} ms when the answer arrives",
  "clock-jump": "its clock jumps by {byMs} ms",
  "body-stalled": "the effect takes place, the answer stops in the middle, and its connection stays open",
  "body-cut": "the effect takes place, the connection breaks in the middle of the answer",
  "body-dripped": "the effect takes place, the answer comes {pieceChars} characters at a time, every {everyMs} ms",
};

/** What only an answer on a socket can suffer. */
type BodyFaultKind = "body-stalled" | "body-cut" | "body-dripped";

import * as z from "zod";
import type { JsonObject, JsonValue } from "../base/json.ts";

/** Where an orchestrator's JSON lines have what an incident is read from. Places are names of members, with dots for depth. */
export interface LogMapping {
  readonly time: string;
  /** The name of the event, or its message. */
  readonly event: string;
  readonly process?: string | undefined;
  /** Reference of the card. */
  readonly card?: string | undefined;
  readonly lane?: string | undefined;
  readonly story?: string | undefined;
  /** Words that say why something failed. */
  readonly reason?: string | undefined;
  /** An id that another log has for the same moment too. */
  readonly requestId?: string | undefined;
  /** What events mean; the first that fits. Others are kept by their own names, if they are one word. */
  readonly events: readonly EventMeaning[];
}

export interface EventMeaning {
  /** A part of the event's name or message. */
  readonly contains: string;
  /** What the system calls it in a simulation; `process.started` and `process.stopped` are the life of a process. */
  readonly is: string;
}

const place = z.string().min(1).max(200);

const mappingSchema = z.strictObject({
  $schema: z.string().optional(),
  time: place,
  event: place,
  process: place.optional(),
  card: place.optional(),
  lane: place.optional(),
  story: place.optional(),
  reason: place.optional(),
  requestId: place.optional(),
  events: z
    .array(
      z.strictObject({ contains: z.string().min(1).max(200), is: z.string().regex(/^[A-Za-z][A-Za-z0-9._-]{0,80}$/) }),
    )
    .max(200)
    .default([]),
});

/** @returns the mapping, or what is wrong with it */
export function parseMapping(value: JsonValue): LogMapping | string {
  const result = mappingSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  return `${issue.path.length === 0 ? "the mapping" : issue.path.join(".")}: ${issue.message}`;
}

/** The value at a place, as `ctx.card`; a member whose own name has dots is found as well. */
export function valueAt(line: JsonObject, place: string | undefined): JsonValue | undefined {
  if (place === undefined) return undefined;
  if (place in line) return line[place];
  let value: JsonValue | undefined = line;
  for (const name of place.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

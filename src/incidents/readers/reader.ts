import type { JsonObject } from "../../base/json.ts";
import type { IncidentEvent } from "../incident-event.ts";
import type { Redactor } from "../redactor.ts";

/** What is known before a log is read. */
export interface ReaderContext {
  readonly redactor: Redactor;
}

/** An event, before it is known from where it is. */
export type FoundEvent = WithoutPlace<IncidentEvent>;

type WithoutPlace<Event> = Event extends unknown ? Omit<Event, "source" | "line"> : never;

/** What came of one entry. */
export type Reading =
  | { readonly kind: "events"; readonly events: readonly FoundEvent[] }
  /** Known, and of no use here. */
  | { readonly kind: "not-needed" }
  /** Known, and damaged. */
  | { readonly kind: "damaged"; readonly why: string };

/** Knows one form of log lines. */
export interface LineReader {
  /** In the plural, as `access log lines`. */
  readonly name: string;
  /** @returns undefined for a line of another form */
  readObject?(line: JsonObject, context: ReaderContext): Reading | undefined;
  readText?(line: string, context: ReaderContext): Reading | undefined;
}

export const notNeeded: Reading = { kind: "not-needed" };

export function found(...events: readonly FoundEvent[]): Reading {
  return { kind: "events", events };
}

export function damaged(why: string): Reading {
  return { kind: "damaged", why };
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

/** 0 for what is no number. */
export function numberOf(value: unknown): number {
  const number = typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

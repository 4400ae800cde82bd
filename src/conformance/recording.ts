import { z } from "zod";
import type { JsonValue } from "../base/json.ts";

/**
 * What a Kanboard was sent and what it answered, from the factory state on: a file of JSON lines, a header first.
 * `docs/conformance.md` describes the format.
 */
export interface Recording {
  /** The file's name without its extension. */
  readonly name: string;
  readonly header: RecordingHeader;
  readonly lines: readonly RecordingLine[];
}

export interface RecordingHeader {
  readonly type: "header";
  readonly config: ServerConfig;
  /** Unix seconds of the recording from start to end, split at its `sleep` lines. */
  readonly epochs: readonly Epoch[];
  readonly kanboard?: string;
  readonly about?: string;
  readonly recorded_at?: string;
  readonly calls?: number;
  readonly webhooks?: number;
}

export type Epoch = readonly [startS: number, endS: number];

/** What the factory state leaves open. */
export interface ServerConfig {
  readonly api_token: string;
  /** Path and query that webhooks go to; null: none are sent. */
  readonly webhook_path: string | null;
  readonly webhook_token: string;
  /** Seconds that a call waits for the receiver of its webhooks. */
  readonly http_timeout: number;
}

export type RecordingLine = SequenceLine | SleepLine | HookLine | RecordedCall;

/** A new group of calls. */
export interface SequenceLine {
  readonly type: "sequence";
  readonly name: string;
}

/** Begins a new epoch, so that "modified later" can be told from "modified at creation". */
export interface SleepLine {
  readonly type: "sleep";
  readonly ms: number;
}

/** From here on the receiver of webhooks behaves so. */
export interface HookLine {
  readonly type: "hook";
  readonly behaviour: HookBehaviour;
}

export interface HookBehaviour {
  /** `drop` closes the connection without an answer, `redirect` sends elsewhere. */
  readonly mode: "ok" | "drop" | "redirect";
  readonly status?: number;
  readonly body?: string;
  readonly delay_ms?: number;
  readonly location?: string;
}

export interface RecordedCall {
  readonly type: "call";
  /** Counts from 1 within the file. */
  readonly n: number;
  /** The procedure, or `protocol` or `batch`. */
  readonly method: string;
  readonly note?: string;
  readonly req: RecordedRequest;
  /** The body with references in place of ids; absent when the body is no JSON. */
  readonly tmpl?: JsonValue;
  /** Names learned from this answer: dot path by name. */
  readonly bind?: Readonly<Record<string, string>>;
  /** The request names an id as a plain number: comparable only where the same ids are given. */
  readonly literal_ids?: boolean;
  /** Unix seconds when it was sent. */
  readonly t: number;
  readonly ms: number;
  /** Bounds of its duration: its webhooks are slow. */
  readonly min_ms?: number;
  readonly max_ms?: number;
  readonly res: RecordedAnswer;
  readonly hooks: readonly RecordedHook[];
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** `user:password`. */
  readonly auth: string | null;
  /** Verbatim as sent. */
  readonly body: string;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A webhook that the call caused. */
export interface RecordedHook {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds after the request. */
  readonly at?: number;
  readonly before_reply?: boolean;
}

export type ReadRecording =
  | { readonly kind: "ok"; readonly recording: Recording }
  /** `line` counts from 1. */
  | { readonly kind: "bad"; readonly line: number; readonly why: string };

/** Reads the text of a whole file. */
export function readRecording(name: string, text: string): ReadRecording {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  const header = headerSchema.safeParse(parse(first));
  if (!header.success) return { kind: "bad", line: 1, why: problemOf(header.error) };
  const lines: RecordingLine[] = [];
  for (const [index, each] of rest.entries()) {
    const line = lineSchema.safeParse(parse(each));
    if (!line.success) return { kind: "bad", line: index + 2, why: problemOf(line.error) };
    lines.push(line.data as RecordingLine);
  }
  return { kind: "ok", recording: { name, header: header.data, lines } };
}

/** The text of a whole file. */
export function writeRecording({ header, lines }: Recording): string {
  return [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
}

export function callsOf({ lines }: Recording): readonly RecordedCall[] {
  return lines.filter((line) => line.type === "call");
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function problemOf(error: z.ZodError): string {
  const { path, message } = error.issues[0]!;
  return path.length === 0 ? `not a line of a recording (${message})` : `${path.map(String).join(".")}: ${message}`;
}

const text = z.string();
const headers = z.record(text, text);

const headerSchema = z.looseObject({
  type: z.literal("header"),
  config: z.looseObject({
    api_token: text,
    webhook_path: text.nullable(),
    webhook_token: text,
    http_timeout: z.number(),
  }),
  epochs: z.array(z.tuple([z.number(), z.number()])).min(1),
});

const lineSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("sequence"), name: text }),
  z.looseObject({ type: z.literal("sleep"), ms: z.number() }),
  z.looseObject({ type: z.literal("hook"), behaviour: z.looseObject({ mode: z.enum(["ok", "drop", "redirect"]) }) }),
  z.looseObject({
    type: z.literal("call"),
    n: z.number(),
    method: text,
    req: z.looseObject({ method: text, path: text, headers, auth: text.nullable(), body: text }),
    bind: headers.optional(),
    t: z.number(),
    ms: z.number(),
    res: z.looseObject({ status: z.number(), headers, body: text }),
    hooks: z.array(z.looseObject({ method: text, url: text, headers, body: text })),
  }),
]);

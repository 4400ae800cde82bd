import { Body } from "../../../src/base/body.ts";
import { hash32 } from "../../../src/base/digest.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { HttpHeaders } from "../../../src/ports/http.ts";
import type { Change, Service, Unmodelled } from "../../../src/ports/service.ts";

export interface Served {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Empty when the body is not a JSON object. */
  readonly body: JsonObject;
  readonly text: string;
  /** How it ended; `reset` and `stall` leave what came before. */
  readonly end: "whole" | "reset" | "stall";
  /** Of a stream: each piece of the body, and when it left. */
  readonly pieces: readonly Piece[];
  readonly waitedUs: number;
  readonly changes: readonly Change[];
  readonly steps: readonly string[];
}

export interface Piece {
  readonly text: string;
  readonly atUs: number;
}

export interface ServeOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: HttpHeaders;
  readonly body?: JsonValue | string;
  readonly nowMs?: number;
  readonly fault?: string;
  /** Draws of other purposes differ with it. */
  readonly seed?: number;
  readonly onStep?: (changes: readonly Change[]) => void;
}

export class NotModelled extends Error {
  readonly what: Unmodelled;

  constructor(what: Unmodelled) {
    super(`${what.method} is not modelled: ${JSON.stringify(what.args)}`);
    this.what = what;
  }
}

/** Serves one request alone, each step as soon as it may. */
export function serve(service: Service, options: ServeOptions): Served {
  const { body } = options;
  const changes: Change[] = [];
  const steps: string[] = [];
  let waitedUs = 0;
  let head: Pick<Served, "status" | "headers"> | undefined;
  const pieces: Piece[] = [];
  const serving = service.serve(
    {
      method: options.method ?? "POST",
      path: options.path ?? "/v1/chat/completions",
      headers: options.headers ?? {},
      body: body === undefined ? Body.empty : typeof body === "string" ? Body.ofText(body) : Body.ofJson(body),
    },
    {
      fault: options.fault,
      nowMs: () => (options.nowMs ?? 0) + Math.floor(waitedUs / 1000),
      record: (change) => void changes.push(change),
      draw: (purpose, bound) => hash32(purpose, options.seed ?? 0) % bound,
      unmodelled: (what) => {
        throw new NotModelled(what);
      },
    },
  );
  const served = (
    end: Served["end"],
    answer: { readonly status: number; readonly headers?: HttpHeaders; readonly body?: Body },
  ): Served => {
    const rest = (answer.body ?? Body.empty).text();
    const text = pieces.map((piece) => piece.text).join("") + rest;
    const { status, headers } = head ?? { status: answer.status, headers: answer.headers ?? {} };
    return { status, headers, body: objectOf(text), text, end, pieces, waitedUs, changes, steps };
  };
  for (;;) {
    const next = serving.next(undefined);
    if (next.done === true) return served("whole", next.value);
    options.onStep?.(changes);
    const step = next.value;
    steps.push(step.kind);
    switch (step.kind) {
      case "wait":
        waitedUs += step.durationUs;
        break;
      case "head":
        head = { status: step.status, headers: step.headers };
        break;
      case "chunk":
        pieces.push({ text: step.text, atUs: waitedUs });
        break;
      case "reset":
      case "stall":
        return served(step.kind, { status: 0 });
      default:
    }
  }
}

function objectOf(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

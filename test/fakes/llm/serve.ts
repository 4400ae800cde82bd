import { Body } from "../../../src/base/body.ts";
import { hash32 } from "../../../src/base/digest.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { HttpHeaders } from "../../../src/ports/http.ts";
import type { Change, Service, Unmodelled } from "../../../src/ports/service.ts";

export interface Served {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: JsonObject;
  readonly waitedUs: number;
  readonly changes: readonly Change[];
  readonly steps: readonly string[];
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
  for (;;) {
    const next = serving.next(undefined);
    if (next.done === true) {
      const { status, headers = {}, body: answer = Body.empty } = next.value;
      return { status, headers, body: answer.json() as JsonObject, waitedUs, changes, steps };
    }
    options.onStep?.(changes);
    steps.push(next.value.kind);
    if (next.value.kind === "wait") waitedUs += next.value.durationUs;
  }
}

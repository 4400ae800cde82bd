import { readFileSync } from "node:fs";
import { Kanboard } from "../../../fakes/kanboard/kanboard.ts";
import { Body } from "../../../src/base/body.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../../src/base/json.ts";
import type { HttpRequest, HttpResponse, OutgoingResponse } from "../../../src/ports/http.ts";
import type { Result } from "../../../src/ports/result.ts";
import type { Change, ServiceContext, Unmodelled } from "../../../src/ports/service.ts";

/** A recording of the real server, and the fake held against it. */

export interface GoldenCall {
  readonly n: number;
  readonly method: string;
  readonly req: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly auth: string | null;
    readonly body: string;
  };
  /** Unix seconds. */
  readonly t: number;
  readonly res: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly hooks: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
}

export interface Golden {
  readonly name: string;
  readonly config: {
    readonly api_token: string;
    readonly webhook_path: string | null;
    readonly webhook_token: string;
    readonly http_timeout: number;
  };
  readonly epochs: readonly (readonly [start: number, end: number])[];
  readonly lines: readonly (GoldenCall | HookBehaviour)[];
}

export interface HookBehaviour {
  readonly behaviour: {
    readonly mode: "ok" | "drop" | "redirect";
    readonly status?: number;
    readonly delay_ms?: number;
  };
}

/** What a replay found: calls that agree, and a sentence for each that does not. */
export interface Agreement {
  readonly calls: number;
  readonly webhooks: number;
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly n: number;
  readonly method: string;
  readonly what: string;
}

export function loadGolden(name: string): Golden {
  const path = new URL(`../../fixtures/kanboard-golden/${name}.jsonl`, import.meta.url);
  const [header, ...lines] = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string });
  const isReplayed = (line: { type: string }): boolean => line.type === "call" || line.type === "hook";
  return { ...(header as unknown as Golden), name, lines: lines.filter(isReplayed) as unknown as Golden["lines"] };
}

/** Replays a whole file from the factory state, in order, with the recorded clock. */
export function replay(golden: Golden): Agreement {
  const { config } = golden;
  const webhook =
    config.webhook_path === null
      ? null
      : {
          url: `http://receiver.test${config.webhook_path}`,
          token: config.webhook_token,
          timeLimitMs: config.http_timeout * 1000,
        };
  const board = new Kanboard({ origin: "http://localhost", apiToken: config.api_token, webhook });
  const differences: Difference[] = [];
  let behaviour: HookBehaviour["behaviour"] = { mode: "ok" };
  let calls = 0;
  let webhooks = 0;
  for (const line of golden.lines) {
    if ("behaviour" in line) {
      behaviour = line.behaviour;
      continue;
    }
    calls++;
    const { response, sent } = exchange(board, line, behaviour);
    webhooks += sent.length;
    const what = compareCall(line, response, sent, golden.epochs);
    if (what !== undefined) differences.push({ n: line.n, method: line.method, what });
  }
  return { calls, webhooks, differences };
}

/** Runs one call to its end, statement after statement, and answers its webhooks. */
export function exchange(
  board: Kanboard,
  call: Pick<GoldenCall, "req" | "t">,
  behaviour: HookBehaviour["behaviour"] = { mode: "ok" },
): { readonly response: OutgoingResponse | Unmodelled; readonly sent: readonly HttpRequest[] } {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.req.headers)) headers[name.toLowerCase()] = value;
  if (call.req.auth !== null) headers["authorization"] = `Basic ${Buffer.from(call.req.auth).toString("base64")}`;
  const request = { method: call.req.method, path: call.req.path, headers, body: Body.ofText(call.req.body) };
  const sent: HttpRequest[] = [];
  try {
    const serving = board.serve(request, contextAt(call.t * 1000));
    let turn = serving.next();
    while (turn.done !== true) {
      if (turn.value.kind === "request") {
        sent.push(turn.value.request);
        turn = serving.next(answerOf(behaviour));
      } else {
        turn = serving.next();
      }
    }
    return { response: turn.value, sent };
  } catch (error) {
    if (error instanceof UnmodelledCall) return { response: error.what, sent };
    throw error;
  }
}

export function contextAt(nowMs: number, changes: Change[] = []): ServiceContext {
  return {
    fault: undefined,
    nowMs: () => nowMs,
    record: (change) => changes.push(change),
    draw: () => 0,
    unmodelled: (what) => {
      throw new UnmodelledCall(what);
    },
  };
}

export class UnmodelledCall extends Error {
  readonly what: Unmodelled;

  constructor(what: Unmodelled) {
    super(`${what.method} is not modelled`);
    this.what = what;
  }
}

function answerOf(behaviour: HookBehaviour["behaviour"]): Result<HttpResponse> {
  if (behaviour.mode === "drop") return { kind: "unknown", error: { code: "ECONNRESET", message: "dropped" } };
  const status = behaviour.mode === "redirect" ? 302 : (behaviour.status ?? 200);
  return { kind: "ok", value: { status, headers: {}, body: Body.empty } };
}

/** @returns what differs first, or undefined when the call and its webhooks agree */
export function compareCall(
  call: GoldenCall,
  response: OutgoingResponse | Unmodelled,
  sent: readonly HttpRequest[],
  epochs: Golden["epochs"],
): string | undefined {
  if (!("status" in response)) return "not modelled";
  if (response.status !== call.res.status) return `status ${response.status} instead of ${call.res.status}`;
  if (response.status !== 500) {
    for (const name of ["content-type", "www-authenticate"]) {
      if (response.headers?.[name] !== call.res.headers[name]) return `header ${name}`;
    }
    const text = response.body?.text() ?? "";
    const difference = compareTexts(text, call.res.body, epochs);
    if (difference !== undefined) return `answer: ${difference}`;
  }
  const names = (bodies: readonly string[]): string =>
    bodies.map((body) => (JSON.parse(body) as { event_name: string }).event_name).join(", ");
  if (sent.length !== call.hooks.length) {
    return `webhooks: ${names(sent.map((request) => request.body!.text()))} instead of ${names(call.hooks.map((hook) => hook.body))}`;
  }
  for (const [index, hook] of call.hooks.entries()) {
    const request = sent[index]!;
    const url = new URL(request.url);
    if (request.method !== hook.method || url.pathname + url.search !== hook.url)
      return `webhook ${index}: ${request.method} ${request.url}`;
    for (const name of ["content-type", "user-agent"]) {
      if (request.headers?.[name] !== hook.headers[name]) return `webhook ${index}: header ${name}`;
    }
    const difference = compareTexts(request.body!.text(), hook.body, epochs);
    if (difference !== undefined) return `webhook ${index}: ${difference}`;
  }
  return undefined;
}

function compareTexts(actual: string, expected: string, epochs: Golden["epochs"]): string | undefined {
  if (actual === expected) return undefined;
  const [left, right] = [parse(actual), parse(expected)];
  if (left === undefined || right === undefined) return `text ${short(actual)} instead of ${short(expected)}`;
  return compareValues(left, right, [], epochs);
}

/** JSON agrees strictly, apart from the order of keys, secrets, and dates that lie close by in the same epoch. */
function compareValues(
  actual: JsonValue,
  expected: JsonValue,
  path: readonly string[],
  epochs: Golden["epochs"],
): string | undefined {
  if (actual === expected) return undefined;
  const key = path.at(-1) ?? "";
  if (isJsonArray(actual) && isJsonArray(expected)) {
    if (actual.length !== expected.length)
      return `${path.join(".")}: ${actual.length} items instead of ${expected.length}`;
    for (const [index, item] of actual.entries()) {
      const difference = compareValues(item, expected[index]!, [...path, String(index)], epochs);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isMap(actual, key) && isMap(expected, key)) {
    const [left, right] = [
      key === "changes" ? withoutDate(actual) : actual,
      key === "changes" ? withoutDate(expected) : expected,
    ];
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (!(name in left))
        return `${[...path, name].join(".")} is missing, expected ${short(JSON.stringify(right[name]))}`;
      if (!(name in right)) return `${[...path, name].join(".")} is too much`;
      const difference = compareValues(left[name]!, right[name]!, [...path, name], epochs);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (
    typeof actual === "number" &&
    typeof expected === "number" &&
    dates.test(key) &&
    isClose(actual, expected, epochs)
  )
    return undefined;
  if (typeof actual === "string" && typeof expected === "string") {
    if (secrets[key]?.test(actual) === true && secrets[key].test(expected)) return undefined;
    if (key.endsWith("url") || path.includes("url")) {
      if (withoutToken(actual) === withoutToken(expected)) return undefined;
    }
  }
  return `${path.join(".")}: ${short(JSON.stringify(actual))} instead of ${short(JSON.stringify(expected))}`;
}

/** The empty difference of a move is a list on one side, and has a date alone on the other. */
function isMap(value: JsonValue, key: string): value is JsonObject {
  return isJsonObject(value) || (key === "changes" && isJsonArray(value) && value.length === 0);
}

/** `date_moved` appears only when the second ticked. */
function withoutDate(changes: JsonObject): JsonObject {
  const { date_moved: _, ...rest } = changes;
  return rest;
}

function isClose(actual: number, expected: number, epochs: Golden["epochs"]): boolean {
  if (Math.abs(actual - expected) > secondsApartMax) return false;
  const epochOf = (time: number): number =>
    epochs.findIndex(([start, end]) => time >= Math.floor(start) && time <= end);
  return epochOf(actual) === epochOf(expected);
}

/** A call begins up to this long before its statements, at the speed of the recorded server. */
const secondsApartMax = 3;

const dates = /^(date|date_.*|last_modified|lock_expiration_date|start|timer_start_date)$/;

const secrets: Readonly<Record<string, RegExp>> = {
  password: /^\$2y\$10\$.{53}$/,
  path: /^(tasks|projects)\/\d+\/[0-9a-f]{40}$/,
  etag: /^[0-9a-f]{32}$/,
  token: /^[0-9a-f]{60}$/,
};

function withoutToken(url: string): string {
  return url.replace(/token=[0-9a-f]+/, "token=");
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function short(text: string | undefined): string {
  return text === undefined ? "nothing" : text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

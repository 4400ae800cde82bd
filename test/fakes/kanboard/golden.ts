import { readFileSync } from "node:fs";
import { Kanboard, type KanboardOptions } from "../../../fakes/kanboard/kanboard.ts";
import { assert } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import { compareExchange, Rules } from "../../../src/conformance/comparison.ts";
import { ExactIdentities } from "../../../src/conformance/identities.ts";
import {
  readRecording,
  type Epoch,
  type HookLine,
  type RecordedCall,
  type RecordedHook,
  type ServerConfig,
} from "../../../src/conformance/recording.ts";
import type { HttpRequest, HttpResponse, OutgoingResponse } from "../../../src/ports/http.ts";
import type { Result } from "../../../src/ports/result.ts";
import type { Change, ServiceContext, Unmodelled } from "../../../src/ports/service.ts";

/** A recording of the real server, and the fake held against it. */

export type GoldenCall = RecordedCall;
export type HookBehaviour = HookLine;

export interface Golden {
  readonly name: string;
  readonly config: ServerConfig;
  readonly epochs: readonly Epoch[];
  readonly lines: readonly (GoldenCall | HookBehaviour)[];
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

/** @param folder where the recording is, under `test/fixtures` */
export function loadGolden(name: string, folder = "kanboard-golden"): Golden {
  const path = new URL(`../../fixtures/${folder}/${name}.jsonl`, import.meta.url);
  const read = readRecording(name, readFileSync(path, "utf8"));
  assert(read.kind === "ok", `${name} is a recording`);
  const { header, lines } = read.recording;
  const { config, epochs } = header;
  return { name, config, epochs, lines: lines.filter((line) => line.type === "call" || line.type === "hook") };
}

/** Replays a whole file from the factory state, in order, with the recorded clock. */
export function replay(golden: Golden, options: Pick<KanboardOptions, "customFields"> = {}): Agreement {
  const { config } = golden;
  const webhook =
    config.webhook_path === null
      ? null
      : {
          url: `http://receiver.test${config.webhook_path}`,
          token: config.webhook_token,
          timeLimitMs: config.http_timeout * 1000,
        };
  const board = new Kanboard({ origin: "http://localhost", apiToken: config.api_token, webhook, ...options });
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

function contextAt(nowMs: number, changes: Change[] = []): ServiceContext {
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

class UnmodelledCall extends Error {
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

/**
 * The fake counts as the recorded server does, and its clock shows the recorded times: ids are compared exactly, and
 * dates closely.
 *
 * @returns what differs first, or undefined when the call and its webhooks agree
 */
export function compareCall(
  call: GoldenCall,
  response: OutgoingResponse | Unmodelled,
  sent: readonly HttpRequest[],
  epochs: Golden["epochs"],
): string | undefined {
  if (!("status" in response)) return "not modelled";
  const actual = {
    status: response.status,
    headers: response.headers ?? {},
    body: response.body?.text() ?? "",
    hooks: sent.map(hookOf),
  };
  const rules = new Rules(new ExactIdentities(), { expected: epochs, actual: epochs, apartSMax: secondsApartMax });
  const difference = compareExchange(call, actual, rules);
  return difference === undefined
    ? undefined
    : `${difference.where}: ${difference.actual} instead of ${difference.expected}`;
}

function hookOf({ method, url, headers = {}, body }: HttpRequest): RecordedHook {
  const { pathname, search } = new URL(url);
  return { method, url: pathname + search, headers, body: body?.text() ?? "" };
}

/** A call begins up to this long before its statements, at the speed of the recorded server. */
const secondsApartMax = 3;

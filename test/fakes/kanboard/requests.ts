import { Kanboard, type BoardState, type KanboardOptions } from "../../../fakes/kanboard/kanboard.ts";
import type { BoardChange } from "../../../fakes/kanboard/changes.ts";
import { Body } from "../../../src/base/body.ts";
import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { HttpRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import type { ServiceContext, ServiceResume, ServiceStep } from "../../../src/ports/service.ts";

/** Requests to a board, driven statement by statement. */

export const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface Rpc {
  readonly method: string;
  readonly params: JsonObject | readonly JsonValue[];
  readonly fault?: string;
}

/** A board of one project with four columns, with as many cards as told in the first one, numbered from 1. */
export function boardWith(cards: number, options: Partial<KanboardOptions> = {}): Kanboard {
  const board = new Kanboard({ origin: "http://board.test", apiToken: "token", ...options });
  board.seed("createProject", ["Project"], nowMs);
  for (let card = 1; card <= cards; card++) {
    board.seed("createTask", { title: `Card ${card}`, project_id: 1, reference: `ref-${card}` }, nowMs);
  }
  return board;
}

export function boardFrom(initial: BoardState, options: Partial<KanboardOptions> = {}): Kanboard {
  return new Kanboard({ origin: "http://board.test", apiToken: "token", initial, ...options });
}

/** One request that somebody else decides when to go on with. */
export class Request {
  readonly changes: BoardChange[] = [];
  readonly sent: HttpRequest[] = [];
  response: OutgoingResponse | undefined;

  private readonly serving: Generator<ServiceStep, OutgoingResponse, ServiceResume>;
  private pending: ServiceStep | undefined;

  constructor(board: Kanboard, { method, params, fault }: Rpc) {
    const body = Body.ofJson({ jsonrpc: "2.0", method, params, id: 1 });
    const authorization = `Basic ${Buffer.from("jsonrpc:token").toString("base64")}`;
    const context: ServiceContext = {
      fault,
      nowMs: () => nowMs,
      record: (change) => this.changes.push(change as unknown as BoardChange),
      draw: () => 0,
      unmodelled: (what) => {
        throw new Error(`${what.method} is not modelled`);
      },
    };
    this.serving = board.serve({ method: "POST", path: "/jsonrpc.php", headers: { authorization }, body }, context);
    this.step();
  }

  get isDone(): boolean {
    return this.response !== undefined;
  }

  /** What the next step touches. */
  get touches(): readonly Footprint[] {
    return this.pending?.kind === "statement" ? this.pending.touches : [];
  }

  /** Lets the next statement happen, up to the one after it. */
  step(): void {
    const resume: ServiceResume =
      this.pending?.kind === "request"
        ? { kind: "ok", value: { status: 200, headers: {}, body: Body.empty } }
        : undefined;
    const turn = this.serving.next(resume);
    this.pending = turn.done === true ? undefined : turn.value;
    if (turn.done === true) this.response = turn.value;
    else if (turn.value.kind === "request") this.sent.push(turn.value.request);
  }

  finish(): this {
    while (!this.isDone) this.step();
    return this;
  }

  get reply(): JsonObject {
    return this.finish().response!.body!.json() as JsonObject;
  }

  get result(): JsonValue | undefined {
    return this.reply["result"];
  }
}

export function call(board: Kanboard, method: string, params: Rpc["params"]): JsonValue | undefined {
  return new Request(board, { method, params }).result;
}

/**
 * Runs requests to their end in the order that the choices say: each takes one of those still going on.
 * Without a choice left the first one goes on.
 */
export function interleave(board: Kanboard, rpcs: readonly Rpc[], choices: readonly number[]): readonly Request[] {
  const requests = rpcs.map((rpc) => new Request(board, rpc));
  let turn = 0;
  for (;;) {
    const going = requests.filter((request) => !request.isDone);
    if (going.length === 0) return requests;
    going[(choices[turn++] ?? 0) % going.length]!.step();
  }
}

/** What clients can see of the first cards, tags, links and places. */
export function dump(board: Kanboard): JsonValue {
  const seen = (method: string, params: Rpc["params"]): JsonValue => board.seed(method, params, nowMs);
  const cards = Array.from({ length: 6 }, (_, index) => index + 1);
  return [
    seen("getBoard", [1]),
    seen("getAllTasks", [1]),
    seen("getAllTasks", [1, 0]),
    seen("getAllTags", []),
    ...cards.flatMap((card) =>
      [
        "getTask",
        "getTaskTags",
        "getTaskMetadata",
        "getAllTaskLinks",
        "getAllComments",
        "getAllTaskFiles",
        "getAllSubtasks",
      ].map((method) => seen(method, [card])),
    ),
  ];
}

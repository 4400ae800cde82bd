import { assert } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import { isJsonArray, type JsonArray, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Service, ServiceContext } from "../../src/ports/service.ts";
import { Authentication } from "./authentication.ts";
import { mayAct, mayCall } from "./authorization.ts";
import { Call, type Installation, type Statementwise, type Webhook } from "./call.ts";
import { databaseLocked, Failure, fatal, forbidden, unauthorized } from "./failure.ts";
import { listValues } from "./php.ts";
import type { CustomField } from "./methods/custom-fields.ts";
import type { Procedure } from "./procedure.ts";
import { findProcedure } from "./procedures.ts";
import {
  batchOf,
  bindArguments,
  failureResponse,
  isReadable,
  jsonResponse,
  parseError,
  parseRequest,
  rpcError,
  type RpcRequest,
} from "./protocol.ts";
import { Statements } from "./statements.ts";
import { Store } from "./store.ts";

/**
 * Kanboard 1.2.53 on SQLite and PHP 8.2 as a pure state machine: its JSON-RPC API, its webhooks, and what concurrent
 * requests do to each other.
 *
 * Modelled: all procedures; framing, batches, notifications, argument rules; the application token and users with
 * roles, groups, personal tokens; cards with positions, status, recurrence, copies and moves across projects; the search
 * and the activity stream with its pages; custom fields of the plugin MetaMagik.
 * Every statement that others can come between is a step; a transaction that reads before it writes fails with
 * `database is locked` when somebody committed in between. Webhooks go out one after the other inside the call, after
 * its commit and before its answer. Ids, odd values and conversions follow PHP and SQLite.
 *
 * Not modelled: what an automatic action does (its event ends the run); the transaction for daily statistics; fetching
 * the title of a linked page; thumbnails; notifications to people; colour names in other languages; the difference
 * between 1 and 1.0 in a request; time that grows with the data.
 */
export class Kanboard implements Service {
  readonly name = "board";
  readonly workersMax: number;
  /**
   * `unauthorized`: the credentials are not accepted. `database-locked`: the error, and nothing changed.
   * `database-locked-after-effect`: the error, although everything but the webhooks happened.
   * `refused`: `false` as the result, and nothing changed.
   */
  readonly faults = ["unauthorized", "database-locked", "database-locked-after-effect", "refused"] as const;

  private readonly options: KanboardOptions;
  private readonly authentication: Authentication;
  private installation: Installation;

  constructor(options: KanboardOptions) {
    this.options = options;
    this.workersMax = options.workersMax ?? 4;
    this.authentication = new Authentication({ apiToken: options.apiToken });
    this.installation = {
      store: new Store(options.initial?.[store]),
      statements: new Statements(),
      baseUrl: `${options.origin}/`,
      webhook: options.webhook ?? null,
      customFields: options.customFields,
    };
  }

  /** The state as a value, to start other boards from. */
  state(): BoardState {
    return { [store]: new Store(this.installation.store) };
  }

  /** What its statements cost so far: rows of cards and nodes of the order of positions that were looked at. */
  get work(): { readonly rowsVisited: number; readonly nodesVisited: number } {
    const { tasks, openCards } = this.installation.store;
    return { rowsVisited: tasks.rowsVisited, nodesVisited: openCards.trees.nodesVisited };
  }

  /** Back to a fresh installation, or to a state. */
  reset(state?: BoardState): void {
    this.installation = { ...this.installation, store: state === undefined ? new Store() : new Store(state[store]) };
  }

  setWebhook(webhook: Webhook | null): void {
    this.installation = { ...this.installation, webhook };
  }

  /** What a user sets on their own pages alone: a personal access token, and a second factor. */
  setCredentials(username: string, { accessToken, hasSecondFactor }: Credentials): void {
    const { store: state } = this.installation;
    const user = state.userNamed(username);
    assert(user !== undefined, `there is no user ${username}`);
    state.users.replace({
      ...user,
      ...(accessToken === undefined ? {} : { api_access_token: accessToken }),
      ...(hasSecondFactor === undefined ? {} : { twofactor_activated: hasSecondFactor ? 1 : 0 }),
    });
  }

  /** The custom fields of the plugin MetaMagik, by their position; undefined takes the plugin away. */
  setCustomFields(customFields: readonly CustomField[] | undefined): void {
    this.installation = { ...this.installation, customFields };
  }

  /** One custom field that every project requires, or no plugin. */
  setMandatoryFields(areMandatory: boolean): void {
    this.setCustomFields(areMandatory ? [{ name: "mandatory", required: true }] : undefined);
  }

  /**
   * Calls a procedure as the application token, at once and without webhooks: to set a board up, or to look at it.
   * The server's refusals (`false`, 0) are results; its errors break a promise of the caller.
   */
  seed(method: string, params: JsonArray | JsonObject, nowMs: number): JsonValue {
    const procedure = findProcedure(method, this.installation.customFields !== undefined);
    assert(procedure !== undefined, `${method} is not modelled`);
    const given = bindArguments(params, procedure.parameters);
    assert(typeof given !== "string", `${method}: ${given as string}`);
    const context = {
      nowMs: () => nowMs,
      record: () => {},
      unmodelled: (what: { method: string }): never => assert(false, `${what.method} is not modelled`) as never,
    };
    const call = new Call({ ...this.installation, webhook: null }, context, undefined);
    const answer = perform(procedure, call, given);
    let turn = answer.next(undefined);
    while (turn.done !== true) turn = answer.next(undefined);
    const result = turn.value;
    assert(!(result instanceof Failure), `${method}: the server would fail`);
    return result;
  }

  *serve(request: IncomingRequest, context: ServiceContext): Statementwise<OutgoingResponse> {
    if (!request.path.startsWith("/jsonrpc.php")) return { status: 404, body: Body.ofText("Not Found") };
    const body = request.body.json();
    if (typeof body !== "object" || body === null || !isReadable(body)) return jsonResponse(parseError, "");
    const output: Output = { printed: "" };
    const batch = isJsonArray(body) || "0" in body ? batchOf(body) : undefined;
    if (batch === undefined) {
      const reply = yield* this.answer(body, request, context, output);
      return reply instanceof Failure ? failureResponse(reply) : jsonResponse(reply, output.printed);
    }
    const replies: JsonObject[] = [];
    for (const element of batch) {
      const reply = yield* this.answer(element, request, context, output);
      if (reply instanceof Failure) return failureResponse(reply);
      if (reply !== undefined) replies.push(reply);
    }
    return jsonResponse(replies.length === 0 ? undefined : replies, output.printed);
  }

  /** One request of a body: its reply, nothing for a notification, or a failure of the whole body. */
  private *answer(
    element: JsonValue,
    request: IncomingRequest,
    context: ServiceContext,
    output: Output,
  ): Statementwise<JsonObject | Failure | undefined> {
    const rpc = parseRequest(element);
    if (!isRequest(rpc)) return rpc;
    const { id, method } = rpc;
    const caller = this.authentication.identify(
      request.headers,
      this.installation.store,
      Math.floor(context.nowMs() / 1000),
    );
    if (caller.kind === "unknown" || context.fault === "unauthorized") return unauthorized;
    const procedure = findProcedure(method, this.installation.customFields !== undefined);
    if (procedure === undefined) return id === undefined ? undefined : rpcError(-32601, "Method not found", id);
    const installation =
      context.fault === "database-locked-after-effect" ? { ...this.installation, webhook: null } : this.installation;
    const call = new Call(installation, context, caller.kind === "user" ? caller.user : undefined);
    if (!mayCall(procedure.guard, call, method === procedure.name)) return forbidden;
    const given = bindArguments(rpc.params, procedure.parameters);
    if (typeof given === "string") return id === undefined ? undefined : rpcError(-32602, "Invalid params", id, given);
    const answer = yield* performUnder(context.fault, procedure, call, given);
    output.printed += call.printed;
    if (!(answer instanceof Failure)) return id === undefined ? undefined : { jsonrpc: "2.0", result: answer, id };
    if (answer.kind !== "exception") return answer;
    return id === undefined ? undefined : rpcError(0, answer.message, id);
  }
}

export interface KanboardOptions {
  /** Where its pages are, without a slash at the end; the address it is served at. */
  readonly origin: string;
  /** Of the user `jsonrpc`. */
  readonly apiToken: string;
  readonly webhook?: Webhook | null;
  /** Of the plugin MetaMagik, by their position; it is not there unless given. */
  readonly customFields?: readonly CustomField[];
  /** Requests served at once; 4 unless given. */
  readonly workersMax?: number;
  /** What the board starts with; a fresh installation unless given. */
  readonly initial?: BoardState;
}

export interface Credentials {
  /** Null takes it away. */
  readonly accessToken?: string | null;
  readonly hasSecondFactor?: boolean;
}

/** The state of a board as a value that nothing changes. */
export interface BoardState {
  readonly [store]: Store;
}

const store: unique symbol = Symbol("store");

interface Output {
  printed: string;
}

function isRequest(rpc: RpcRequest | JsonObject): rpc is RpcRequest {
  return !("jsonrpc" in rpc);
}

/** Each generator on the way costs at every statement: without a fault there is one less. */
function performUnder(
  fault: string | undefined,
  procedure: Procedure,
  call: Call,
  given: readonly JsonValue[],
): Statementwise {
  return fault === undefined ? perform(procedure, call, given) : fail(fault, procedure, call, given);
}

function* fail(fault: string, procedure: Procedure, call: Call, given: readonly JsonValue[]): Statementwise {
  if (fault === "database-locked") return databaseLocked;
  if (fault === "refused") return false;
  const answer = yield* perform(procedure, call, given);
  return fault === "database-locked-after-effect" ? databaseLocked : answer;
}

function* perform(procedure: Procedure, call: Call, given: readonly JsonValue[]): Statementwise {
  for (let index = 0; index < given.length; index++) {
    if (procedure.parameters[index]!.isArray && listValues(given[index]!) === undefined) return fatal;
  }
  if (!mayAct(procedure.guard, call, given)) return forbidden;
  const args = given as readonly never[];
  if (procedure.kind === "statementwise") return yield* procedure.run(call, ...args);
  yield procedure.touches(call, ...args);
  return procedure.run(call, ...args);
}

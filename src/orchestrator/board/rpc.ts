import { Body } from "../../base/body.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { HttpResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Result } from "../../ports/result.ts";
import type { Answer } from "../answer.ts";
import type { BoardConfig } from "../config.ts";
import type { Guard } from "../guard.ts";
import type { Reader } from "./rows.ts";

/**
 * What a repetition of the call would do. `read` and `repeatable` calls are tried again in place after a failure;
 * a `creation` is not: whether it took effect is for its caller to find out.
 */
export type Effect = "read" | "repeatable" | "creation";

export interface RpcCall<Value> {
  readonly method: string;
  readonly params: JsonObject;
  readonly effect: Effect;
  /** The card's reference or title, or the project's name. */
  readonly key: string;
  readonly read: Reader<Value>;
  /** Default: `boardTriesMax`. */
  readonly triesMax?: number;
}

export interface RpcOptions {
  readonly config: BoardConfig;
  readonly triesMax: number;
  readonly retryDelayMs: (tries: number, ports: Ports) => number;
  /** Told of each request. */
  readonly onRequest?: () => void;
}

/** Calls of one task to Kanboard's JSON-RPC door. */
export class Rpc {
  readonly ports: Ports;
  private readonly options: RpcOptions;
  private readonly guard: Guard | undefined;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    ports: Ports,
    options: RpcOptions & { readonly headers: Readonly<Record<string, string>> },
    guard?: Guard,
  ) {
    this.ports = ports;
    this.options = options;
    this.headers = options.headers;
    this.guard = guard;
  }

  /** @throws RunStop `lost` when the guard says so */
  async call<Value>(call: RpcCall<Value>): Promise<Answer<Value>> {
    const triesMax = call.effect === "creation" ? 1 : (call.triesMax ?? this.options.triesMax);
    let uncertain = false;
    for (let tries = 1; ; tries++) {
      const answer = await this.send(call);
      // A try that was lost may still take effect, whatever a later one says.
      if (answer.kind === "unknown") uncertain = true;
      if (answer.kind === "ok" || answer.kind === "refused") return answer;
      if (tries >= triesMax) return uncertain ? { kind: "unknown", reason: answer.reason } : answer;
      await this.ports.clock.sleep(this.options.retryDelayMs(tries, this.ports), { key: `board.${call.method}` });
    }
  }

  private async send<Value>(call: RpcCall<Value>): Promise<Answer<Value>> {
    const { config } = this.options;
    this.guard?.countBoardCall?.();
    this.options.onRequest?.();
    // The margin keeps the effect inside the lease: the service acts before its caller stops waiting.
    this.guard?.require(call.effect === "read" ? 0 : config.timeoutMs);
    const result = await this.ports.http.request({
      name: `board.${call.method}`,
      key: call.key,
      method: "POST",
      url: config.url,
      headers: this.headers,
      body: Body.ofJson({ jsonrpc: "2.0", method: call.method, id: 1, params: call.params }),
      timeoutMs: config.timeoutMs,
      ...(this.guard === undefined ? {} : { signal: this.guard.signal }),
    });
    this.guard?.require(0);
    const answer = readReply(result, call.read);
    return call.effect === "read" && answer.kind === "unknown" ? { kind: "fail", reason: answer.reason } : answer;
  }
}

export function rpcHeaders(config: BoardConfig): Readonly<Record<string, string>> {
  return {
    authorization: `Basic ${Buffer.from(`jsonrpc:${config.token}`).toString("base64")}`,
    "content-type": "application/json",
  };
}

function readReply<Value>(result: Result<HttpResponse>, read: Reader<Value>): Answer<Value> {
  if (result.kind !== "ok") return { kind: result.kind, reason: `the board did not answer: ${result.error.code}` };
  const { status, body } = result.value;
  if (status === 401 || status === 403) return { kind: "fail", reason: `the board answered ${status}` };
  const reply: JsonValue | undefined = status === 200 ? body.json() : undefined;
  if (!isJsonObject(reply)) return { kind: "unknown", reason: `the board answered ${status} without a JSON-RPC reply` };
  const { error } = reply;
  if (isJsonObject(error)) {
    const reason = `the board answered ${JSON.stringify(error["code"])} ${JSON.stringify(error["message"])}`;
    // -32xxx: the call was never begun. Anything else, as a locked database, proves nothing about the effect.
    const begun = typeof error["code"] !== "number" || error["code"] > -32000;
    return { kind: begun ? "unknown" : "fail", reason };
  }
  const value = reply["result"] === undefined ? undefined : read(reply["result"]);
  if (value !== undefined) return { kind: "ok", value };
  return { kind: "unknown", reason: "the board answered with a result of another shape" };
}

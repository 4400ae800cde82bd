import { isJsonObject, type JsonValue } from "../../base/json.ts";
import type { HttpServer, IncomingRequest, OutgoingResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Result } from "../../ports/result.ts";
import { defaultTimes } from "../config.ts";
import { confirmDelayMs, confirmTags } from "./confirm.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { Round } from "./round.ts";
import { equalInConstantTime } from "./token.ts";

/** A card that an event was about. */
interface Delivery {
  readonly cardId: number;
  /** Reference or title. */
  readonly label: string;
}

/**
 * Takes the board's events and answers at once: the board waits for the answer inside the call that caused the event.
 * The work is done by one consumer, in order of arrival. The board announces a move once: what did not arrive, did not
 * fit, or met another owner of its epic is found by looking over the whole board, at the start and now and then.
 */
export class WebhookServer {
  private readonly dispatcher: Dispatcher;
  private readonly ports: Ports;
  private readonly round: Round;
  /** By card: a further event of a card that waits adds nothing, since its present state is what counts. */
  private readonly queue = new Map<number, Delivery>();
  private wake: (() => void) | undefined;
  private stopped = false;
  /** When to look over the whole board again. Monotonic. */
  private resyncMs = 0;
  /** To do so, in a row. */
  private failures = 0;

  constructor(dispatcher: Dispatcher, ports: Ports) {
    this.dispatcher = dispatcher;
    this.ports = ports;
    this.round = new Round(dispatcher);
  }

  /** Serves until `stop` aborts. `fail` when the port cannot be listened on. */
  async serve(stop: AbortSignal): Promise<Result<void>> {
    const { host, port } = this.dispatcher.config.webhook;
    const bodyBytesMax = this.dispatcher.policies.limits.webhookBytesMax;
    const options = { host, port, bodyBytesMax };
    const server = await this.ports.http.listen(options, (request, ports) =>
      Promise.resolve(this.answer(request, ports)),
    );
    if (server.kind !== "ok") return server;
    const end = (): void => {
      this.stopped = true;
      this.wake?.();
    };
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    await this.consume(server.value, stop);
    return { kind: "ok", value: undefined };
  }

  private answer(request: IncomingRequest, ports: Ports): OutgoingResponse {
    const checked = this.check(request);
    if (checked.kind === "refused") {
      ports.log.event("webhook.refused", { status: checked.status, reason: checked.reason });
      return { status: checked.status };
    }
    if (checked.kind === "ignored") return ok;
    const { delivery } = checked;
    if (!this.queue.has(delivery.cardId) && this.queue.size >= this.dispatcher.policies.limits.webhookQueueMax) {
      ports.log.event("webhook.refused", { status: 503, reason: "the queue is full" });
      return { status: 503 };
    }
    this.queue.set(delivery.cardId, delivery);
    ports.log.event("webhook.accepted", { card: delivery.label });
    this.wake?.();
    return ok;
  }

  private check(request: IncomingRequest): Checked {
    if (request.method !== "POST") return { kind: "refused", status: 405, reason: "not a POST" };
    if (!equalInConstantTime(tokenOf(request.path), this.dispatcher.config.webhook.token)) {
      return { kind: "refused", status: 401, reason: "wrong token" };
    }
    const event = request.body.json();
    const data = isJsonObject(event) ? event["event_data"] : undefined;
    if (!isJsonObject(event) || typeof event["event_name"] !== "string" || !isJsonObject(data)) {
      return { kind: "refused", status: 400, reason: "not an event" };
    }
    if (event["event_name"] !== "task.create" && event["event_name"] !== "task.move.column") return { kind: "ignored" };
    const cardId = idOf(data["task_id"]);
    if (cardId === undefined) return { kind: "refused", status: 400, reason: "no task_id" };
    const task = isJsonObject(data["task"]) ? data["task"] : {};
    const label = [task["reference"], task["title"]].find((text) => typeof text === "string" && text !== "");
    return { kind: "accepted", delivery: { cardId, label: typeof label === "string" ? label : "a card" } };
  }

  private async consume(server: HttpServer, stop: AbortSignal): Promise<void> {
    this.resyncMs = this.ports.clock.monotonicMs();
    for (let resyncs = 0; !this.stopped;) {
      if (this.ports.clock.monotonicMs() >= this.resyncMs) {
        await this.resync(this.ports.fork(`resync ${resyncs++}`), stop);
        continue;
      }
      // While the board cannot be listed, what has arrived waits.
      const delivery = this.failures === 0 ? this.next() : undefined;
      if (delivery === undefined) await this.rest();
      else {
        await this.consider(this.ports.fork(`delivery ${delivery.label}`), delivery);
      }
    }
    await server.close();
  }

  private async resync(ports: Ports, stop: AbortSignal): Promise<void> {
    const { config, policies } = this.dispatcher;
    const { resyncIntervalMs = defaultTimes.resyncIntervalMs } = config.webhook;
    this.failures = (await this.round.run(ports, stop)) ? 0 : this.failures + 1;
    const delayMs =
      this.failures === 0 ? resyncIntervalMs : policies.retry.pollDelayMs(ports, this.failures, firstRetryMs);
    this.resyncMs = ports.clock.monotonicMs() + delayMs;
  }

  private async consider(ports: Ports, { cardId, label }: Delivery): Promise<void> {
    const board = this.dispatcher.openBoard(ports);
    const card = await board.getTask({ id: cardId, label });
    if (card.kind !== "ok") this.resyncMs = ports.clock.monotonicMs();
    if (card.kind !== "ok" || card.value === null || card.value.project_id !== this.dispatcher.projectId) return;
    if (!this.dispatcher.columns.knows(card.value.column_id)) await this.dispatcher.readColumns(board);
    await this.dispatcher.consider(ports, card.value, "webhook");
  }

  private next(): Delivery | undefined {
    for (const delivery of this.queue.values()) {
      this.queue.delete(delivery.cardId);
      return delivery;
    }
    return undefined;
  }

  /** Until a delivery arrives, until a finished run can be confirmed, or until it is time to look over the board. */
  private async rest(): Promise<void> {
    const ports = this.ports.fork("rest");
    const resyncDelayMs = Math.max(0, this.resyncMs - ports.clock.monotonicMs());
    const confirmMs = this.failures === 0 ? confirmDelayMs(this.dispatcher, ports) : undefined;
    const waiting = new AbortController();
    const delayMs = Math.min(resyncDelayMs, confirmMs ?? resyncDelayMs);
    const passed = ports.clock.sleep(delayMs, { key: "rest", signal: waiting.signal });
    await Promise.race([this.untilWoken(), passed]);
    waiting.abort("done");
    if (!(await passed) || confirmMs === undefined || confirmMs > delayMs) return;
    if (!(await confirmTags(this.dispatcher, ports))) this.resyncMs = ports.clock.monotonicMs();
  }

  private untilWoken(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
}

/** After the board could not be listed. */
const firstRetryMs = 5_000;

type Checked =
  | { readonly kind: "accepted"; readonly delivery: Delivery }
  /** A well-formed event of a kind that starts nothing. */
  | { readonly kind: "ignored" }
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };

const ok: OutgoingResponse = { status: 200 };

function tokenOf(path: string): string {
  const query = path.slice(path.indexOf("?") + 1);
  if (!path.includes("?")) return "";
  for (const part of query.split("&")) if (part.startsWith("token=")) return part.slice("token=".length);
  return "";
}

function idOf(value: JsonValue | undefined): number | undefined {
  const id = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

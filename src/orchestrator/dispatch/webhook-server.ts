import { isJsonObject, type JsonValue } from "../../base/json.ts";
import type { HttpServer, IncomingRequest, OutgoingResponse } from "../../ports/http.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Result } from "../../ports/result.ts";
import { confirmDelayMs, confirmTags } from "./confirm.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { equalInConstantTime } from "./token.ts";

/** A card that an event was about. */
interface Delivery {
  readonly cardId: number;
  /** Reference or title. */
  readonly label: string;
}

/**
 * Takes the board's events and answers at once: the board waits for the answer inside the call that caused the event.
 * The work is done by one consumer, in order of arrival; what does not fit is left to the poller.
 */
export class WebhookServer {
  private readonly dispatcher: Dispatcher;
  private readonly ports: Ports;
  /** By card: a further event of a card that waits adds nothing, since its present state is what counts. */
  private readonly queue = new Map<number, Delivery>();
  /** By card: answers that are held back until the work is done. */
  private readonly held = new Map<number, () => void>();
  private wake: (() => void) | undefined;
  private stopped = false;

  constructor(dispatcher: Dispatcher, ports: Ports) {
    this.dispatcher = dispatcher;
    this.ports = ports;
  }

  /** Serves until `stop` aborts. `fail` when the port cannot be listened on. */
  async serve(stop: AbortSignal): Promise<Result<void>> {
    const { host, port } = this.dispatcher.config.webhook;
    const bodyBytesMax = this.dispatcher.policies.limits.webhookBytesMax;
    const options = { host, port, bodyBytesMax };
    const server = await this.ports.http.listen(options, (request, ports) => this.answer(request, ports));
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

  private async answer(request: IncomingRequest, ports: Ports): Promise<OutgoingResponse> {
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
    if (this.dispatcher.policies.webhooks.answers === "when done") {
      await new Promise<void>((resolve) => this.held.set(delivery.cardId, resolve));
    }
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
    let prepared = false;
    for (let failures = 0; !this.stopped;) {
      const delivery = this.next();
      if (delivery === undefined) {
        await this.rest();
        continue;
      }
      const ports = this.ports.fork(`delivery ${delivery.label}`);
      prepared ||= (await this.dispatcher.prepare(ports)).kind === "ok";
      if (prepared) {
        failures = 0;
        await this.consider(ports, delivery);
        this.held.get(delivery.cardId)?.();
      } else {
        // Not lost: it goes back to the end, unless the card has been announced again.
        if (!this.queue.has(delivery.cardId)) this.queue.set(delivery.cardId, delivery);
        failures += 1;
        const { retry } = this.dispatcher.policies;
        const delayMs = retry.pollDelayMs(ports, failures, this.dispatcher.config.pollIntervalMs);
        await ports.clock.sleep(delayMs, { key: "prepare", signal: stop });
      }
    }
    await server.close();
  }

  private async consider(ports: Ports, { cardId, label }: Delivery): Promise<void> {
    const board = this.dispatcher.connection.open(ports);
    const card = await board.getTask({ id: cardId, label });
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

  /** Until a delivery arrives, or until a finished run can be confirmed. */
  private async rest(): Promise<void> {
    const ports = this.ports.fork("confirmation");
    const delayMs = confirmDelayMs(this.dispatcher, ports);
    if (delayMs === undefined) return this.untilWoken();
    const waiting = new AbortController();
    const passed = ports.clock.sleep(delayMs, { key: "confirmation", signal: waiting.signal });
    await Promise.race([this.untilWoken(), passed]);
    waiting.abort("done");
    if (await passed) await confirmTags(this.dispatcher, ports);
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

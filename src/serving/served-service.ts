import { effectOf } from "../faults/effect.ts";
import { canonicalJson } from "../base/json.ts";
import type { Draws } from "../kernel/draws.ts";
import type { Operation } from "../kernel/operation.ts";
import { Task } from "../kernel/task.ts";
import type { HttpRequest, HttpResponse, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Result } from "../ports/result.ts";
import type { Service } from "../ports/service.ts";
import { lost } from "./answer-path.ts";
import type { ArmedFaults } from "./armed-faults.ts";
import { strikesBody } from "./body-path.ts";
import type { Client } from "./client.ts";
import { Exchange, refusal } from "./exchange.ts";
import type { DeliveryFault } from "./fault-spec.ts";
import { FetchClient, incomingOf } from "./fetch-client.ts";
import { UnmodelledCall, type Problems } from "./problems.ts";
import { labelOf } from "./request-label.ts";
import type { ServedJournal } from "./served-journal.ts";
import type { ServingClock } from "./serving-clock.ts";
import type { TurnQueue } from "./turn-queue.ts";
import { labelOfWebhook, sendWebhook } from "./webhook-fault.ts";

/** What the served fakes share. */
export interface ServingContext {
  readonly clock: ServingClock;
  readonly draws: Draws;
  readonly journal: ServedJournal;
  readonly faults: ArmedFaults;
  readonly problems: Problems;
  readonly turns: TurnQueue;
  /** Sends what a service itself asks for, as a webhook. */
  readonly send: (request: HttpRequest) => Promise<Result<HttpResponse>>;
  /** Numbers the operations of all services. */
  nextId(): number;
}

/** A fake that serves real requests: from sockets, or through `fetch` in this process. */
export class ServedService {
  /** What serves requests that arrive from now on; those in progress stay with the one they began with. */
  service: Service;

  private readonly context: ServingContext;
  private readonly waiting: Exchange[] = [];
  private busyWorkers = 0;
  /** By process and direction: until when nothing passes, in the clock's own time. */
  private readonly cutUntilMs = new Map<string, number>();
  /** By process and task: they count the requests of each name and key. */
  private readonly tasks = new Map<string, Task>();

  constructor(service: Service, context: ServingContext) {
    this.service = service;
    this.context = context;
  }

  get name(): string {
    return this.service.name;
  }

  get clock(): ServingClock {
    return this.context.clock;
  }

  get draws(): Draws {
    return this.context.draws;
  }

  get journal(): ServedJournal {
    return this.context.journal;
  }

  get turns(): TurnQueue {
    return this.context.turns;
  }

  /** A `fetch` that ends here. Rejects as `fetch` does when the connection breaks or the request is aborted. */
  async fetch(request: Request): Promise<Response> {
    const incoming = await incomingOf(request);
    return new FetchClient(request.signal).exchange((client) => this.answer(incoming, client));
  }

  /**
   * Serves one request. The answer goes to the client, who may leave.
   *
   * @param fault what befalls it; unless given, what waits for it
   */
  answer(request: IncomingRequest, client: Client, fault?: DeliveryFault): Exchange {
    const label = labelOf(this.name, request);
    const delivery = fault ?? this.context.faults.strike(this.name, label);
    const operation = this.operation(this.task(label.process, label.task), label.name, label.key);
    const { journal } = this;
    journal.append({ kind: "sent", atUs: journal.nowUs(), op: operation });
    if (delivery !== undefined) this.writeFault(delivery, operation);
    const exchange = new Exchange(this, request, operation, client, delivery);
    exchange.start();
    return exchange;
  }

  // What its exchanges ask of it.

  admit(exchange: Exchange): void {
    if (this.busyWorkers >= this.service.workersMax) {
      this.waiting.push(exchange);
      return;
    }
    this.busyWorkers++;
    exchange.begin();
  }

  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.busyWorkers--;
    // Not at once: whoever frees the worker still holds the stack.
    else this.turns.add({ run: () => next.begin() });
  }

  send(request: HttpRequest, operation: Operation): Promise<Result<HttpResponse>> {
    const { faults, send, clock } = this.context;
    const fault = faults.strike("webhook", labelOfWebhook(this.name, request));
    if (fault !== undefined) this.writeFault(fault, operation);
    return sendWebhook(request, fault, clock, send);
  }

  /** Two requests of one site may be pending at once here: their order of arrival tells them apart. */
  operation(task: Task, name: string, key: string): Operation {
    const operation = task.operation(this.context.nextId(), name, key);
    operation.pending = false;
    return operation;
  }

  /** The same request once more, for nobody. */
  duplicate(request: IncomingRequest, of: Operation): void {
    const operation = this.operation(this.task("network", "again"), "duplicate", of.site);
    new Exchange(this, request, operation, lost).start();
  }

  cut(process: string, { durationMs, direction }: DeliveryFault & { kind: "partition" }): void {
    const untilMs = this.clock.elapsedMs() + durationMs;
    for (const each of ["requests", "answers"] as const) {
      if (direction === "both" || direction === each) this.cutUntilMs.set(`${each} ${process}`, untilMs);
    }
  }

  isCut(process: string, direction: "requests" | "answers"): boolean {
    if (this.cutUntilMs.size === 0) return false;
    return this.clock.elapsedMs() < (this.cutUntilMs.get(`${direction} ${process}`) ?? 0);
  }

  /** Says what a fake could not do, and makes the answer for the client who asked. */
  report(error: unknown, operation: Operation): OutgoingResponse {
    const { site } = operation;
    const { name: service } = this;
    const problem =
      error instanceof UnmodelledCall
        ? {
            kind: "unmodelled" as const,
            what: error.what.method,
            file: error.what.file,
            detail: canonicalJson(error.what.args),
          }
        : {
            kind: "broken" as const,
            what: String(error),
            file: "",
            detail: error instanceof Error ? stackOf(error) : "",
          };
    const { kind, what, file, detail } = problem;
    this.context.problems.add({ ...problem, service, site });
    this.journal.note(service, kind, { what, file, detail, site });
    const message =
      kind === "unmodelled"
        ? `stormlane: ${service}: ${what} with ${detail} is not modelled; extend ${file}`
        : `stormlane: ${service}: the fake failed: ${what}`;
    return refusal(message, { kind, what, file, detail, site });
  }

  private writeFault(delivery: DeliveryFault, { site }: Operation): void {
    const { kind, ...params } = delivery;
    const { journal } = this;
    const effect = strikesBody(delivery) ? "done" : effectOf(delivery);
    journal.append({ kind: "fault", atUs: journal.nowUs(), site, fault: kind, params, effect });
  }

  private task(process: string, name: string): Task {
    const path = `${process} ${name}`;
    let task = this.tasks.get(path);
    if (task === undefined) {
      // A client that names each request anew must not fill the memory; its counts begin again then.
      if (this.tasks.size >= tasksMax) this.tasks.clear();
      task = new Task(process, 0, name);
      this.tasks.set(path, task);
    }
    return task;
  }
}

const tasksMax = 10_000;

/** The first lines say where. */
function stackOf({ stack = "" }: Error): string {
  return stack.split("\n").slice(1, 4).join("\n");
}

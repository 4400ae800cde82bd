import { proxyAnswer } from "../faults/proxy-answer.ts";
import { Body } from "../base/body.ts";
import { hash32, hex32 } from "../base/digest.ts";
import { purpose } from "../kernel/draws.ts";
import type { Operation } from "../kernel/operation.ts";
import { Task } from "../kernel/task.ts";
import { usPerMs } from "../kernel/time.ts";
import type { HttpRequest, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Change, ServiceContext, ServiceResume, ServiceStep, Unmodelled } from "../ports/service.ts";
import { answerPath, lost, type Arrival } from "./answer-path.ts";
import type { Client } from "./client.ts";
import type { DeliveryFault } from "./fault-spec.ts";
import { UnmodelledCall } from "./problems.ts";
import type { ServedService } from "./served-service.ts";
import type { Turn } from "./turn-queue.ts";

/**
 * One request at a served fake: it arrives, waits for a worker, is served step by step in turns with the others, and is
 * answered. It goes on whether or not anybody still waits: a request that was sent may take effect.
 */
export class Exchange implements ServiceContext, Turn {
  /** The service's own failure that strikes this request. */
  readonly fault: string | undefined;

  private readonly served: ServedService;
  private readonly request: IncomingRequest;
  private readonly operation: Operation;
  private readonly delivery: DeliveryFault | undefined;
  private readonly client: Client;
  private readonly path: Client;
  private serving: Generator<ServiceStep, OutgoingResponse, ServiceResume> | undefined;
  private resumeWith: ServiceResume;
  private nestedTask: Task | undefined;
  private statements = 0;
  private headLeft = false;
  /** The clock's own time up to which it has waited: pauses add up exactly, however late each timer was. */
  private waitedMs = 0;
  private holdsWorker = false;
  private answered = false;

  constructor(
    served: ServedService,
    request: IncomingRequest,
    operation: Operation,
    client: Client,
    delivery?: DeliveryFault,
  ) {
    this.served = served;
    this.request = request;
    this.operation = operation;
    this.client = client;
    this.delivery = delivery;
    this.fault = delivery?.kind === "service-fault" ? delivery.name : undefined;
    this.path = answerPath(client, delivery, served.clock, (arrival) => this.arrived(arrival));
  }

  start(): void {
    const { served, delivery } = this;
    switch (delivery?.kind) {
      case "request-lost":
        return;
      case "refused":
        this.client.reset();
        this.arrived({ outcome: "fail", detail: "ECONNREFUSED" });
        return;
      case "partition":
        served.cut(this.operation.process, delivery);
        break;
      case "request-delayed":
        served.clock.at(served.clock.elapsedMs() + delivery.delayMs, () => this.arrive());
        return;
      case "request-duplicated":
        served.clock.at(served.clock.elapsedMs() + delivery.afterMs, () =>
          served.duplicate(this.request, this.operation),
        );
        break;
      case "answered-with":
        if (delivery.effect === "none") {
          this.client.answer(proxyAnswer(delivery));
          this.arrived({ outcome: "ok", detail: String(delivery.status) });
          return;
        }
        break;
      default:
    }
    if (!served.isCut(this.operation.process, "requests")) this.arrive();
  }

  /** The client has closed its connection: it learns nothing more. */
  clientLeft(): void {
    this.arrived({ outcome: "unknown", detail: "ABORTED" });
  }

  /** A worker is free: serving begins. */
  begin(): void {
    this.holdsWorker = true;
    this.waitedMs = this.served.clock.elapsedMs();
    try {
      this.serving = this.served.service.serve(this.request, this);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.run();
  }

  /** Goes on to the next yield. */
  run(): void {
    const { resumeWith } = this;
    this.resumeWith = undefined;
    let turn: IteratorResult<ServiceStep, OutgoingResponse>;
    try {
      turn = this.serving!.next(resumeWith);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (turn.done === true) this.finish(turn.value);
    else this.take(turn.value);
  }

  // What a service sees while it serves.

  nowMs(): number {
    return this.served.clock.nowMs();
  }

  record(change: Change): void {
    const { journal } = this.served;
    journal.append({ kind: "change", atUs: journal.nowUs(), op: this.operation, change });
  }

  draw(name: string, bound: number): number {
    return this.served.draws.int(this.operation.siteHash, purpose(name), bound);
  }

  unmodelled(what: Unmodelled): never {
    throw new UnmodelledCall(what);
  }

  private arrive(): void {
    this.served.admit(this);
  }

  private take(step: ServiceStep): void {
    const { turns, journal, clock } = this.served;
    switch (step.kind) {
      case "statement":
        journal.append({ kind: "effect", atUs: journal.nowUs(), op: this.operation, step: this.statements++ });
        turns.add(this);
        return;
      case "wait":
        this.waitedMs += step.durationUs / usPerMs;
        if (clock.isOver(this.waitedMs)) turns.add(this);
        else clock.at(this.waitedMs, () => turns.add(this));
        return;
      case "request":
        void this.sendNested(step.request);
        return;
      case "head":
        this.headLeft = true;
        this.out.head(step.status, step.headers);
        turns.add(this);
        return;
      case "chunk":
        this.out.chunk(step.text);
        turns.add(this);
        return;
      case "reset":
        this.freeWorker();
        this.out.reset();
        return;
      case "stall":
        // As long as the client waits, and we do not know how long: the worker is free for others.
        this.freeWorker();
        return;
      default:
        this.fail(new Error("unknown step of a service"));
    }
  }

  private finish(response: OutgoingResponse): void {
    this.freeWorker();
    if (!this.headLeft) {
      this.out.answer(response);
      return;
    }
    const last = response.body?.text() ?? "";
    if (last !== "") this.out.chunk(last);
    this.out.end();
  }

  /** The way that what leaves now takes. */
  private get out(): Client {
    return this.served.isCut(this.operation.process, "answers") ? lost : this.path;
  }

  /** The service sends a request of its own and waits: a synchronous webhook. Its site is named by this one. */
  private async sendNested(request: HttpRequest): Promise<void> {
    const { served, operation } = this;
    const { journal } = served;
    const { name, key, site } = operation;
    this.nestedTask ??= new Task(served.name, 0, `${name}(${key})~${hex32(hash32(site))}`);
    const op = served.operation(this.nestedTask, request.name ?? `http.${request.method}`, request.key ?? "");
    journal.append({ kind: "sent", atUs: journal.nowUs(), op });
    try {
      const result = await served.send(request, op);
      const detail = result.kind === "ok" ? String(result.value.status) : result.error.code;
      journal.append({ kind: "answered", atUs: journal.nowUs(), op, outcome: result.kind, detail });
      this.resumeWith = result;
    } catch (error) {
      this.fail(error);
      return;
    }
    this.waitedMs = served.clock.elapsedMs();
    served.turns.add(this);
  }

  /** What is not modelled, or broken, costs this client its answer and nobody else anything. */
  private fail(error: unknown): void {
    this.freeWorker();
    const answer = this.served.report(error, this.operation);
    if (this.headLeft) this.path.reset();
    else this.path.answer(answer);
  }

  private freeWorker(): void {
    if (!this.holdsWorker) return;
    this.holdsWorker = false;
    this.served.release();
  }

  private arrived({ outcome, detail }: Arrival): void {
    if (this.answered) return;
    this.answered = true;
    const { journal } = this.served;
    journal.append({ kind: "answered", atUs: journal.nowUs(), op: this.operation, outcome, detail });
  }
}

/** What a client is told that asked for something the fakes cannot do. No client should try that again. */
export function refusal(message: string, members: { readonly [name: string]: string }): OutgoingResponse {
  return {
    status: 501,
    headers: { "content-type": "application/json", "x-should-retry": "false" },
    body: Body.ofJson({ error: { message, type: "stormlane", code: "not_modelled", ...members } }),
  };
}

import { Body } from "../base/body.ts";
import { hash32, hex32 } from "../base/digest.ts";
import type { Footprint } from "../base/footprint.ts";
import type { FaultSpec, Seam } from "../faults/fault.ts";
import { proxyAnswer } from "../faults/proxy-answer.ts";
import { purpose } from "../kernel/draws.ts";
import { RunBroken } from "../kernel/kernel.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Continuation } from "../kernel/process.ts";
import { Step } from "../kernel/step.ts";
import { Task } from "../kernel/task.ts";
import { epochMs, usPerMs } from "../kernel/time.ts";
import type { HttpHeaders, HttpRequest, HttpResponse, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { PortError, Result } from "../ports/result.ts";
import type { Change, ServiceContext, ServiceResume, ServiceStep, Unmodelled } from "../ports/service.ts";
import { localLatency, splitUrl, type Latency, type Listener, type ServedService } from "./network.ts";
import type { World } from "./world.ts";

/** Who waits for an exchange: a process's call, another exchange (a webhook sent in the middle of one), or nobody. */
export interface ExchangeOwner {
  exchangeEnded(result: Result<HttpResponse>): void;
}

/** What the exchange does next when its step fires. */
type Phase = "arrive" | "resume" | "answer" | "over";

/**
 * One request on its way: it arrives, is served (statement by statement, or by a process's own handler), and its
 * answer comes back. It goes on whether or not anybody still waits: a request that was sent may take effect.
 */
export class Exchange extends Step implements ServiceContext {
  readonly request: HttpRequest;
  /** The service's own failure that strikes this request. */
  readonly fault: string | undefined;

  private readonly world: World;
  private readonly owner: ExchangeOwner | undefined;
  private readonly delivery: FaultSpec | undefined;
  private readonly path: string;
  private readonly origin: string;
  private readonly service: ServedService | undefined;
  private phase: Phase = "arrive";
  private serving: Generator<ServiceStep, OutgoingResponse, ServiceResume> | undefined;
  private listener: Listener | undefined;
  private resumeWith: ServiceResume;
  /** What the service does when it is resumed. */
  private statement: (ServiceStep & { readonly kind: "statement" }) | undefined;
  private nestedTask: Task | undefined;
  private result: Result<HttpResponse> | undefined;
  /** What has left of an answer that comes in pieces. */
  private streamed: StreamedAnswer | undefined;

  constructor(world: World, operation: Operation, request: HttpRequest, owner?: ExchangeOwner, fault?: FaultSpec) {
    super(operation);
    this.world = world;
    this.request = request;
    this.owner = owner;
    this.delivery = fault;
    this.fault = fault?.kind === "service-fault" ? fault.name : undefined;
    const { origin, path } = splitUrl(request.url);
    this.origin = origin;
    this.path = path;
    this.service = world.network.serviceAt(origin);
  }

  /** Sends the request. */
  start(): void {
    const latency = this.latency;
    const fault = this.delivery;
    const { kernel } = this.world;
    switch (fault?.kind) {
      case "request-lost":
        return;
      case "refused":
        this.end({ kind: "fail", error: refused });
        return;
      case "partition":
        this.partition(fault);
        break;
      case "request-delayed":
        kernel.schedule(this, latency.nominalUs + fault.delayMs * usPerMs, latency.slackUs);
        return;
      case "request-duplicated":
        kernel.schedule(this, latency.nominalUs, latency.slackUs);
        this.duplicate(fault.afterMs);
        return;
      case "answered-with":
        if (fault.effect === "none") {
          this.answer(proxyAnswer(fault));
          return;
        }
        break;
      default:
    }
    if (this.world.network.isCut(this.operation.process, this.peer)) return;
    kernel.schedule(this, latency.nominalUs, latency.slackUs);
  }

  override get touches(): readonly Footprint[] {
    return this.phase === "resume" && this.statement !== undefined ? this.statement.touches : super.touches;
  }

  override fire(): void {
    switch (this.phase) {
      case "arrive":
        this.arrive();
        return;
      case "resume":
        this.resume();
        return;
      case "answer":
        this.phase = "over";
        this.owner?.exchangeEnded(this.result!);
        return;
      default:
        throw new RunBroken(`exchange ${this.operation.site} fired in phase ${this.phase}`);
    }
  }

  /** The serving process died, or closed the connection. */
  connectionBroke(): void {
    if (this.phase === "answer" || this.phase === "over") return;
    this.end({ kind: "unknown", error: reset });
  }

  // What a service sees while it serves.

  nowMs(): number {
    return Math.floor(epochMs + this.world.kernel.nowUs / usPerMs);
  }

  record(change: Change): void {
    this.world.history.change(this.operation, change);
  }

  draw(name: string, bound: number): number {
    return this.world.kernel.draws.int(this.operation.siteHash, purpose(name), bound);
  }

  unmodelled(what: Unmodelled): never {
    throw new RunBroken(
      `${this.service?.service.name ?? "service"}: ${what.method} with ${JSON.stringify(what.args)} is not modelled; extend ${what.file}`,
    );
  }

  private get latency(): Latency {
    return this.service?.latency ?? localLatency;
  }

  /** The name of the other side, for partitions. */
  private get peer(): string {
    return (
      this.service?.service.name ?? this.world.network.listenerAt(this.origin)?.incarnation.process.name ?? this.origin
    );
  }

  private arrive(): void {
    if (this.service !== undefined) {
      if (this.service.busyWorkers >= this.service.service.workersMax) {
        this.world.kernel.touchesUntold(`${this.operation.site} waits for a worker of ${this.service.service.name}`);
        this.service.waiting.push(this);
        return;
      }
      this.beginService();
      return;
    }
    const listener = this.world.network.listenerAt(this.origin);
    if (listener === undefined) {
      this.end({ kind: "fail", error: refused });
      return;
    }
    this.beginHandler(listener);
  }

  private beginService(): void {
    this.service!.busyWorkers++;
    this.serving = this.service!.service.serve(this.incoming(), this);
    this.resume();
  }

  /** Runs the service up to its next yield. */
  private resume(): void {
    const resumeWith = this.resumeWith;
    this.resumeWith = undefined;
    this.statement = undefined;
    const turn = this.serving!.next(resumeWith);
    if (turn.done === true) {
      this.endService(turn.value);
      return;
    }
    this.phase = "resume";
    this.stage++;
    const step = turn.value;
    switch (step.kind) {
      case "statement":
        this.statement = step;
        this.world.kernel.schedule(this, step.costUs, this.latency.slackUs >> 4);
        return;
      case "wait":
        this.world.kernel.schedule(this, step.durationUs, this.latency.slackUs);
        return;
      case "request":
        this.sendNested(step.request);
        return;
      case "head":
        this.streamed = { status: step.status, headers: step.headers, text: "" };
        this.world.kernel.schedule(this, 0, 0);
        return;
      case "chunk":
        this.streamed!.text += step.text;
        this.world.kernel.schedule(this, 0, this.latency.slackUs >> 4);
        return;
      case "reset":
        this.freeWorker();
        this.end({ kind: "unknown", error: reset });
        return;
      case "stall":
        // As long as the client waits, and we do not know how long: the worker is free for others.
        this.freeWorker();
        this.phase = "over";
        return;
      default:
        throw new RunBroken("unknown service step");
    }
  }

  private endService(response: OutgoingResponse): void {
    const { streamed } = this;
    const whole =
      streamed === undefined
        ? response
        : { ...streamed, body: Body.ofText(streamed.text + (response.body ?? Body.empty).text()) };
    this.answer(whole);
    this.freeWorker();
  }

  private freeWorker(): void {
    const served = this.service!;
    served.busyWorkers--;
    const next = served.waiting.shift();
    if (next !== undefined) next.beginService();
  }

  /** The service sends a request of its own and waits: a synchronous webhook. Its site is named by this one. */
  private sendNested(request: HttpRequest): void {
    const { world } = this;
    // One task for all of them: two webhooks of one event and key are told apart by their order.
    this.nestedTask ??= new Task(this.service!.service.name, 0, this.causeName());
    const operation = world.kernel.begin(this.nestedTask, request.name ?? `http.${request.method}`, request.key ?? "");
    const fault = world.strike(operation, "webhook");
    const owner = new NestedOwner(world, operation, (result) => {
      this.resumeWith = result;
      this.phase = "resume";
      world.kernel.schedule(this, 0, 0);
    });
    owner.expireAfter(request.timeoutMs);
    new Exchange(world, operation, request, owner, fault).start();
  }

  private beginHandler(listener: Listener): void {
    if (sizeOf(this.request) > listener.bodyBytesMax) {
      this.answer({ status: 413 });
      return;
    }
    this.listener = listener;
    listener.exchanges.add(this);
    this.stage++;
    this.world.kernel.deliver(
      listener.incarnation,
      new Handling(this.world, listener, this.incoming(), this.causeName(), this),
    );
  }

  /** The handler's answer leaves its process. */
  handled(response: OutgoingResponse): void {
    this.listener!.exchanges.delete(this);
    if (this.phase === "answer" || this.phase === "over") return;
    this.answer(response);
  }

  private answer(response: OutgoingResponse): void {
    const fault = this.delivery;
    let body = response.body ?? Body.empty;
    let delayUs = 0;
    switch (fault?.kind) {
      case "answer-lost":
        this.phase = "over";
        return;
      case "answer-reset":
        this.end({ kind: "unknown", error: reset });
        return;
      case "answer-delayed":
        delayUs = fault.delayMs * usPerMs;
        break;
      case "answer-truncated": {
        const text = body.text();
        body = Body.ofText(text.slice(0, Math.floor((text.length * fault.keepPermille) / 1000)));
        break;
      }
      case "answered-with":
        response = proxyAnswer(fault);
        body = response.body!;
        break;
      default:
    }
    if (this.world.network.isCut(this.peer, this.operation.process)) {
      this.phase = "over";
      return;
    }
    this.end({ kind: "ok", value: { status: response.status, headers: response.headers ?? noHeaders, body } }, delayUs);
  }

  private end(result: Result<HttpResponse>, delayUs = 0): void {
    this.result = result;
    this.phase = "answer";
    this.stage++;
    this.world.kernel.cancel(this);
    this.world.kernel.schedule(this, this.latency.nominalUs + delayUs, this.latency.slackUs);
  }

  private incoming(): IncomingRequest {
    return {
      method: this.request.method,
      path: this.path,
      headers: this.request.headers ?? noHeaders,
      body: this.request.body ?? Body.empty,
    };
  }

  private partition(fault: FaultSpec & { kind: "partition" }): void {
    const { network } = this.world;
    const caller = this.operation.process;
    const peer = this.peer;
    if (fault.direction !== "answers") network.cut(caller, peer, fault.durationMs);
    if (fault.direction !== "requests") network.cut(peer, caller, fault.durationMs);
  }

  private duplicate(afterMs: number): void {
    const operation = this.world.kernel.begin(networkTask(), "duplicate", this.operation.site);
    const ghost = new Exchange(this.world, operation, this.request);
    this.world.kernel.schedule(ghost, this.latency.nominalUs + afterMs * usPerMs, this.latency.slackUs);
    this.world.kernel.forget(operation);
  }

  /** Names what this request causes: short, and as stable as the site itself. */
  private causeName(): string {
    const { name, key, site } = this.operation;
    return `${name}(${key})~${hex32(hash32(site))}`;
  }
}

interface StreamedAnswer {
  readonly status: number;
  readonly headers: HttpHeaders;
  text: string;
}

/** A duplicate belongs to nobody; its site holds the one it doubles, so a task of its own each time is enough. */
function networkTask(): Task {
  return new Task("network", 0, "again");
}

/** A service that waits for its own request, up to its time limit. */
class NestedOwner extends Step implements ExchangeOwner {
  private readonly world: World;
  private readonly ended: (result: Result<HttpResponse>) => void;
  private over = false;

  constructor(world: World, operation: Operation, ended: (result: Result<HttpResponse>) => void) {
    super(operation);
    this.stage = timeoutStage;
    this.world = world;
    this.ended = ended;
  }

  expireAfter(timeoutMs: number): void {
    this.world.kernel.schedule(this, timeoutMs * usPerMs, 0);
  }

  override fire(): void {
    this.settle({ kind: "unknown", error: timedOut }, "unknown", timedOut.code);
  }

  exchangeEnded(result: Result<HttpResponse>): void {
    this.world.kernel.cancel(this);
    this.settle(result, result.kind, result.kind === "ok" ? String(result.value.status) : result.error.code);
  }

  private settle(result: Result<HttpResponse>, outcome: Result<HttpResponse>["kind"], detail: string): void {
    if (this.over) return;
    this.over = true;
    this.world.kernel.forget(this.operation);
    this.world.history.answered(this.operation, outcome, detail);
    this.ended(result);
  }
}

/** A handler at work in its process. */
class Handling implements Continuation {
  private readonly world: World;
  private readonly listener: Listener;
  private readonly request: IncomingRequest;
  private readonly cause: string;
  private readonly exchange: Exchange;

  constructor(world: World, listener: Listener, request: IncomingRequest, cause: string, exchange: Exchange) {
    this.world = world;
    this.listener = listener;
    this.request = request;
    this.cause = cause;
    this.exchange = exchange;
  }

  deliver(): void {
    const { incarnation, handler } = this.listener;
    const ports = this.world.portsOf(incarnation, this.cause);
    handler(this.request, ports).then(
      (response) => this.exchange.handled(response),
      () => this.exchange.handled({ status: 500 }),
    );
  }
}

export function seamOf(world: World, url: string): Seam {
  const service = world.network.serviceAt(splitUrl(url).origin)?.service.name;
  return service === "board" || service === "model" ? service : "service";
}

/** The stage of a time limit, apart from the stages of the operation itself. */
export const timeoutStage = 1000;

const noHeaders = {};

function sizeOf(request: HttpRequest): number {
  return request.body === undefined ? 0 : Buffer.byteLength(request.body.text());
}

const refused: PortError = { code: "ECONNREFUSED", message: "nobody listens there" };
const reset: PortError = { code: "ECONNRESET", message: "the connection broke before the answer was complete" };
export const timedOut: PortError = { code: "ETIMEDOUT", message: "no complete answer within the time limit" };

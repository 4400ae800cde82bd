import { Body } from "../base/body.ts";
import type { HttpHeaders, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Change, Service, ServiceContext, ServiceResume, ServiceStep, Unmodelled } from "../ports/service.ts";
import type { RecordedChange, RecordedExchange, RecordedWebhook } from "./recording.ts";

/** Writes down what services are asked and what becomes of it, until the end of the run. */
export class Recorder {
  readonly exchanges: RecordedExchange[] = [];
  readonly changes: RecordedChange[] = [];
  readonly webhooks: RecordedWebhook[] = [];

  /** Told of each change, with who made it. */
  onDeed: (process: string) => void = () => {};

  private isOver = false;
  private readonly processOf: ProcessOf;

  constructor(processOf: ProcessOf) {
    this.processOf = processOf;
  }

  /** The same service, watched. */
  watch(service: Service): Service {
    return new WatchedService(service, this);
  }

  /** What happens from now on is not of the run: processes are being ended. */
  end(): void {
    this.isOver = true;
  }

  serve(
    service: Service,
    request: IncomingRequest,
    context: ServiceContext,
  ): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    if (this.isOver) return service.serve(request, context);
    const exchange: RecordedExchange = {
      service: service.name,
      process: this.processOf(request, context),
      request,
      changesBefore: this.changes.length,
      ownChanges: 0,
    };
    this.exchanges.push(exchange);
    const watched = new WatchedContext(context, (change) => {
      if (this.isOver) return;
      exchange.ownChanges++;
      this.onDeed(exchange.process);
      this.changes.push({ service: exchange.service, process: exchange.process, change });
    });
    return this.follow(service.serve(request, watched), exchange);
  }

  private *follow(
    serving: Generator<ServiceStep, OutgoingResponse, ServiceResume>,
    exchange: RecordedExchange,
  ): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    let head: { readonly status: number; readonly headers: HttpHeaders } | undefined;
    let text = "";
    let resume: ServiceResume;
    for (;;) {
      const turn = serving.next(resume);
      if (turn.done === true) {
        const { status, headers = {}, body = Body.empty } = turn.value;
        this.answered(exchange, { status, headers, ...head }, text + body.text());
        return turn.value;
      }
      const step = turn.value;
      if (step.kind === "head") head = { status: step.status, headers: step.headers };
      if (step.kind === "chunk") text += step.text;
      const webhook = step.kind === "request" ? this.sends(step.request.name ?? step.request.method) : undefined;
      resume = yield step;
      if (webhook !== undefined && resume !== undefined && !this.isOver) {
        webhook.result = resume.kind === "ok" ? String(resume.value.status) : resume.error.code;
      }
    }
  }

  private sends(name: string): RecordedWebhook {
    const webhook: RecordedWebhook = { name };
    if (!this.isOver) this.webhooks.push(webhook);
    return webhook;
  }

  private answered(
    exchange: RecordedExchange,
    { status, headers }: { readonly status: number; readonly headers: HttpHeaders },
    text: string,
  ): void {
    if (this.isOver) return;
    exchange.answer = { status, headers, text };
    exchange.changesAfter = this.changes.length;
  }
}

/** Who sent a request. */
type ProcessOf = (request: IncomingRequest, context: ServiceContext) => string;

class WatchedService implements Service {
  private readonly service: Service;
  private readonly recorder: Recorder;

  constructor(service: Service, recorder: Recorder) {
    this.service = service;
    this.recorder = recorder;
  }

  get name(): string {
    return this.service.name;
  }

  get workersMax(): number {
    return this.service.workersMax;
  }

  get faults(): readonly string[] {
    return this.service.faults ?? [];
  }

  serve(request: IncomingRequest, context: ServiceContext): ReturnType<Service["serve"]> {
    return this.recorder.serve(this.service, request, context);
  }
}

class WatchedContext implements ServiceContext {
  private readonly context: ServiceContext;
  private readonly changed: (change: Change) => void;

  constructor(context: ServiceContext, changed: (change: Change) => void) {
    this.context = context;
    this.changed = changed;
  }

  get fault(): string | undefined {
    return this.context.fault;
  }

  nowMs(): number {
    return this.context.nowMs();
  }

  record(change: Change): void {
    this.changed(change);
    this.context.record(change);
  }

  draw(purpose: string, bound: number): number {
    return this.context.draw(purpose, bound);
  }

  unmodelled(what: Unmodelled): never {
    return this.context.unmodelled(what);
  }
}

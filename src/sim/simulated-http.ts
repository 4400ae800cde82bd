import { Step } from "../kernel/step.ts";
import type { HttpHandler, HttpPort, HttpRequest, HttpResponse, HttpServer, ListenOptions } from "../ports/http.ts";
import type { PortError, Result } from "../ports/result.ts";
import { Call, never, type CallContext } from "./call.ts";
import { Exchange, seamOf, timedOut, timeoutStage, type ExchangeOwner } from "./exchange.ts";

export class SimulatedHttp implements HttpPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  request(request: HttpRequest): Promise<Result<HttpResponse>> {
    if (this.context.incarnation.state === "dead") return never();
    if (request.signal?.aborted === true) return Promise.resolve({ kind: "fail", error: abortedBefore });
    return new RequestCall(this.context, request).send();
  }

  listen(options: ListenOptions, handler: HttpHandler): Promise<Result<HttpServer>> {
    if (this.context.incarnation.state === "dead") return never();
    return new ListenCall(this.context, options, handler).send();
  }
}

/** A request as its caller sees it: answered, refused, timed out or aborted. The exchange itself goes on regardless. */
class RequestCall extends Call<Result<HttpResponse>> implements ExchangeOwner {
  private readonly request: HttpRequest;

  constructor(context: CallContext, request: HttpRequest) {
    super(
      context,
      request.name ?? `http.${request.method}`,
      request.key ?? request.url,
      seamOf(context.world, request.url),
    );
    this.request = request;
    this.stage = timeoutStage;
  }

  protected override leave(): void {
    const { world, incarnation } = this.context;
    world.kernel.schedule(this, incarnation.process.clock.trueUs(this.request.timeoutMs), 0);
    this.request.signal?.addEventListener("abort", this.onAbort);
    new Exchange(world, this.operation, this.request, this, this.fault).start();
  }

  /** The caller's own time limit. */
  override fire(): void {
    this.conclude({ kind: "unknown", error: timedOut });
  }

  exchangeEnded(result: Result<HttpResponse>): void {
    this.conclude(result);
  }

  private readonly onAbort = (): void => {
    if (!this.operation.pending) return;
    this.world.kernel.cancel(this);
    const { kernel } = this.world;
    kernel.schedule(new Aborted(this, () => this.conclude({ kind: "unknown", error: aborted })), 0, 0);
  };

  private conclude(result: Result<HttpResponse>): void {
    if (!this.operation.pending) return;
    this.world.kernel.cancel(this);
    this.request.signal?.removeEventListener("abort", this.onAbort);
    this.finish(result.kind, result.kind === "ok" ? String(result.value.status) : result.error.code, result);
  }
}

/** An abort reaches its call in a step of its own: never in the middle of the caller's code. */
class Aborted extends Step {
  private readonly conclude: () => void;

  constructor(call: Step, conclude: () => void) {
    super(call.operation);
    this.stage = timeoutStage + 1;
    this.conclude = conclude;
  }

  override fire(): void {
    this.conclude();
  }
}

const firstFreePort = 40_000;

class ListenCall extends Call<Result<HttpServer>> {
  private readonly options: ListenOptions;
  private readonly handler: HttpHandler;

  constructor(context: CallContext, options: ListenOptions, handler: HttpHandler) {
    super(context, "http.listen", String(options.port), "clock");
    this.options = options;
    this.handler = handler;
  }

  protected override leave(): void {
    this.world.kernel.schedule(this, 100, 0);
  }

  override fire(): void {
    const { world, incarnation } = this.context;
    if (incarnation.state === "dead") return;
    world.kernel.touchesUntold(`${this.operation.site} listens`);
    const host = this.options.host ?? "127.0.0.1";
    const inProgress = new Set<Promise<unknown>>();
    const handler: HttpHandler = (request, ports) => {
      const handling = this.handler(request, ports).finally(() => inProgress.delete(handling));
      inProgress.add(handling);
      return handling;
    };
    const listener = {
      incarnation,
      handler,
      bodyBytesMax: this.options.bodyBytesMax,
      exchanges: new Set<Exchange>(),
    };
    let port = this.options.port === 0 ? firstFreePort : this.options.port;
    while (!world.network.listen(`http://${host}:${port}`, listener)) {
      if (this.options.port !== 0) {
        this.finish("fail", inUse.code, { kind: "fail", error: inUse });
        return;
      }
      port++;
    }
    const close = async (): Promise<void> => {
      world.network.stopListening(`http://${host}:${port}`);
      while (inProgress.size > 0) await Promise.allSettled(inProgress);
    };
    this.finish("ok", String(port), { kind: "ok", value: { port, close } });
  }
}

const inUse: PortError = { code: "EADDRINUSE", message: "another process listens on this port" };
const aborted: PortError = { code: "ABORTED", message: "the caller aborted the request" };
const abortedBefore: PortError = { code: "ABORTED", message: "the caller aborted the request before it was sent" };

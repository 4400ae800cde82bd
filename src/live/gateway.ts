import { Hono } from "hono";
import { isJsonObject } from "../base/json.ts";
import type { HttpRequest, HttpResponse, IncomingRequest, OutgoingResponse } from "../ports/http.ts";
import type { Result } from "../ports/result.ts";
import { sendRequest } from "../real/http-client.ts";
import type { Client } from "../serving/client.ts";
import { defaultListenerLimits, HttpListener, readBody, type ServedApp } from "../serving/http-listener.ts";
import { labelOf } from "../serving/request-label.ts";
import type { ServedFakes } from "../serving/served-fakes.ts";
import type { ServedService } from "../serving/served-service.ts";
import { serviceApp, type Answering } from "../serving/socket-client.ts";
import { sendWebhook } from "../serving/webhook-fault.ts";
import type { Boundary } from "./boundary.ts";
import type { ArrivalFault } from "./planned-fault.ts";

/** Where one process reaches the fakes. Ports of its own say who asks, whatever the client says of itself. */
export interface ProcessDoors {
  readonly boardPort: number;
  readonly modelPort: number;
}

export interface GatewayOptions {
  readonly fakes: ServedFakes;
  readonly boundary: Boundary;
  /** SIGKILL, and a start again later. */
  readonly kill: (process: string) => void;
  /** Which process of the run that program belongs to. */
  readonly ownerOf: (pid: number) => string;
}

/** All doors of a run: every request and every start of a program waits at the boundary. */
export class Gateway {
  readonly doors = new Map<string, ProcessDoors>();
  /** Where installed programs ask for leave to start. */
  programGate = "";

  private readonly listeners: HttpListener[] = [];
  private readonly options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.options = options;
  }

  async openFor(process: string): Promise<void> {
    const { fakes } = this.options;
    this.doors.set(process, {
      boardPort: await this.openService(process, fakes.board),
      modelPort: await this.openService(process, fakes.model),
    });
  }

  /** Where nothing is held. */
  async openUnheld(): Promise<number> {
    return this.open(serviceApp(this.options.fakes.board, defaultListenerLimits));
  }

  async openProgramGate(): Promise<void> {
    const app: ServedApp = new Hono();
    app.post("/start", async (context) => {
      const body = await readBody(context.env.incoming, programBytesMax);
      const { program, pid } = JSON.parse(body.kind === "whole" ? Buffer.from(body.bytes).toString("utf8") : "{}") as {
        readonly program: string;
        readonly pid: number;
      };
      const process = this.options.ownerOf(pid);
      const fault = await this.options.boundary.arrive({ process, name: `start.${program}`, kind: "program" });
      if (fault?.kind === "kill") this.options.kill(process);
      return context.body(null, 204);
    });
    this.programGate = `http://127.0.0.1:${await this.open(app)}/start`;
  }

  async close(): Promise<void> {
    await Promise.all(this.listeners.map((listener) => listener.close()));
  }

  private openService(process: string, served: ServedService): Promise<number> {
    return this.open(serviceApp(new HeldService(process, served, this.options), defaultListenerLimits));
  }

  private async open(app: ServedApp): Promise<number> {
    const listener = await HttpListener.open(0, { ...defaultListenerLimits, closingMsMax: 50 });
    this.listeners.push(listener);
    listener.serve(app);
    return listener.port;
  }
}

/** A fake as one process sees it. */
class HeldService implements Answering {
  private readonly process: string;
  private readonly served: ServedService;
  private readonly options: GatewayOptions;

  constructor(process: string, served: ServedService, options: GatewayOptions) {
    this.process = process;
    this.served = served;
    this.options = options;
  }

  answer(request: IncomingRequest, client: Client): { clientLeft(): void } {
    const { boundary } = this.options;
    const own = { "x-stormlane-process": this.process };
    const named = { ...request, headers: { "x-stormlane-key": keyOf(request), ...request.headers, ...own } };
    const { name } = labelOf(this.served.name, named);
    const watched = new WatchedClient(client, boundary);
    let clientLeft = (): void => watched.leave();
    void boundary.arrive({ process: this.process, name, kind: "request" }).then((fault) => {
      // Its request was sent: it takes effect also when nobody waits any more.
      const exchange = this.begin(named, watched, fault);
      if (watched.hasLeft) exchange?.clientLeft();
      clientLeft = () => {
        watched.leave();
        exchange?.clientLeft();
      };
    });
    return { clientLeft: () => clientLeft() };
  }

  private begin(
    request: IncomingRequest,
    client: WatchedClient,
    fault: ArrivalFault | undefined,
  ): { clientLeft(): void } | undefined {
    const { served, process } = this;
    if (fault?.kind !== "kill") return served.answer(request, client, fault);
    if (fault.effect === "none") {
      this.options.kill(process);
      return undefined;
    }
    // When it has had all its effect, and nobody has learned of it.
    return served.answer(request, new DyingClient(client, () => this.options.kill(process)));
  }
}

/** What a call is about, for whoever reads of it: the card that it names. */
function keyOf({ body }: IncomingRequest): string {
  const call = body.json();
  const params = isJsonObject(call) ? call["params"] : undefined;
  const card = isJsonObject(params) ? params["task_id"] : undefined;
  return typeof card === "number" || typeof card === "string" ? `card ${String(card).slice(0, 20)}` : "";
}

/** Tells the boundary of answers: whoever gets one goes on. */
class WatchedClient implements Client {
  hasLeft = false;
  private readonly client: Client;
  private readonly boundary: Boundary;

  constructor(client: Client, boundary: Boundary) {
    this.client = client;
    this.boundary = boundary;
  }

  answer(response: OutgoingResponse): void {
    this.client.answer(response);
    this.boundary.noteActivity();
  }

  head(...args: Parameters<Client["head"]>): void {
    this.client.head(...args);
  }

  chunk(text: string): void {
    this.client.chunk(text);
  }

  end(): void {
    this.client.end();
    this.boundary.noteActivity();
  }

  reset(): void {
    this.client.reset();
    this.boundary.noteActivity();
  }

  leave(): void {
    this.hasLeft = true;
    this.boundary.noteActivity();
  }
}

/** Its process dies in place of the answer. */
class DyingClient implements Client {
  private readonly client: Client;
  private readonly die: () => void;

  constructor(client: Client, die: () => void) {
    this.client = client;
    this.die = die;
  }

  answer(): void {
    this.die();
  }

  head(): void {
    this.die();
  }

  chunk(): void {
    // Nobody is there to read it.
  }

  end(): void {
    // It is over already.
  }

  reset(): void {
    this.die();
    this.client.reset();
  }
}

/** How webhooks leave: each waits at the boundary, as something that the board does. */
export function heldWebhooks(
  boundary: Boundary,
  clock: ServedFakes["clock"],
): (request: HttpRequest) => Promise<Result<HttpResponse>> {
  return async (request) => {
    const name = request.name ?? "webhook";
    const fault = await boundary.arrive({ process: "board", name, kind: "webhook" });
    const send = ({ timeoutMs, ...each }: HttpRequest): Promise<Result<HttpResponse>> =>
      sendRequest({ ...each, timeoutMs: timeoutMs / clock.speed }, webhookAnswerBytesMax);
    const result = await sendWebhook(request, fault?.kind === "kill" ? undefined : fault, clock, send);
    boundary.noteActivity();
    return result;
  };
}

const programBytesMax = 4_096;
const webhookAnswerBytesMax = 1024 * 1024;

import { Body } from "../../src/base/body.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Service, ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import { ServedFakes, type ServedFakesOptions } from "../../src/serving/served-fakes.ts";
import { ServedService } from "../../src/serving/served-service.ts";

/** A service that does what its caller's path says, step by step. */
export class ToyService implements Service {
  readonly name = "board";
  readonly workersMax: number;
  readonly faults = ["busy"];
  /** What happened, in order: `<path> <what>`. */
  readonly log: string[] = [];
  private counter = 0;

  constructor(workersMax = 4) {
    this.workersMax = workersMax;
  }

  *serve(request: IncomingRequest, context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    const { path, body } = request;
    const log = (what: string): void => void this.log.push(`${path} ${what}`);
    log("begins");
    if (context.fault === "busy") return { status: 503 };
    switch (path.split("?", 1)[0]) {
      case "/count": {
        // Reads in one statement and writes in another: who comes between is overwritten.
        yield statement;
        const seen = this.counter;
        log(`reads ${seen}`);
        yield statement;
        this.counter = seen + 1;
        context.record({ store: "toy", type: "counted", value: this.counter });
        return text(String(this.counter));
      }
      case "/steps":
        for (let step = 0; step < 3; step++) {
          yield statement;
          log(`step ${step}`);
        }
        return text("done");
      case "/draw":
        return text(String(context.draw("number", 1_000_000)));
      case "/wait":
        yield { kind: "wait", durationUs: 60_000_000 };
        return text(String(context.nowMs()));
      case "/stream":
        yield { kind: "head", status: 200, headers: { "content-type": "text/event-stream" } };
        for (const piece of body.text()) yield { kind: "chunk", text: piece };
        return text("!");
      case "/stream-then-reset":
        yield { kind: "head", status: 200, headers: {} };
        yield { kind: "chunk", text: "some" };
        yield { kind: "reset" };
        return text("never");
      case "/stream-then-unmodelled":
        yield { kind: "head", status: 200, headers: {} };
        yield { kind: "chunk", text: "some" };
        return context.unmodelled({ method: "more", args: [], file: "toy.ts" });
      case "/reset":
        yield { kind: "reset" };
        return text("never");
      case "/stall":
        yield { kind: "stall" };
        return text("never");
      case "/nested": {
        const result = yield {
          kind: "request",
          request: {
            method: "POST",
            url: "http://receiver.test/hook",
            timeoutMs: 1000,
            name: "webhook.hook",
            key: "k",
          },
        };
        return text(result?.kind === "ok" ? String(result.value.status) : (result?.error.code ?? ""));
      }
      case "/unmodelled":
        return context.unmodelled({ method: "dream", args: { of: "sheep" }, file: "fakes/toy/dreams.ts" });
      case "/broken":
        throw new Error("a promise of ours is broken");
      case "/long":
        return text("x".repeat(64 * 1024 * 1024));
      default:
        return { status: 200, headers: { "content-type": "text/plain" }, body };
    }
  }
}

/** The fakes with a toy in place of the board. */
export function toyFakes(options: ServedFakesOptions & { readonly workersMax?: number } = {}): {
  readonly fakes: ServedFakes;
  readonly toy: ToyService;
  readonly served: ServedService;
} {
  const { workersMax, ...given } = options;
  const fakes = new ServedFakes(given);
  const toy = new ToyService(workersMax);
  fakes.board.service = toy;
  return { fakes, toy, served: fakes.board };
}

const statement: ServiceStep = { kind: "statement", touches: [], costUs: 300 };

function text(content: string): OutgoingResponse {
  return { status: 200, body: Body.ofText(content) };
}

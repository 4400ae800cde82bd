import { unreachable } from "../../src/base/assert.ts";
import { Body } from "../../src/base/body.ts";
import type { HttpHeaders, OutgoingResponse } from "../../src/ports/http.ts";
import type { ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import { answerChars } from "./complete-answer.ts";
import type { Completion, ModelRequest } from "./completion.ts";
import type { Dialect, StreamEvent } from "./dialect.ts";
import type { StreamFault } from "./stream-fault.ts";

/** An answer that is on its way. */
export interface AnswerDelivery {
  readonly dialect: Dialect;
  readonly request: ModelRequest;
  readonly completion: Completion;
  /** Headers that say how many requests are left. */
  readonly limits: HttpHeaders | undefined;
  readonly fault: StreamFault | undefined;
  /** The one atomic effect: the answer is complete, and billed. */
  complete(): Generator<ServiceStep, void, ServiceResume>;
}

type Steps<Result> = Generator<ServiceStep, Result, ServiceResume>;

/** Waits as the model thinks, and sends what it says, in one body or as a stream. */
export function* deliver(delivery: AnswerDelivery): Steps<OutgoingResponse> {
  const { dialect, request, completion, fault } = delivery;
  if (fault?.at === "before-headers") {
    const end = yield* strikeBeforeHeaders(delivery, fault);
    if (end !== undefined) return end;
  }
  if (request.stream) return yield* deliverStream(delivery);
  yield wait((completion.timeToFirstTokenMs + completion.generationMs) * 1000);
  yield* delivery.complete();
  const answer = dialect.answer(completion, request);
  const { limits } = delivery;
  const response = limits === undefined ? answer : { ...answer, headers: { ...answer.headers, ...limits } };
  return fault === undefined || fault.at === "before-headers"
    ? response
    : yield* deliverDamaged(response, delivery, fault);
}

/** @returns the answer when there is none to wait for any more */
function* strikeBeforeHeaders(delivery: AnswerDelivery, fault: StreamFault): Steps<OutgoingResponse | undefined> {
  switch (fault.how) {
    case "pause":
      yield wait(fault.durationMs * 1000);
      return undefined;
    case "error-event":
      return delivery.dialect.refuse(fault.error ?? { kind: "serverError" }, delivery.completion, delivery.request);
    default:
      yield { kind: fault.how === "stall" ? "stall" : "reset" };
      return NOTHING_MORE;
  }
}

/**
 * Each delta leaves when its tokens are there. Where an API does not show the reasoning, its time passes before the
 * first delta: the last one leaves when a single body would.
 */
function* deliverStream(delivery: AnswerDelivery): Steps<OutgoingResponse> {
  const { dialect, completion, request, fault } = delivery;
  const events = dialect.streamEvents(completion, request);
  const pace = new Pace(completion, events);
  const strikeAfter = fault === undefined ? undefined : deltasBefore(fault, events, completion);
  let deltas = 0;
  yield { kind: "head", status: 200, headers: { ...dialect.streamHeaders(completion), ...delivery.limits } };
  for (const [index, event] of events.entries()) {
    if (event.kind === "frame") {
      yield { kind: "chunk", text: event.text };
      continue;
    }
    const isPlace = strikeAfter === deltas || (event.kind === "terminal" && (strikeAfter ?? -1) > deltas);
    if (isPlace && (yield* strike(delivery, fault!, events, index)) === "over") return NOTHING_MORE;
    if (event.kind === "delta") {
      deltas++;
      yield wait(pace.untilUs(event.chars));
      yield { kind: "chunk", text: event.text };
      continue;
    }
    yield wait(pace.untilEndUs());
    yield* delivery.complete();
    if (fault?.at === "instead-of-terminal" && (yield* strike(delivery, fault, events, index)) === "over") {
      return NOTHING_MORE;
    }
    yield { kind: "chunk", text: event.text };
    if (fault?.at === "after-terminal" && (yield* strike(delivery, fault, events, index + 1)) === "over") {
      return NOTHING_MORE;
    }
  }
  return NOTHING_MORE;
}

/** What is returned when everything has left by other ways. */
const NOTHING_MORE: OutgoingResponse = { status: 200 };

/** How many deltas leave before the fault strikes; undefined when it strikes at another kind of place. */
function deltasBefore(fault: StreamFault, events: readonly StreamEvent[], completion: Completion): number | undefined {
  if (typeof fault.at === "object") return fault.at.afterDeltas;
  if (fault.at !== "tool-call-opened") return undefined;
  const { toolCalls } = completion;
  let argumentChars = 0;
  for (const call of toolCalls) argumentChars += call.arguments.length;
  const deltas = events.filter(({ kind }) => kind === "delta");
  let left = deltas.length;
  for (let chars = 0; left > 0 && chars < argumentChars; left--) chars += deltas[left - 1]!.chars;
  return left;
}

/** @param next the event that would follow */
function* strike(
  delivery: AnswerDelivery,
  fault: StreamFault,
  events: readonly StreamEvent[],
  next: number,
): Steps<"over" | "goes-on"> {
  const { dialect, completion, request } = delivery;
  switch (fault.how) {
    case "reset":
    case "stall":
      yield { kind: fault.how };
      return "over";
    case "clean-end":
      return "over";
    case "cut-event": {
      const text = events[next]?.text;
      if (text !== undefined) yield { kind: "chunk", text: cutEvent(text) };
      return "over";
    }
    case "error-event": {
      const error = fault.error ?? { kind: "serverError" };
      const text = dialect.refuseInStream(error, completion, { completion, request, eventsBefore: next });
      yield { kind: "chunk", text };
      return "over";
    }
    case "pause":
      yield wait(fault.durationMs * 1000);
      return "goes-on";
    default:
      return unreachable(fault);
  }
}

/** Half of its JSON, in a whole frame: some clients never look at an event that its frame does not end. */
function cutEvent(text: string): string {
  const whole = text.trimEnd();
  return whole.slice(0, Math.ceil(whole.length / 2)) + text.slice(whole.length);
}

/** The same for an answer that comes in one body. */
function* deliverDamaged(
  response: OutgoingResponse,
  { dialect, completion, request }: AnswerDelivery,
  fault: StreamFault,
): Steps<OutgoingResponse> {
  if (fault.how === "error-event") {
    const { body } = dialect.refuse(fault.error ?? { kind: "serverError" }, completion, request);
    return { ...response, ...(body === undefined ? {} : { body }) };
  }
  const { status, headers = {} } = response;
  const text = (response.body ?? Body.empty).text();
  const keep = charsBefore(fault, text, completion);
  yield { kind: "head", status, headers };
  if (keep > 0) yield { kind: "chunk", text: text.slice(0, keep) };
  switch (fault.how) {
    case "reset":
    case "stall":
      yield { kind: fault.how };
      return NOTHING_MORE;
    case "clean-end":
    case "cut-event":
      return NOTHING_MORE;
    case "pause":
      yield wait(fault.durationMs * 1000);
      return { status, body: Body.ofText(text.slice(keep)) };
    default:
      return unreachable(fault);
  }
}

function charsBefore({ at }: StreamFault, text: string, completion: Completion): number {
  if (at === "after-terminal") return text.length;
  const last = text.length - 1;
  if (typeof at === "object") return Math.min(at.afterDeltas * completion.deltaChars, last);
  const [call] = completion.toolCalls;
  if (at === "instead-of-terminal" || call === undefined) return last;
  const name = JSON.stringify(call.name);
  const start = text.indexOf(name);
  return start === -1 ? last : start + name.length;
}

/** When the pieces of an answer are there. */
class Pace {
  private readonly completion: Completion;
  private readonly charsTotal: number;
  private charsSaid: number;
  private elapsedUs = 0;

  constructor(completion: Completion, events: readonly StreamEvent[]) {
    let charsShown = 0;
    for (const { chars } of events) charsShown += chars;
    this.completion = completion;
    this.charsTotal = Math.max(1, charsShown, completion.reasoning.length + answerChars(completion));
    this.charsSaid = this.charsTotal - charsShown;
  }

  /** From the last piece to one of so many characters. */
  untilUs(chars: number): number {
    this.charsSaid += chars;
    return this.elapseTo((this.charsSaid / this.charsTotal) * this.completion.generationMs);
  }

  untilEndUs(): number {
    return this.elapseTo(this.completion.generationMs);
  }

  private elapseTo(generatedMs: number): number {
    const dueUs = Math.round((this.completion.timeToFirstTokenMs + generatedMs) * 1000);
    const waitUs = dueUs - this.elapsedUs;
    this.elapsedUs = dueUs;
    return waitUs;
  }
}

function wait(durationUs: number): ServiceStep {
  return { kind: "wait", durationUs: Math.round(durationUs) };
}

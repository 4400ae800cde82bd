import { Body } from "../base/body.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { PortError, Result } from "../ports/result.ts";
import { proxyAnswer } from "../faults/proxy-answer.ts";
import { cutAnswer } from "./answer-path.ts";
import type { DeliveryFault } from "./fault-spec.ts";
import type { RequestLabel } from "./request-label.ts";
import type { ServingClock } from "./serving-clock.ts";

type Send = (request: HttpRequest) => Promise<Result<HttpResponse>>;

/** What faults match a request of a service by: the event is its procedure. */
export function labelOfWebhook(service: string, { name = "", key = "", url }: HttpRequest): RequestLabel {
  const procedure = name.replace(/^webhook\./, "");
  return { name, procedure, path: new URL(url).pathname, process: service, task: "main", key, token: "" };
}

/** Sends a request of a service itself, with what a fault does to it on the way and back. */
export async function sendWebhook(
  request: HttpRequest,
  fault: DeliveryFault | undefined,
  clock: ServingClock,
  send: Send,
): Promise<Result<HttpResponse>> {
  const { timeoutMs } = request;
  const pass = (durationMs: number): Promise<void> =>
    new Promise((resolve) => clock.at(clock.elapsedMs() + durationMs, resolve));
  const later = (delayMs: number): void => void clock.at(clock.elapsedMs() + delayMs, () => void send(request));
  switch (fault?.kind) {
    case "refused":
      return { kind: "fail", error: refused };
    case "request-lost":
    case "partition":
      await pass(timeoutMs);
      return { kind: "unknown", error: timedOut };
    case "request-delayed":
      if (fault.delayMs >= timeoutMs) {
        later(fault.delayMs);
        await pass(timeoutMs);
        return { kind: "unknown", error: timedOut };
      }
      await pass(fault.delayMs);
      return await send(request);
    case "request-duplicated": {
      const result = await send(request);
      later(fault.afterMs);
      return result;
    }
    case "answered-with":
      if (fault.effect === "done") await send(request);
      return { kind: "ok", value: whole(proxyAnswer(fault)) };
    // Only the end of a receiver's answer is waited for: without it there is none.
    case "body-stalled":
    case "answer-lost":
      await send(request);
      await pass(timeoutMs);
      return { kind: "unknown", error: timedOut };
    case "body-cut":
    case "answer-reset":
      await send(request);
      return { kind: "unknown", error: reset };
    case "body-dripped":
    case "answer-delayed": {
      const result = await send(request);
      const delayMs = fault.kind === "answer-delayed" ? fault.delayMs : drippingMs(result, fault);
      await pass(Math.min(delayMs, timeoutMs));
      return delayMs < timeoutMs ? result : { kind: "unknown", error: timedOut };
    }
    case "answer-truncated": {
      const result = await send(request);
      return result.kind === "ok" ? { kind: "ok", value: whole(cutAnswer(result.value, fault.keepPermille)) } : result;
    }
    default:
      return await send(request);
  }
}

/** How long the body of an answer takes to come. */
function drippingMs(
  result: Result<HttpResponse>,
  { pieceChars, everyMs }: DeliveryFault & { readonly kind: "body-dripped" },
): number {
  return result.kind === "ok" ? Math.ceil(result.value.body.text().length / pieceChars) * everyMs : 0;
}

function whole({ status, headers = {}, body = Body.empty }: ReturnType<typeof proxyAnswer>): HttpResponse {
  return { status, headers, body };
}

const refused: PortError = { code: "ECONNREFUSED", message: "nobody listens there" };
const reset: PortError = { code: "ECONNRESET", message: "the connection broke before the answer was complete" };
const timedOut: PortError = { code: "ETIMEDOUT", message: "no complete answer within the time limit" };

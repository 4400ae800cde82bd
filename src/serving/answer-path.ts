import { proxyAnswer } from "../faults/proxy-answer.ts";
import { Body } from "../base/body.ts";
import type { HttpHeaders, OutgoingResponse } from "../ports/http.ts";
import { bodyPath } from "./body-path.ts";
import type { Client } from "./client.ts";
import type { DeliveryFault } from "./fault-spec.ts";
import type { ServingClock } from "./serving-clock.ts";

/** How an answer came to its end, as its client sees it; undefined while nothing has arrived. */
export type Arrival = { readonly outcome: "ok" | "fail" | "unknown"; readonly detail: string };

/**
 * The way of an answer from a service to its client, with what a delivery fault does to it. An answer that is struck is
 * held until it is complete, as a proxy does.
 *
 * @param arrived called once, when the client has got all that it will get; never when the answer is lost
 */
export function answerPath(
  client: Client,
  fault: DeliveryFault | undefined,
  clock: ServingClock,
  arrived: (arrival: Arrival) => void,
): Client {
  switch (fault?.kind) {
    case "answer-lost":
      return lost;
    case "answer-reset":
      return collected(direct(client, arrived), (_whole, onwards) => onwards.reset());
    case "answered-with":
      return collected(direct(client, arrived), (_whole, onwards) => onwards.answer(proxyAnswer(fault)));
    case "answer-truncated":
      return collected(direct(client, arrived), (whole, onwards) =>
        onwards.answer(cutAnswer(whole, fault.keepPermille)),
      );
    case "answer-delayed":
      return collected(direct(client, arrived), (whole, onwards) => {
        clock.at(clock.elapsedMs() + fault.delayMs, () => onwards.answer(whole));
      });
    case "body-stalled":
    case "body-cut":
    case "body-dripped":
      return bodyPath(direct(client, arrived), fault, clock);
    default:
      return direct(client, arrived);
  }
}

/** The answer that never arrives. */
export const lost: Client = { answer() {}, head() {}, chunk() {}, end() {}, reset() {} };

function direct(client: Client, arrived: (arrival: Arrival) => void): Client {
  let begun = 0;
  return {
    answer(response) {
      client.answer(response);
      arrived({ outcome: "ok", detail: String(response.status) });
    },
    head(status, headers, bodyBytes) {
      begun = status;
      client.head(status, headers, bodyBytes);
    },
    chunk: (text) => client.chunk(text),
    end() {
      client.end();
      arrived({ outcome: "ok", detail: String(begun) });
    },
    reset() {
      client.reset();
      arrived({ outcome: "unknown", detail: "ECONNRESET" });
    },
  };
}

/** Lets go of an answer when it is complete, whole. */
function collected(onwards: Client, release: (whole: OutgoingResponse, onwards: Client) => void): Client {
  let head: { readonly status: number; readonly headers: HttpHeaders } | undefined;
  let text = "";
  return {
    answer: (response) => release(response, onwards),
    head(status, headers) {
      head = { status, headers };
    },
    chunk(piece) {
      text += piece;
    },
    end: () => release({ ...head!, body: Body.ofText(text) }, onwards),
    reset: () => onwards.reset(),
  };
}

export function cutAnswer(whole: OutgoingResponse, keepPermille: number): OutgoingResponse {
  const text = (whole.body ?? Body.empty).text();
  return { ...whole, body: Body.ofText(text.slice(0, Math.floor((text.length * keepPermille) / 1000))) };
}

import { assert } from "../../src/base/assert.ts";
import type { AnswerFault } from "./answer-fault.ts";
import type { Draw } from "./model-script.ts";
import type { ProviderError } from "./provider-error.ts";

export type ServiceFault =
  | { readonly kind: "answer"; readonly fault: AnswerFault }
  | { readonly kind: "error"; readonly error: ProviderError; readonly fault?: undefined };

/** What a name in a fault plan stands for; parameters that a name does not carry are drawn. */
export function serviceFault(name: string, draw: Draw): ServiceFault {
  const make = MAKERS.get(name);
  assert(make !== undefined, `model: no fault is called ${name}`);
  return make(draw);
}

const answer = (fault: AnswerFault): ServiceFault => ({ kind: "answer", fault });
const error = (refusal: ProviderError): ServiceFault => ({ kind: "error", error: refusal });

const MAKERS: ReadonlyMap<string, (draw: Draw) => ServiceFault> = new Map<string, (draw: Draw) => ServiceFault>([
  ["empty", () => answer({ kind: "empty" })],
  ["fenced", () => answer({ kind: "fenced" })],
  ["truncated", () => answer({ kind: "truncated", silent: false })],
  ["truncated-silently", () => answer({ kind: "truncated", silent: true })],
  ["malformed", () => answer({ kind: "malformed" })],
  ["schema-violating", () => answer({ kind: "schemaViolating" })],
  ["duplicated-item", () => answer({ kind: "duplicatedItem" })],
  ["refusal", () => answer({ kind: "refusal" })],
  ["content-filter", () => answer({ kind: "contentFilter" })],
  ["context-overflow", () => answer({ kind: "contextOverflow" })],
  ["huge", () => answer({ kind: "huge", sizeChars: 1_000_000 })],
  ["injected", () => answer({ kind: "injected" })],
  ["slow-first-token", (draw) => answer({ kind: "slowFirstToken", delayMs: 1_000 * 4 ** draw("answer.slowness", 5) })],
  [
    "rate-limited",
    (draw) => error({ kind: "rateLimited", retryAfterSeconds: 1 + draw("answer.retryAfterSeconds", 60) }),
  ],
  ["rate-limited-without-hint", () => error({ kind: "rateLimited" })],
  ["quota-exceeded", () => error({ kind: "quotaExceeded" })],
  ["server-error", () => error({ kind: "serverError" })],
  ["overloaded", () => error({ kind: "overloaded", retryAfterSeconds: 0 })],
]);

/** In the order of the table. */
export const serviceFaultNames: readonly string[] = [...MAKERS.keys()];

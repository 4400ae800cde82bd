import { assert } from "../../src/base/assert.ts";
import { damageAnswer } from "./answer-fault.ts";
import type { AnswerFault } from "./answer-fault.ts";
import type { Draw, HtmlPage, ScriptAnswer } from "./model-script.ts";
import type { ProviderError } from "./provider-error.ts";
import type { StreamHarm, StreamPlace } from "./stream-fault.ts";

/** What a name in a fault plan makes of an answer; parameters that a name does not carry are drawn. */
export function strikeAnswer(answer: ScriptAnswer, name: string, draw: Draw): ScriptAnswer {
  const strike = STRIKES.get(name);
  assert(strike !== undefined, `model: no fault is called ${name}`);
  return strike(answer, draw);
}

type Strike = (answer: ScriptAnswer, draw: Draw) => ScriptAnswer;

const wrong =
  (fault: AnswerFault): Strike =>
  (answer, draw) =>
    damageAnswer(answer, fault, draw);

const refused =
  (error: ProviderError | HtmlPage): Strike =>
  (answer) => ({ ...answer, error });

const cut =
  (harm: StreamHarm): Strike =>
  (answer, draw) => ({ ...answer, streamFault: { at: drawPlace(answer, draw), ...harm } });

const STRIKES: ReadonlyMap<string, Strike> = new Map<string, Strike>([
  ["empty", wrong({ kind: "empty" })],
  ["fenced", wrong({ kind: "fenced" })],
  ["truncated", wrong({ kind: "truncated", silent: false })],
  ["truncated-silently", wrong({ kind: "truncated", silent: true })],
  ["malformed", wrong({ kind: "malformed" })],
  ["schema-violating", wrong({ kind: "schemaViolating" })],
  ["duplicated-item", wrong({ kind: "duplicatedItem" })],
  ["another-answer", wrong({ kind: "another" })],
  ["refusal", wrong({ kind: "refusal" })],
  ["content-filter", wrong({ kind: "contentFilter" })],
  ["context-overflow", wrong({ kind: "contextOverflow" })],
  ["huge", wrong({ kind: "huge", sizeChars: 1_000_000 })],
  ["injected", wrong({ kind: "injected" })],
  ["unknown-tool", wrong({ kind: "unknownTool" })],
  ["tool-arguments-cut", wrong({ kind: "toolArgumentsCut" })],
  [
    "slow-first-token",
    (answer, draw) =>
      damageAnswer(answer, { kind: "slowFirstToken", delayMs: 1_000 * 4 ** draw("answer.slowness", 5) }, draw),
  ],
  [
    "rate-limited",
    (answer, draw) => ({
      ...answer,
      error: { kind: "rateLimited", retryAfterSeconds: 1 + draw("answer.retryAfterSeconds", 60) },
    }),
  ],
  ["rate-limited-without-hint", refused({ kind: "rateLimited" })],
  // Come back at once, come back tomorrow, and two headers that contradict each other.
  [
    "rate-limited-with-a-lie",
    (answer, draw) => ({ ...answer, error: { kind: "rateLimited", ...LYING_HINTS[draw("answer.lie", 3)]! } }),
  ],
  ["quota-exceeded", refused({ kind: "quotaExceeded" })],
  ["invalid-key", refused({ kind: "invalidKey" })],
  ["permission-denied", refused({ kind: "permissionDenied" })],
  ["prompt-filtered", refused({ kind: "promptFiltered" })],
  ["request-too-large", refused({ kind: "requestTooLarge", sizeBytesMax: 33_554_432 })],
  ["server-error", refused({ kind: "serverError" })],
  ["unavailable", refused({ kind: "unavailable" })],
  ["timeout", refused({ kind: "timeout" })],
  ["overloaded", refused({ kind: "overloaded", retryAfterSeconds: 0 })],
  ["bad-gateway-page", refused({ kind: "htmlPage", status: 502 })],
  ["ok-page", refused({ kind: "htmlPage", status: 200 })],
  ["connection-reset", cut({ how: "reset" })],
  ["ended-early", cut({ how: "clean-end" })],
  ["stalled", cut({ how: "stall" })],
  ["error-event", cut({ how: "error-event" })],
  ["event-cut", cut({ how: "cut-event" })],
  [
    "paused",
    (answer, draw) => cut({ how: "pause", durationMs: 1_000 * 4 ** draw("answer.slowness", 5) })(answer, draw),
  ],
  ["tool-call-cut", (answer) => ({ ...answer, streamFault: { at: "tool-call-opened", how: "clean-end" } })],
]);

/** In the order of the table. */
export const serviceFaultNames: readonly string[] = [...STRIKES.keys()];

const LYING_HINTS = [
  { retryAfterSeconds: 0 },
  { retryAfterSeconds: 86_400 },
  { retryAfterSeconds: 30, retryAfterMs: 1 },
] as const;

/** One place in three is in the middle of the answer. */
function drawPlace(answer: ScriptAnswer, draw: Draw): StreamPlace {
  switch (draw("answer.cutAt", 4)) {
    case 0:
      return "before-headers";
    case 1:
      return "instead-of-terminal";
    default:
      return { afterDeltas: draw("answer.afterDeltas", 1 + Math.ceil(answer.content.length / 12)) };
  }
}

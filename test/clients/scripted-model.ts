import type { ModelScript, ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import { ServingClock } from "../../src/serving/serving-clock.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";

export interface ScriptedModel {
  readonly origin: string;
  /** Requests that came with this token, retries included. */
  requests(token: string): number;
  close(): Promise<void>;
}

/**
 * A served model that answers by the first word of the token that a client carries, as `retry` of `retry-openai`: each
 * test has a token, and so a conversation, of its own. No wait lasts.
 */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const seen = new Map<string, number>();
  const script: ModelScript = (request) => {
    seen.set(request.token, (seen.get(request.token) ?? 0) + 1);
    return scripts[request.token.split("-", 1)[0]!]?.(request);
  };
  const serving: Serving = await startServing({
    ports: { board: 0, model: 0, control: 0 },
    scenario: { model: { script, models: ["storm-1"] } },
    clock: new ServingClock({ speed: 0 }),
  });
  return {
    origin: `http://127.0.0.1:${serving.ports.model}`,
    requests: (token) => seen.get(token) ?? 0,
    close: () => serving.close(),
  };
}

export const greeting = "Hello from a model that says what a script says, word after word.";
export const forecast = { city: "Lisbon", days: [{ high: 21, sunny: true }] };
export const forecastSchema = {
  type: "object" as const,
  properties: {
    city: { type: "string" as const },
    days: {
      type: "array" as const,
      items: {
        type: "object" as const,
        properties: { high: { type: "number" as const }, sunny: { type: "boolean" as const } },
        required: ["high", "sunny"],
        additionalProperties: false,
      },
    },
  },
  required: ["city", "days"],
  additionalProperties: false,
};
export const weatherParameters = {
  type: "object" as const,
  properties: { city: { type: "string" as const } },
  required: ["city"],
  additionalProperties: false,
};

const plain: ScriptAnswer = { content: greeting };
const failing = (callsMax: number, error: ScriptAnswer["error"]) => (request: ScriptRequest) =>
  request.callNumber <= callsMax ? { content: "", error: error! } : plain;

const scripts: Readonly<Record<string, ModelScript>> = {
  plain: () => plain,
  reasoned: () => ({ ...plain, reasoning: "The user greets me." }),
  tool: ({ toolResults }) =>
    toolResults.length === 0
      ? { content: "", toolCalls: [{ name: "weather", arguments: { city: "Lisbon" } }] }
      : { content: `It is ${toolResults.at(-1)!.content} in Lisbon.` },
  structured: () => ({ content: JSON.stringify(forecast) }),
  refused: () => ({ content: "", refusal: "I cannot help with that." }),
  short: () => ({ ...plain, finish: "length" }),
  limited: failing(1, { kind: "rateLimited", retryAfterMs: 5 }),
  flaky: failing(2, { kind: "serverError", retryAfterMs: 5 }),
  down: failing(Number.POSITIVE_INFINITY, { kind: "unavailable", retryAfterMs: 5 }),
  final: failing(Number.POSITIVE_INFINITY, { kind: "serverError", shouldRetry: false }),
  overflow: failing(Number.POSITIVE_INFINITY, { kind: "contextLengthExceeded", tokens: 9_000, tokensMax: 8_000 }),
  html: failing(Number.POSITIVE_INFINITY, { kind: "htmlPage", status: 502 }),
  cut: () => ({ ...plain, streamFault: { at: { afterDeltas: 2 }, how: "clean-end" } }),
  broken: () => ({ ...plain, streamFault: { at: { afterDeltas: 2 }, how: "reset" } }),
  failed: () => ({ ...plain, streamFault: { at: { afterDeltas: 2 }, how: "error-event" } }),
  torn: () => ({ ...plain, streamFault: { at: { afterDeltas: 2 }, how: "cut-event" } }),
  stalled: () => ({ ...plain, streamFault: { at: { afterDeltas: 2 }, how: "stall" } }),
  silent: () => ({ ...plain, streamFault: { at: "before-headers", how: "stall" } }),
};

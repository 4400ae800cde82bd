import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, ModelRequest } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import type { StreamEvent } from "../dialect.ts";
import {
  callPart,
  contentOf,
  ending,
  identity,
  promptUsage,
  showsThoughts,
  usageMetadata,
} from "./content-response.ts";

/**
 * An answer as responses that each hold a piece of it: thoughts and text bit by bit, calls whole. The last one says why
 * it ended. A call that nobody sees takes its time all the same.
 */
export function contentEvents(completion: Completion, request: ModelRequest): readonly StreamEvent[] {
  const events: StreamEvent[] = [];
  const usageBefore = promptUsage(completion.usage.promptTokens);
  for (const { part, chars } of piecesOf(completion, request)) {
    const candidate = { ...contentOf([part]), index: 0 };
    const chunk = { candidates: [candidate], ...identity(completion), usageMetadata: usageBefore };
    events.push({ text: chunkEvent(chunk), kind: "delta", chars });
  }
  const last = {
    candidates: [{ ...contentOf([EMPTY_PART]), ...ending(completion, request) }],
    ...identity(completion),
    usageMetadata: usageMetadata(completion),
  };
  events.push({ text: chunkEvent(last), kind: "terminal", chars: 0 });
  return events;
}

export function chunkEvent(chunk: JsonObject): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}

const EMPTY_PART: JsonObject = { text: "" };

interface Piece {
  readonly part: JsonObject;
  /** At least one. */
  readonly chars: number;
}

function* piecesOf(completion: Completion, request: ModelRequest): Generator<Piece> {
  const { reasoning, refusal, text, toolCalls, deltaChars } = completion;
  for (const piece of deltasOf(showsThoughts(request) ? reasoning : "", deltaChars)) {
    yield { part: { text: piece, thought: true }, chars: piece.length };
  }
  for (const piece of deltasOf(refusal ?? text, deltaChars)) yield { part: { text: piece }, chars: piece.length };
  for (const call of toolCalls) {
    const part = callPart(call, completion, request) ?? EMPTY_PART;
    if (call.arguments !== "") yield { part, chars: call.arguments.length };
  }
}

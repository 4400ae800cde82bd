import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, ModelRequest } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import type { StreamEvent } from "../dialect.ts";
import {
  ending,
  endMs,
  endpointOf,
  failureOf,
  NOTHING,
  readableCall,
  saying,
  showsThinking,
  timeText,
} from "./answer-object.ts";
import type { Saying } from "./answer-object.ts";

/**
 * An answer as lines of JSON: thinking and text piece by piece, each tool call whole, and one that says it is done. A
 * call that cannot be read takes its time, and nobody sees it.
 */
export function answerLines(completion: Completion, request: ModelRequest): readonly StreamEvent[] {
  const { model, createdMs, timeToFirstTokenMs, generationMs } = completion;
  const endpoint = endpointOf(request);
  const pieces = [...piecesOf(completion, showsThinking(request))];
  const charsTotal = pieces.reduce((sum, { chars }) => sum + chars, 0);
  const events: StreamEvent[] = [];
  let charsSaid = 0;
  for (const { said, chars } of pieces) {
    charsSaid += chars;
    const atMs = createdMs + timeToFirstTokenMs + (generationMs * charsSaid) / charsTotal;
    const text = line({ model, created_at: timeText(atMs), ...saying(endpoint, said), done: false });
    events.push({ text, kind: "delta", chars });
  }
  const failure = failureOf(completion);
  const last =
    failure === undefined
      ? { model, created_at: timeText(endMs(completion)), ...saying(endpoint, NOTHING), ...ending(completion) }
      : { error: failure };
  events.push({ text: line(last), kind: "terminal", chars: 0 });
  return events;
}

function line(value: JsonObject): string {
  return `${JSON.stringify(value)}\n`;
}

interface Piece {
  readonly said: Saying;
  /** At least one. */
  readonly chars: number;
}

function* piecesOf(completion: Completion, thinks: boolean): Generator<Piece> {
  const { reasoning, refusal, text, toolCalls, deltaChars } = completion;
  for (const piece of deltasOf(thinks ? reasoning : "", deltaChars)) {
    yield { said: { ...NOTHING, thinking: piece }, chars: piece.length };
  }
  for (const piece of deltasOf(refusal ?? text, deltaChars)) {
    yield { said: { ...NOTHING, text: piece }, chars: piece.length };
  }
  for (const [index, call] of toolCalls.entries()) {
    const readable = readableCall(call, index);
    const said = readable === undefined ? NOTHING : { ...NOTHING, toolCalls: [readable] };
    if (call.arguments !== "") yield { said, chars: call.arguments.length };
  }
}

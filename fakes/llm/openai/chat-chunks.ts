import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { Completion } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import { finishReason } from "./chat-completion.ts";

/** A `delta` of one chunk, and how many characters of the answer it carries. */
export interface ChatDelta {
  readonly delta: JsonObject;
  readonly chars: number;
}

/** The pieces of an answer in order: who speaks, what is said, then each tool call with its arguments. */
export function* chatDeltas(completion: Completion): Generator<ChatDelta> {
  const { text, refusal, toolCalls, deltaChars } = completion;
  const speaks = refusal === undefined && (text !== "" || toolCalls.length === 0);
  yield { delta: { role: "assistant", content: speaks ? "" : null, refusal: null }, chars: 0 };
  for (const piece of deltasOf(text, deltaChars)) yield { delta: { content: piece }, chars: piece.length };
  for (const piece of deltasOf(refusal ?? "", deltaChars)) yield { delta: { refusal: piece }, chars: piece.length };
  for (const [index, call] of toolCalls.entries()) {
    const opened = { index, id: `call_${call.id}`, type: "function", function: { name: call.name, arguments: "" } };
    yield { delta: { tool_calls: [opened] }, chars: 0 };
    for (const piece of deltasOf(call.arguments, deltaChars)) {
      yield { delta: { tool_calls: [{ index, function: { arguments: piece } }] }, chars: piece.length };
    }
  }
}

export function chunkChoice(delta: JsonObject, completion?: Completion): readonly JsonValue[] {
  const reason = completion === undefined ? null : finishReason(completion.finish);
  return [{ index: 0, delta, logprobs: null, finish_reason: reason }];
}

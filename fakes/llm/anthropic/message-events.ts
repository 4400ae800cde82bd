import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, ModelRequest } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import type { StreamEvent } from "../dialect.ts";
import { typedEvent } from "../openai/sse.ts";
import {
  contentBlocks,
  contextManagement,
  messageStart,
  stopDetails,
  stopReason,
  usageSoFar,
} from "./message-object.ts";
import type { ContentBlock } from "./message-object.ts";

/**
 * A message as events: each block opens, grows and closes before the next one. `message_delta` says why it ended, and
 * so is the terminal one.
 */
export function messageEvents(completion: Completion, request: ModelRequest): readonly StreamEvent[] {
  const events: StreamEvent[] = [frame("message_start", { message: messageStart(completion, request) })];
  const argumentTexts = completion.toolCalls.map((call) => call.arguments);
  for (const [index, block] of contentBlocks(completion, request).entries()) {
    events.push(frame("content_block_start", { index, content_block: openedBlock(block) }));
    if (index === 0) events.push(frame("ping", {}));
    const argumentText = block.type === "tool_use" ? argumentTexts.shift()! : "";
    events.push(...deltasOfBlock(block, argumentText, completion.deltaChars, index));
    events.push(frame("content_block_stop", { index }));
  }
  const { finish } = completion;
  const end = {
    delta: {
      stop_reason: stopReason(finish),
      stop_sequence: null,
      stop_details: stopDetails(finish),
      container: null,
    },
    usage: usageSoFar(completion),
    ...contextManagement(request),
  };
  events.push({ ...frame("message_delta", end), kind: "terminal" });
  events.push(frame("message_stop", {}));
  return events;
}

function frame(type: string, members: JsonObject): StreamEvent {
  return { text: typedEvent({ type, ...members }), kind: "frame", chars: 0 };
}

/** A block of which nothing has been said. */
function openedBlock(block: ContentBlock): JsonObject {
  switch (block.type) {
    case "thinking":
      return { ...block, thinking: "", signature: "" };
    case "text":
      return { ...block, text: "" };
    case "tool_use":
      return { ...block, input: {} };
  }
}

/** @param argumentText the input of a tool as the model wrote it, whole or not */
function* deltasOfBlock(
  block: ContentBlock,
  argumentText: string,
  deltaChars: number,
  index: number,
): Generator<StreamEvent> {
  const deltas = function* (type: string, member: string, text: string): Generator<StreamEvent> {
    for (const piece of deltasOf(text, deltaChars)) {
      const { text: event } = frame("content_block_delta", { index, delta: { type, [member]: piece } });
      yield { text: event, kind: "delta", chars: piece.length };
    }
  };
  switch (block.type) {
    case "thinking":
      yield* deltas("thinking_delta", "thinking", block.thinking);
      yield frame("content_block_delta", { index, delta: { type: "signature_delta", signature: block.signature } });
      return;
    case "text":
      yield* deltas("text_delta", "text", block.text);
      return;
    case "tool_use":
      // The first piece of an input is always empty.
      yield frame("content_block_delta", { index, delta: { type: "input_json_delta", partial_json: "" } });
      yield* deltas("input_json_delta", "partial_json", argumentText);
  }
}

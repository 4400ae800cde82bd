import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, ModelRequest, ToolCall } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import type { StreamEvent } from "../dialect.ts";
import {
  callItem,
  hasMessage,
  messageItem,
  messagePart,
  reasoningItem,
  responseObject,
  statusOf,
  summaryPart,
  textPart,
} from "./response-object.ts";
import { typedEvent } from "./sse.ts";

/** A response as events: each item opens, grows and closes before the next one, and the last event holds all of it. */
export function responseEvents(completion: Completion, request: ModelRequest): readonly StreamEvent[] {
  const log = new EventLog();
  log.frame("response.created", { response: responseObject(completion, request, "begun") });
  log.frame("response.in_progress", { response: responseObject(completion, request, "begun") });
  let outputIndex = 0;
  if (completion.reasoning !== "") sayReasoning(log, completion, outputIndex++);
  if (hasMessage(completion)) sayMessage(log, completion, outputIndex++);
  for (const call of completion.toolCalls) sayCall(log, call, outputIndex++, completion.deltaChars);
  log.terminal(`response.${statusOf(completion)}`, { response: responseObject(completion, request, "over") });
  return log.events;
}

/** Numbers the events from 0. */
class EventLog {
  readonly events: StreamEvent[] = [];

  frame(type: string, members: JsonObject): void {
    this.add("frame", 0, type, members);
  }

  delta(type: string, members: JsonObject & { readonly delta: string }): void {
    this.add("delta", members.delta.length, type, members);
  }

  terminal(type: string, members: JsonObject): void {
    this.add("terminal", 0, type, members);
  }

  private add(kind: StreamEvent["kind"], chars: number, type: string, members: JsonObject): void {
    this.events.push({ text: typedEvent({ type, sequence_number: this.events.length, ...members }), kind, chars });
  }
}

function sayReasoning(log: EventLog, completion: Completion, outputIndex: number): void {
  const { reasoning } = completion;
  const place = { item_id: `rs_${completion.id}`, output_index: outputIndex, summary_index: 0 };
  const part = summaryPart(reasoning);
  log.frame("response.output_item.added", { output_index: outputIndex, item: reasoningItem(completion, []) });
  log.frame("response.reasoning_summary_part.added", { ...place, part: summaryPart("") });
  for (const delta of deltasOf(reasoning, completion.deltaChars)) {
    log.delta("response.reasoning_summary_text.delta", { ...place, delta });
  }
  log.frame("response.reasoning_summary_text.done", { ...place, text: reasoning });
  log.frame("response.reasoning_summary_part.done", { ...place, part });
  log.frame("response.output_item.done", { output_index: outputIndex, item: reasoningItem(completion, [part]) });
}

function sayMessage(log: EventLog, completion: Completion, outputIndex: number): void {
  const { text, refusal, deltaChars } = completion;
  const place = { item_id: `msg_${completion.id}`, output_index: outputIndex, content_index: 0 };
  const part = messagePart(completion);
  log.frame("response.output_item.added", {
    output_index: outputIndex,
    item: messageItem(completion, "in_progress", []),
  });
  log.frame("response.content_part.added", {
    ...place,
    part: refusal === undefined ? textPart("") : { type: "refusal", refusal: "" },
  });
  if (refusal === undefined) {
    for (const delta of deltasOf(text, deltaChars)) {
      log.delta("response.output_text.delta", { ...place, delta, logprobs: [] });
    }
    log.frame("response.output_text.done", { ...place, text, logprobs: [] });
  } else {
    for (const delta of deltasOf(refusal, deltaChars)) log.delta("response.refusal.delta", { ...place, delta });
    log.frame("response.refusal.done", { ...place, refusal });
  }
  log.frame("response.content_part.done", { ...place, part });
  log.frame("response.output_item.done", {
    output_index: outputIndex,
    item: messageItem(completion, statusOf(completion), [part]),
  });
}

function sayCall(log: EventLog, call: ToolCall, outputIndex: number, deltaChars: number): void {
  const place = { item_id: `fc_${call.id}`, output_index: outputIndex };
  log.frame("response.output_item.added", { output_index: outputIndex, item: callItem(call, "in_progress", "") });
  for (const delta of deltasOf(call.arguments, deltaChars)) {
    log.delta("response.function_call_arguments.delta", { ...place, delta });
  }
  log.frame("response.function_call_arguments.done", { ...place, arguments: call.arguments });
  log.frame("response.output_item.done", {
    output_index: outputIndex,
    item: callItem(call, "completed", call.arguments),
  });
}

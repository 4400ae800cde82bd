import type { JsonArray, JsonObject, JsonValue } from "../../../../src/base/json.ts";

/** The responses of a stream. Each event ends with an empty line of its own. */
export function responsesOf(events: readonly string[]): readonly JsonObject[] {
  const texts = events.join("").split("\r\n\r\n");
  if (texts.pop() !== "") throw new Error("the last event has no end");
  return texts.map((text) => {
    if (!text.startsWith("data: ")) throw new Error("an event without data");
    return JSON.parse(text.slice("data: ".length)) as JsonObject;
  });
}

/** What a client reads of an answer in one body. */
export function readWhole(body: JsonObject): JsonValue {
  return readResponses([body]);
}

/** The same of a stream, put together from its pieces. */
export function readStream(events: readonly string[]): JsonValue {
  return readResponses(responsesOf(events));
}

function readResponses(responses: readonly JsonObject[]): JsonValue {
  let text = "";
  let thoughts = "";
  const calls: JsonValue[] = [];
  let candidate: JsonObject = {};
  for (const response of responses) {
    if (candidate["finishReason"] !== undefined) throw new Error("an event after the end");
    candidate = (response["candidates"] as JsonArray)[0] as JsonObject;
    const { parts = [] } = candidate["content"] as { readonly parts?: readonly JsonObject[] };
    for (const part of parts) {
      if (part["functionCall"] !== undefined) calls.push(part["functionCall"]);
      else if (part["thought"] === true) thoughts += part["text"] as string;
      else text += part["text"] as string;
    }
  }
  const { content: _, ...end } = candidate;
  const { candidates: __, ...rest } = responses.at(-1)!;
  return { text, thoughts, calls, end, ...rest };
}

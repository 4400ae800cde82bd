import type { JsonArray, JsonObject, JsonValue } from "../../../../src/base/json.ts";

export function linesOf(events: readonly string[]): readonly JsonObject[] {
  const text = events.join("");
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as JsonObject);
}

/** A chat in one body, without what is left out when it is empty; or the error in its place. */
export function readWhole(body: JsonObject): JsonValue {
  if (body["error"] !== undefined) return { error: body["error"] };
  const { message, ...rest } = body;
  return { message: { thinking: "", tool_calls: [], ...(message as JsonObject) }, ...rest };
}

/** The same put together from lines. */
export function readStream(events: readonly string[]): JsonValue {
  const lines = linesOf(events);
  const last = lines.at(-1)!;
  if (last["error"] !== undefined) return { error: last["error"] };
  const message: Record<string, JsonValue> = { role: "assistant", content: "", thinking: "", tool_calls: [] };
  for (const line of lines) {
    if ((line["done"] === true) !== (line === last)) throw new Error("done in the middle, or not at the end");
    for (const [name, value] of Object.entries(line["message"] as JsonObject)) {
      if (name === "tool_calls") message[name] = [...(message[name] as JsonArray), ...(value as JsonArray)];
      else if (name !== "role") message[name] = `${message[name] as string}${value as string}`;
    }
  }
  return { ...last, message };
}

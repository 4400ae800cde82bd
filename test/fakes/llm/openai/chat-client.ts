import type { JsonArray, JsonObject, JsonValue } from "../../../../src/base/json.ts";
import { dataOf } from "./sse-client.ts";

/** Message, finish reason and usage of a chat completion in one body. */
export function readWhole(body: JsonObject): JsonValue {
  const choice = (body["choices"] as JsonArray)[0] as JsonObject;
  const { annotations: _, ...message } = choice["message"] as JsonObject;
  return { message, finish: choice["finish_reason"]!, usage: body["usage"]!, id: body["id"]!, model: body["model"]! };
}

/** The same of a stream, put together piece by piece. */
export function readStream(events: readonly string[]): JsonValue {
  const chunks = dataOf(events);
  const said: Record<string, JsonValue> = {};
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = [];
  let finish: JsonValue = null;
  for (const chunk of chunks) {
    const choice = (chunk["choices"] as JsonArray)[0] as JsonObject | undefined;
    if (choice === undefined) continue;
    const { tool_calls: toolCalls = [], ...delta } = choice["delta"] as JsonObject & { tool_calls?: Part[] };
    for (const [name, value] of Object.entries(delta)) {
      if (name === "role" || typeof value !== "string") said[name] ??= value!;
      else said[name] = `${(said[name] as string | null) ?? ""}${value}`;
    }
    for (const { index, ...part } of toolCalls) {
      const call = calls[index];
      if (call === undefined) calls[index] = structuredClone(part) as (typeof calls)[number];
      else call.function.arguments += part.function.arguments;
    }
    finish = choice["finish_reason"] ?? finish;
  }
  const message = { ...said, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
  const [first] = chunks;
  return { message, finish, usage: chunks.at(-1)!["usage"]!, id: first!["id"]!, model: first!["model"]! };
}

interface Part {
  readonly index: number;
  readonly id?: string;
  readonly type?: string;
  readonly function: { readonly name?: string; readonly arguments: string };
}

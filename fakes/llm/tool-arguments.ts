import { isJsonObject } from "../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { ToolCall } from "./completion.ts";

/** For APIs that hand arguments over as an object. @returns undefined when the call was cut off, or is no object */
export function argumentsOf(call: ToolCall): JsonObject | undefined {
  try {
    const value = JSON.parse(call.arguments) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

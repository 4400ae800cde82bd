import type { JsonValue } from "../../src/base/json.ts";

/** A text as it is, anything else as JSON. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

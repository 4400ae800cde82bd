import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest } from "../completion.ts";

/**
 * What the text must be. Chat completions put name and schema under `json_schema`, responses beside the type.
 *
 * @returns undefined when it is none of the formats
 */
export function readOutputFormat(
  format: JsonValue | undefined,
  schemaMember: string | undefined,
): ModelRequest["format"] | undefined {
  if (format === undefined || format === null) return "text";
  if (!isJsonObject(format)) return undefined;
  switch (format["type"]) {
    case "text":
      return "text";
    case "json_object":
      return "json";
    case "json_schema": {
      const described = schemaMember === undefined ? format : format[schemaMember];
      if (!isJsonObject(described) || typeof described["name"] !== "string") return undefined;
      return { name: described["name"], schema: described["schema"] ?? {} };
    }
    default:
      return undefined;
  }
}

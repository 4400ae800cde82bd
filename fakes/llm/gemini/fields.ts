import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";

/** The members of a message by their names in camel case: the API takes them in snake case too. */
export function fieldsOf(value: JsonValue | undefined): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  if (!Object.keys(value).some((name) => name.includes("_"))) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [camelCase(name), member]));
}

function camelCase(name: string): string {
  return name.replace(/(?<=.)_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

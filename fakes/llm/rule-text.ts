import { isJsonArray, isJsonObject } from "../../src/base/json.ts";
import type { JsonValue } from "../../src/base/json.ts";

/** @param pattern the name, or its beginning and `*` */
export function namesModel(pattern: string, model: string): boolean {
  return pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}

/**
 * Fills in what is known of a request, in every text of a value: `{{role}}` stands for its role.
 *
 * @param names which members may stand so
 */
export function fillIn<Name extends string>(
  value: JsonValue,
  names: readonly Name[],
  request: Readonly<Record<Name, string | number>>,
): JsonValue {
  if (typeof value === "string") {
    if (!value.includes("{{")) return value;
    return value.replaceAll(/\{\{(\w+)\}\}/g, (text, name: string) =>
      names.includes(name as Name) ? String(request[name as Name]) : text,
    );
  }
  if (isJsonArray(value)) return value.map((item) => fillIn(item, names, request));
  if (!isJsonObject(value)) return value;
  const filled: Record<string, JsonValue | undefined> = {};
  for (const [name, member] of Object.entries(value)) {
    filled[name] = member === undefined ? undefined : fillIn(member, names, request);
  }
  return filled;
}

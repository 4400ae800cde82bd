import { canonicalJson, type JsonValue } from "../base/json.ts";

/** A value as it stands in a sentence: text as it is, anything else as JSON. */
export function valueText(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : canonicalJson(value ?? null);
}

/** The same, of a list of plain values with commas between them. */
export function listText(value: JsonValue | undefined): string {
  return Array.isArray(value) ? value.map((each) => valueText(each as JsonValue)).join(", ") : valueText(value);
}

import { canonicalJson, type JsonObject, type JsonValue } from "../src/base/json.ts";

/**
 * Where documents of the later schema might not be what readers of the earlier one expect: a member is gone, or may be
 * absent, or is of another kind. New members are no such place.
 *
 * @returns a sentence for each, with the path in the schema
 */
export function schemaBreaks(earlier: JsonObject, later: JsonObject, path = ""): string[] {
  return Object.entries(earlier).flatMap(([keyword, was]) => {
    const is = later[keyword];
    const at = `${path}/${keyword}`;
    switch (keyword) {
      case "title":
      case "description":
      case "$id":
        return [];
      case "properties":
      case "$defs":
        return memberBreaks(asObject(was), asObject(is), at);
      case "required":
        return missing(asList(was), asList(is)).map((name) => `${at}: ${canonicalJson(name)} may be absent`);
      case "enum":
        return missing(asList(is), asList(was)).map((value) => `${at}: may be ${canonicalJson(value)}`);
      case "anyOf":
      case "oneOf":
      case "prefixItems":
        return choiceBreaks(asList(was), asList(is), at);
      case "items":
      case "additionalProperties":
      case "propertyNames":
        if (isObject(was) && isObject(is)) return schemaBreaks(was, is, at);
        return different(was, is) ? [`${at}: is another`] : [];
      default:
        return different(was, is) ? [`${at}: is ${text(is)}, and was ${text(was)}`] : [];
    }
  });
}

function memberBreaks(earlier: JsonObject, later: JsonObject, path: string): string[] {
  return Object.entries(earlier).flatMap(([name, was]) => {
    const is = later[name];
    if (is === undefined) return [`${path}/${name}: is gone`];
    return schemaBreaks(asObject(was), asObject(is), `${path}/${name}`);
  });
}

/** One more choice is something that readers do not know. */
function choiceBreaks(earlier: readonly JsonValue[], later: readonly JsonValue[], path: string): string[] {
  if (earlier.length !== later.length) return [`${path}: has ${later.length} choices, and had ${earlier.length}`];
  return earlier.flatMap((was, index) => schemaBreaks(asObject(was), asObject(later[index]), `${path}/${index}`));
}

function missing(wanted: readonly JsonValue[], there: readonly JsonValue[]): JsonValue[] {
  const known = new Set(there.map(canonicalJson));
  return wanted.filter((value) => !known.has(canonicalJson(value)));
}

function different(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return text(left) !== text(right);
}

function text(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : canonicalJson(value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

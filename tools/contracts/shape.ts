import { isJsonArray, type JsonObject, type JsonValue } from "../../src/base/json.ts";

/**
 * The members of documents on the wire: the path of each, `choices[].message.content`, and the kinds of values seen
 * there, `null or string`. What values are does not matter.
 */
export function shapeOf(documents: readonly JsonValue[]): JsonObject {
  const kinds = new Map<string, Set<string>>();
  for (const document of documents) visit(document, "", kinds);
  return Object.fromEntries(
    [...kinds].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([path, of]) => [path, kindsText(of)]),
  );
}

function visit(value: JsonValue, path: string, kinds: Map<string, Set<string>>): void {
  if (path !== "") {
    const known = kinds.get(path);
    if (known === undefined) kinds.set(path, new Set([kindOf(value)]));
    else known.add(kindOf(value));
  }
  if (typeof value !== "object" || value === null) return;
  if (isJsonArray(value)) {
    for (const each of value) visit(each, `${path}[]`, kinds);
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) visit(member, path === "" ? name : `${path}.${name}`, kinds);
  }
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return isJsonArray(value) ? "list" : typeof value;
}

function kindsText(kinds: ReadonlySet<string>): string {
  return [...kinds].toSorted().join(" or ");
}

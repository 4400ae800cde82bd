import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { schemaBreaks } from "../../tools/schema-breaks.ts";

const earlier: JsonObject = {
  $id: "urn:1",
  type: "object",
  properties: {
    name: { type: "string", description: "a" },
    state: { enum: ["new", "old"] },
    size: { type: "integer", minimum: 0 },
    tags: { type: "array", items: { type: "string" } },
    found: { anyOf: [{ type: "object", properties: { at: { type: "number" } } }, { type: "null" }] },
  },
  required: ["name", "state"],
};

function changed(change: (schema: ReturnType<typeof mutable>) => void): string[] {
  const later = mutable();
  change(later);
  return schemaBreaks(earlier, later as unknown as JsonObject);
}

function mutable() {
  return structuredClone(earlier) as { properties: Record<string, Record<string, unknown>>; required: string[] };
}

describe("a later schema", () => {
  test("may add members, promise more of them, say things in other words, and allow less", () => {
    expect(
      changed((later) => {
        later.properties["extra"] = { type: "string" };
        later.properties["name"]!["description"] = "b";
        later.properties["name"]!["minLength"] = 1;
        later.properties["state"]!["enum"] = ["new"];
        later.required.push("size", "extra");
      }),
    ).toEqual([]);
  });

  test.each<[string, (schema: ReturnType<typeof mutable>) => void, string]>([
    ["take a member away", (later) => delete later.properties["size"], "/properties/size: is gone"],
    ["leave a member out", (later) => later.required.shift(), '/required: "name" may be absent'],
    [
      "give a member another type",
      (later) => (later.properties["name"]!["type"] = "number"),
      '/properties/name/type: is "number", and was "string"',
    ],
    [
      "add a value",
      (later) => (later.properties["state"]!["enum"] = ["new", "old", "odd"]),
      '/properties/state/enum: may be "odd"',
    ],
    [
      "drop a bound",
      (later) => delete later.properties["size"]!["minimum"],
      "/properties/size/minimum: is nothing, and was 0",
    ],
    [
      "change the items of a list",
      (later) => (later.properties["tags"]!["items"] = { type: "number" }),
      '/properties/tags/items/type: is "number", and was "string"',
    ],
    [
      "add a choice",
      (later) => (later.properties["found"]!["anyOf"] as unknown[]).push({ type: "string" }),
      "/properties/found/anyOf: has 3 choices, and had 2",
    ],
    [
      "take a member of a choice away",
      (later) => (later.properties["found"]!["anyOf"] = [{ type: "object", properties: {} }, { type: "null" }]),
      "/properties/found/anyOf/0/properties/at: is gone",
    ],
  ])("may not %s", (_, change, told) => {
    expect(changed(change)).toEqual([told]);
  });
});

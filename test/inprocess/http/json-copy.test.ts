import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonArray, JsonValue } from "../../../src/base/json.ts";
import { copyOfJson } from "../../../src/inprocess/http/json-copy.ts";

const scalars = fc.oneof(fc.constant(null), fc.boolean(), fc.string(), fc.double(), fc.integer());
const { values } = fc.letrec<{ values: JsonValue }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalars,
    fc.array(fc.option(tie("values"), { nil: undefined })) as fc.Arbitrary<JsonArray>,
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom("1", "0", "__proto__")),
      fc.option(tie("values"), { nil: undefined }),
    ),
  ),
}));

test("a copy is what encoding and decoding would give, to the order of its members and the last bit of its numbers", () => {
  fc.assert(
    fc.property(values, (value) => {
      const decoded = JSON.parse(JSON.stringify(value)) as JsonValue;
      const copy = copyOfJson(value);
      expect(copy).toStrictEqual(decoded);
      expect(JSON.stringify(copy)).toBe(JSON.stringify(decoded));
    }),
  );
});

test("a copy shares nothing with its source", () => {
  const source = { list: [{ name: "a" }], inner: { deep: {} } };
  const copy = copyOfJson(source) as typeof source;
  copy.list[0]!.name = "b";
  Object.assign(copy.inner.deep, { new: true });
  expect(source).toEqual({ list: [{ name: "a" }], inner: { deep: {} } });
});

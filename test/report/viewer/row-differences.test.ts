import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRows, describeDifference, lineDifference } from "../../../src/report/viewer/page/row-differences.ts";
import type { Row } from "../../../src/report/viewer/page/state-rows.ts";

const rows = fc.uniqueArray(
  fc.record({ key: fc.constantFrom("a", "b", "c", "d", "e"), value: fc.constantFrom("", "one", "two", "one\ntwo") }),
  { selector: ({ key }) => key },
);

function rowsOf(entries: readonly { readonly key: string; readonly value: string }[]): Row[] {
  return entries
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ key, value }) => ({ key, title: `row ${key}`, fields: [{ name: "tags", value }] }));
}

describe("rows beside those of another state", () => {
  test("say of each row whether it is new, gone, changed or the same", () => {
    fc.assert(
      fc.property(rows, rows, (after, before) => {
        const compared = compareRows(rowsOf(after), rowsOf(before));
        const expected = Object.fromEntries(
          [...new Set([...after, ...before].map(({ key }) => key))].map((key) => {
            const is = after.find((each) => each.key === key);
            const was = before.find((each) => each.key === key);
            if (was === undefined) return [key, "added"];
            if (is === undefined) return [key, "removed"];
            return [key, is.value === was.value ? "same" : "changed"];
          }),
        );
        expect(Object.fromEntries(compared.map(({ row, what }) => [row.key, what]))).toEqual(expected);
        expect(compared).toHaveLength(Object.keys(expected).length);
      }),
    );
  });

  test("stay in order, with what is gone where it was", () => {
    const [after, before] = [
      rowsOf([
        { key: "a", value: "" },
        { key: "d", value: "" },
      ]),
      rowsOf([
        { key: "b", value: "" },
        { key: "d", value: "" },
      ]),
    ];
    expect(compareRows(after, before).map(({ row }) => row.key)).toEqual(["a", "b", "d"]);
  });

  test("are told by the lines that came and went", () => {
    const [compared] = compareRows(
      rowsOf([{ key: "a", value: "started\nkept" }]),
      rowsOf([{ key: "a", value: "kept\nqueued" }]),
    );
    expect(describeDifference(compared!)).toEqual(["row a: tags − queued  + started"]);
    const [commented] = compareRows(
      rowsOf([{ key: "a", value: "Why:\n  \n  - slow\nDone." }]),
      rowsOf([{ key: "a", value: "" }]),
    );
    expect(describeDifference(commented!)).toEqual(["row a: tags + Why:  - slow  + Done."]);
    expect(lineDifference("", "x")).toEqual({ removed: [], added: ["x"] });
  });
});

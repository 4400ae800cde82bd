import { expect, test } from "vitest";
import type { CountedScript } from "../../../src/cli/coverage/precise-coverage.ts";
import { SystemCode } from "../../../src/cli/coverage/system-code.ts";

const source = "function a() {\n  return () => b();\n}\nfunction b() {\n  return 1;\n}\n";
const url = "file:///system/a.ts";
const system = { rootUrl: "file:///system/", otherUrls: [], moduleUrls: [], isCore: false };

const [a, inner, b] = [
  { ranges: [{ startOffset: 0, endOffset: 36, count: 0 }] },
  { ranges: [{ startOffset: 24, endOffset: 33, count: 0 }] },
  { ranges: [{ startOffset: 37, endOffset: source.length - 1, count: 1 }] },
];
/** V8 names all functions at first, and later those alone that ran. */
const taken: readonly CountedScript[] = [
  { scriptId: "1", url, functions: [a, inner, b] },
  { scriptId: "1", url, functions: [b] },
];
const code = new SystemCode(system, new Map([[url, source]]), taken);

test("a module has the functions that it was loaded with, whatever ran later", () => {
  expect(code.lines(url)).toEqual([1, 2, 4, 5]);
  expect(code.linesThatRan(url, [taken[1]!])).toEqual([4, 5]);
  expect(code.linesThatRan(url, [])).toEqual([]);
});

test("a place is in the smallest function that holds it", () => {
  const at = (lineNumber: number, columnNumber: number) => code.functionAt({ url, lineNumber, columnNumber });
  expect(at(0, 0)).toEqual({ module: "a.ts", startOffset: 0, endOffset: 36 });
  expect(at(1, 12)).toEqual({ module: "a.ts", startOffset: 24, endOffset: 33 });
  expect(at(2, 1)).toBeUndefined();
  expect(code.placeOf({ url, lineNumber: 4, columnNumber: 2 })).toEqual({ module: "a.ts", offset: 54 });
});

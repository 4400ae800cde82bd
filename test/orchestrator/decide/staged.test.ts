import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkStaged, readStatus } from "../../../src/orchestrator/decide/staged.ts";

const paths = fc.stringMatching(/^[a-z "\\\u00e4/.]{1,20}$/);

describe("checkStaged", () => {
  test("is exact only for the one expected path", () => {
    fc.assert(
      fc.property(fc.array(paths), (staged) => {
        const check = checkStaged(staged.map((path) => `${path}\0`).join(""), "src/S1.py");
        expect(check).toEqual(staged.length === 0 ? "nothing" : { others: staged });
      }),
    );
    expect(checkStaged("src/S1.py\0", "src/S1.py")).toBe("exact");
  });

  test("names every other path beside the expected one, however it is spelled", () => {
    expect(checkStaged("src/S1.py\0tests/test_\u00e4.py\0conftest.py\0", "src/S1.py")).toEqual({
      others: ["tests/test_\u00e4.py", "conftest.py"],
    });
  });
});

test("readStatus takes the old name of a rename for no entry of its own", () => {
  expect(readStatus("R  new.py\0old.py\0?? tests/\0 M src/a b.py\0")).toEqual([
    { code: "R ", path: "new.py" },
    { code: "??", path: "tests/" },
    { code: " M", path: "src/a b.py" },
  ]);
});

test.each(["API Error: 500", "?? src/S1.py", "fatal: no\0", "M\0"])("%j is no status, and no list of paths", (text) => {
  expect(readStatus(text)).toBeUndefined();
  if (!text.endsWith("\0")) expect(checkStaged(text, "src/S1.py")).toBeUndefined();
});

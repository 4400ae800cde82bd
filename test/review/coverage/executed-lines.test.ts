import { expect, test } from "vitest";
import { linesInFunctions, linesThatRan, type CountedFunction } from "../../../src/review/coverage/executed-lines.ts";

const source = `import { a } from "./a.ts";
const table = [1, 2];

// First.
function outer(flag) {
  /* A note. */
  if (flag) {
    return inner();
  }
  function inner() {
    return 1;
  }
}
`;

/** A range of the source, from the first text to the end of the second. */
function range(from: string, to: string, count: number): CountedFunction["ranges"][number] {
  const startOffset = source.indexOf(from);
  return { startOffset, endOffset: source.indexOf(to, startOffset) + to.length, count };
}

const whole: CountedFunction = { ranges: [{ startOffset: 0, endOffset: source.length, count: 1 }] };
const outer = (count: number): CountedFunction => ({ ranges: [range("function outer", "\n}", count)] });
const inner = (count: number): CountedFunction => ({ ranges: [range("function inner", "1;\n  }", count)] });

test("lines of code are those inside of functions that hold more than brackets, comments and blanks", () => {
  expect(linesInFunctions(source, [whole, outer(0)])).toEqual([5, 7, 8, 10, 11]);
  expect(linesInFunctions(source, [whole])).toEqual([]);
});

test("what an inner function or a block did counts, whatever the function around it did", () => {
  expect(linesThatRan(source, [whole, outer(1), inner(0)])).toEqual([5, 7, 8]);
  expect(linesThatRan(source, [whole, outer(0), inner(1)])).toEqual([10, 11]);
  const skipped: CountedFunction = { ranges: [...outer(1).ranges, range("{\n    return inner", "\n  }", 0)] };
  expect(linesThatRan(source, [whole, skipped, inner(0)])).toEqual([5, 7]);
});

test("a function that is not named did not run", () => {
  expect(linesThatRan(source, [])).toEqual([]);
  expect(linesThatRan(source, [whole, inner(2)])).toEqual([10, 11]);
});

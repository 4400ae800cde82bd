import { assert } from "../../base/assert.ts";

/** A function of a script, as V8 counts it: the first range is all of it, further ones are blocks inside. */
export interface CountedFunction {
  readonly ranges: readonly CountedRange[];
}

export interface CountedRange {
  /** Into the source that ran, in UTF-16 code units. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

/**
 * Lines of code that belong to a function: what runs while a module loads says nothing of who tests it. A line of
 * comments, of types, or of brackets alone is no line of code.
 *
 * @param source as it ran, so without types
 * @param functions counted since the module was loaded, when V8 names all
 * @returns their numbers, from 1
 */
export function linesInFunctions(source: string, functions: readonly CountedFunction[]): number[] {
  const inside = painted(source, functions, () => true);
  return linesWith(source, inside);
}

/** @returns the lines of which something ran, from 1: every function that is not among `functions` did not */
export function linesThatRan(source: string, functions: readonly CountedFunction[]): number[] {
  const ran = painted(source, functions, ({ count }) => count > 0);
  return linesWith(source, ran);
}

/** A mark for each code unit. Functions come before those they hold, and so do blocks: what is inside has the last word. */
function painted(
  source: string,
  functions: readonly CountedFunction[],
  isMarked: (range: CountedRange) => boolean,
): Uint8Array {
  const marks = new Uint8Array(source.length);
  for (const { ranges } of functions.filter((each) => !isWhole(each, source))) {
    for (const range of ranges) marks.fill(isMarked(range) ? 1 : 0, range.startOffset, range.endOffset);
  }
  return marks;
}

/** The script itself is a function too. */
function isWhole({ ranges }: CountedFunction, source: string): boolean {
  const [whole] = ranges;
  assert(whole !== undefined && whole.endOffset <= source.length, "a function is a range of its source");
  return whole.startOffset === 0 && whole.endOffset === source.length;
}

function linesWith(source: string, marks: Uint8Array): number[] {
  const found: number[] = [];
  let start = 0;
  source.split("\n").forEach((line, index) => {
    const text = line.trimStart();
    const first = start + line.length - text.length;
    const end = start + line.trimEnd().length;
    if (isCode(text) && marks.subarray(first, end).includes(1)) found.push(index + 1);
    start += line.length + 1;
  });
  return found;
}

function isCode(text: string): boolean {
  return /\w/.test(text) && !/^(\/\/|\/\*|\*)/.test(text);
}

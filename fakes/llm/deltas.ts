import { assert } from "../../src/base/assert.ts";

/**
 * Text in the pieces in which a stream carries it: `chars` each, the last one shorter, and none for no text. A piece
 * is one longer where it would else end inside a surrogate pair.
 */
export function deltasOf(text: string, chars: number): readonly string[] {
  assert(Number.isInteger(chars) && chars >= 1, "a delta carries at least one character");
  const deltas: string[] = [];
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = start + chars;
    if (isHighSurrogate(text.charCodeAt(end - 1)) && isLowSurrogate(text.charCodeAt(end))) end++;
    deltas.push(text.slice(start, end));
  }
  return deltas;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

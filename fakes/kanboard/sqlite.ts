import type { JsonValue } from "../../src/base/json.ts";
import { isNumeric, toText } from "./php.ts";

/** The conversions and comparisons of SQLite that Kanboard's answers depend on. Every value is bound as text. */

/** A stored value. */
export type Cell = null | number | string;

/** What a TEXT column stores. */
export function textCell(value: JsonValue | undefined): string | null {
  return value === null || value === undefined ? null : toText(value);
}

/** What an INTEGER or NUMERIC column stores: text that is a number becomes one, other text stays. */
export function numberCell(value: JsonValue | undefined): Cell {
  if (typeof value === "number" || value === null || value === undefined) return value ?? null;
  const text = toText(value);
  return isNumeric(text) ? Number(text) : text;
}

/** The row id that `id = ?` finds; NaN when no row can match. */
export function rowId(value: JsonValue | undefined): number {
  if (typeof value === "number") return value;
  const cell = numberCell(value);
  return typeof cell === "number" ? cell : Number.NaN;
}

/** `cell = ?` on an INTEGER column. NULL equals nothing. */
export function equalsNumber(cell: Cell, value: JsonValue): boolean {
  return cell !== null && cell === numberCell(value);
}

/** `cell = ?` on a TEXT column. */
export function equalsText(cell: Cell, value: JsonValue | undefined): boolean {
  return cell !== null && value !== null && value !== undefined && cell === toText(value);
}

/** `cell LIKE pattern`: `%` and `_` are wildcards; ASCII letters match in both cases. */
export function isLike(cell: Cell, pattern: string): boolean {
  return cell !== null && likeMatcher(pattern)(cell);
}

/** As `isLike`, for many cells. */
export function likeMatcher(pattern: string): (cell: Cell) => boolean {
  // What comes after a NUL is not looked at.
  const [visible] = pattern.split("\0", 1);
  const folded = foldCase(visible!);
  if (!wildcards.test(folded)) return (cell) => cell !== null && foldCase(toText(cell)) === folded;
  const inner = /^%([^%_]*)%$/.exec(folded)?.[1];
  if (inner !== undefined) return (cell) => cell !== null && foldCase(toText(cell)).includes(inner);
  const expression = likeExpression(folded);
  return (cell) => cell !== null && expression.test(foldCase(toText(cell)));
}

const wildcards = /[%_]/;

/** Lower-cases ASCII letters and leaves all others. */
export function foldCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

/** The order of `ORDER BY`: NULL, numbers, text by its bytes. */
export function compareCells(left: Cell, right: Cell): number {
  const byKind = cellKind(left) - cellKind(right);
  if (byKind !== 0) return byKind;
  if (typeof left === "string") return compareText(left, right as string);
  return left === null ? 0 : left - (right as number);
}

/** By bytes of UTF-8, which is the order of code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    // A surrogate stands for a code point above all others of 16 bits.
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return (unit & 0xf800) === 0xd800;
}

function cellKind(cell: Cell): number {
  return cell === null ? 0 : typeof cell === "number" ? 1 : 2;
}

/** @param folded in lower case */
function likeExpression(folded: string): RegExp {
  const source = folded
    .replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("%", "[^]*")
    .replaceAll("_", "[^]");
  return new RegExp(`^${source}$`, "u");
}

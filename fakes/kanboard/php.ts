import { isJsonArray, type JsonArray, type JsonValue } from "../../src/base/json.ts";

/** The conversions of PHP 8 that Kanboard's answers depend on. A JSON object is a PHP array too. */

/** `empty($value)`. */
export function isEmpty(value: JsonValue | undefined): boolean {
  if (typeof value === "string") return value === "" || value === "0";
  if (typeof value === "number") return value === 0;
  if (typeof value === "object" && value !== null) return entries(value).length === 0;
  return value !== true;
}

/** `(string) $value`; an array becomes the word `Array`. */
export function toText(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value);
  if (value === true) return "1";
  if (typeof value === "object" && value !== null) return "Array";
  return "";
}

/** `(int) $value`: the leading digits of a text, 0 without any. */
export function toInteger(value: JsonValue | undefined): number {
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "string") {
    const number = Number.parseFloat(/^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d+)?/.exec(value)?.[0] ?? "0");
    return Math.trunc(number);
  }
  if (typeof value === "object" && value !== null) return entries(value).length === 0 ? 0 : 1;
  return value === true ? 1 : 0;
}

/** `trim($text)`: blanks of ASCII and NUL. */
export function trim(text: string): string {
  return text.replaceAll(/^[ \t\n\r\0\v]+|[ \t\n\r\0\v]+$/g, "");
}

/** `is_numeric($value)`. */
export function isNumeric(value: JsonValue | undefined): boolean {
  return typeof value === "number" || (typeof value === "string" && numericText.test(value));
}

/** `ctype_digit((string) $value)`. */
export function isDigits(value: JsonValue | undefined): boolean {
  return /^\d+$/.test(toText(value));
}

/** `$left == $right` for scalars and null. */
export function looseEquals(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === right) return true;
  return compare(left, right) === 0;
}

/** `$left <=> $right`: numeric texts compare as numbers, other texts by their bytes; arrays are greater than scalars. */
export function compare(left: JsonValue | undefined, right: JsonValue | undefined): number {
  if (typeof left === "number" && typeof right === "number") return order(left, right);
  if (typeof left === "boolean" || typeof right === "boolean")
    return order(Number(!isEmpty(left)), Number(!isEmpty(right)));
  if (left === null || left === undefined) {
    return typeof right === "string" ? order("", right) : order(0, Number(!isEmpty(right)));
  }
  if (right === null || right === undefined) return -compare(right, left);
  if (typeof left === "object" || typeof right === "object") {
    if (typeof left === "object" && typeof right === "object") return order(toText(left), toText(right));
    return typeof left === "object" ? 1 : -1;
  }
  if (isNumeric(left) && isNumeric(right)) return order(Number(left), Number(right));
  return order(toText(left), toText(right));
}

/** The keys and values of a PHP array that came as a JSON list or object; list positions are keys. */
export function entries(value: JsonValue): [string, JsonValue][] {
  if (isJsonArray(value)) return value.map((item, index) => [String(index), item]);
  return typeof value === "object" && value !== null ? (Object.entries(value) as [string, JsonValue][]) : [];
}

/** The values alone, or undefined when it is no PHP array. */
export function listValues(value: JsonValue): JsonArray | undefined {
  if (isJsonArray(value)) return value;
  return typeof value === "object" && value !== null ? (Object.values(value) as JsonArray) : undefined;
}

/**
 * `array_diff_assoc($left, $right)`: entries of `left` that `right` has not, both compared as text.
 * An empty PHP array is a JSON list, therefore `[]`.
 */
export function difference(left: PhpMap, right: PhpMap): PhpMap | JsonArray {
  const result: Record<string, JsonValue> = {};
  let isFound = false;
  for (const key of Object.keys(left)) {
    if (key in right && toText(left[key]) === toText(right[key])) continue;
    result[key] = left[key]!;
    isFound = true;
  }
  return isFound ? result : [];
}

export type PhpMap = Readonly<Record<string, JsonValue>>;

const numericText = /^[ \t\n\r\v\f]*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?[ \t\n\r\v\f]*$/;

/** Integers in full, other numbers in the shortest form, from 10^15 on with an exponent. */
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  if (Math.abs(value) < 1e15 && Math.abs(value) >= 1e-4) return String(value);
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent}`;
}

function order<Value extends number | string>(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

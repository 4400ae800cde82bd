import type { JsonValue } from "../../src/base/json.ts";
import { fatal, type Failure } from "./failure.ts";
import { compare, isNumeric, toText } from "./php.ts";
import { parseDate } from "./dates.ts";

/** The rules of Kanboard's validators. A rule that does not concern absent values lets them pass. */

/** Null and the empty text count as absent. */
export function isGiven(value: JsonValue | undefined): boolean {
  return value !== null && value !== undefined && value !== "";
}

export function isIntegerOrAbsent(value: JsonValue | undefined): boolean {
  if (!isGiven(value)) return true;
  return typeof value === "string" ? /^-?\d+$/.test(value) : Number.isInteger(value);
}

export function isNumericOrAbsent(value: JsonValue | undefined): boolean {
  return !isGiven(value) || isNumeric(value);
}

export function isBetweenOrAbsent(value: JsonValue | undefined, least: number, most: number): boolean {
  return !isGiven(value) || (isNumeric(value) && compare(value, least) >= 0 && compare(value, most) <= 0);
}

export function isAboveOrAbsent(value: JsonValue | undefined, bound: number): boolean {
  return !isGiven(value) || compare(value, bound) > 0;
}

export function isDateOrAbsent(value: JsonValue | undefined): boolean {
  return !isGiven(value) || parseDate(toText(value), 0) > 0;
}

/** Whether a text is short enough, in characters. */
export function fitsOrAbsent(value: JsonValue | undefined, lengthMax: number): boolean {
  if (!isGiven(value)) return true;
  const text = toText(value);
  if (text.length <= lengthMax) return true;
  // A pair of surrogates is one character.
  return text.length <= 2 * lengthMax && [...text].length <= lengthMax;
}

/** A PHP array where a text is measured or parsed is an error that nothing catches. */
export function fatalIfArray(...values: readonly (JsonValue | undefined)[]): Failure | undefined {
  return values.some((value) => typeof value === "object" && value !== null) ? fatal : undefined;
}

/** A NUL where a date is parsed is an error that nothing catches. */
export function fatalIfNul(...values: readonly (JsonValue | undefined)[]): Failure | undefined {
  return values.some((value) => typeof value === "string" && value.includes("\0")) ? fatal : undefined;
}

/** An address as browsers check it: a name of certain characters, and a domain of labels. */
export function isEmailOrAbsent(value: JsonValue | undefined): boolean {
  if (!isGiven(value)) return true;
  const text = toText(value);
  if (text.startsWith("@") || text.endsWith(".")) return false;
  const at = text.indexOf("@");
  if (at < 0 || !/^[A-Za-z0-9.!#$%&'*+\-/=?^_`{|}~]*$/.test(text.slice(0, at))) return false;
  const domain = text.slice(at + 1);
  return domain.length > 1 && /^[A-Za-z0-9-][A-Za-z0-9.-]*$/.test(domain) && !domain.includes("..");
}

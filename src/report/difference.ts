import { canonicalJson, memberOf, type JsonValue } from "../base/json.ts";
import { shortText } from "./short-text.ts";

/**
 * Expected and actual, on few lines: of objects and arrays the leaves that differ, `-` what was expected and `+` what
 * was found; anything else as it is.
 *
 * @returns at most `linesMax` lines, and one that counts what is left out
 */
export function differenceLines(
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  linesMax: number,
): string[] {
  if (expected === undefined && actual === undefined) return [];
  if (!isContainer(expected) || !isContainer(actual)) {
    // Of 1 and "1" the marks are the difference.
    const isPlain = [expected, actual].every(
      (value) => typeof value === "string" || value === undefined || isContainer(value),
    );
    const text = (value: JsonValue): string =>
      isPlain && typeof value === "string" ? shortText(value) : canonicalJson(value);
    return [
      ...(expected === undefined ? [] : [`expected  ${text(expected)}`]),
      ...(actual === undefined ? [] : [`actual    ${text(actual)}`]),
    ];
  }
  const lines = leafLines(expected, actual, "").map(
    (line) => `${line}  (${line.startsWith("-") ? "expected" : "found"})`,
  );
  if (lines.length <= linesMax) return lines;
  return [...lines.slice(0, linesMax), `… and ${lines.length - linesMax} more lines`];
}

function leafLines(expected: JsonValue | undefined, actual: JsonValue | undefined, path: string): string[] {
  if (isContainer(expected) && isContainer(actual) && Array.isArray(expected) === Array.isArray(actual)) {
    if (Array.isArray(expected) && Array.isArray(actual)) return itemLines(expected, actual, path);
    const [left, right] = [expected as Members, actual as Members];
    const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted();
    return names.flatMap((name) =>
      leafLines(memberOf(left, name), memberOf(right, name), `${path}${path && "."}${name}`),
    );
  }
  if (canonicalText(expected) === canonicalText(actual)) return [];
  const at = path === "" ? "" : `${path}: `;
  return [
    ...(expected === undefined ? [] : [`- ${at}${canonicalJson(expected)}`]),
    ...(actual === undefined ? [] : [`+ ${at}${canonicalJson(actual)}`]),
  ];
}

/** Lists of plain values are sets of tags or names: what is missing and what is too much says more than positions. */
function itemLines(expected: readonly JsonValue[], actual: readonly JsonValue[], path: string): string[] {
  if ([...expected, ...actual].some(isContainer)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) => leafLines(expected[index], actual[index], `${path}[${index}]`)).flat();
  }
  const at = path === "" ? "" : `${path}: `;
  const [missing, surplus] = [without(expected, actual), without(actual, expected)];
  if (missing.length + surplus.length === 0 && canonicalJson([...expected]) !== canonicalJson([...actual])) {
    return [`- ${at}${canonicalJson([...expected])}`, `+ ${at}${canonicalJson([...actual])}`];
  }
  return [
    ...missing.map((value) => `- ${at}${canonicalJson(value)}`),
    ...surplus.map((value) => `+ ${at}${canonicalJson(value)}`),
  ];
}

/** Items of the first list that the second one has less often. */
function without(items: readonly JsonValue[], others: readonly JsonValue[]): JsonValue[] {
  const left = others.map((value) => canonicalJson(value));
  return items.filter((value) => {
    const index = left.indexOf(canonicalJson(value));
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

function canonicalText(value: JsonValue | undefined): string {
  return value === undefined ? "" : canonicalJson(value);
}

function isContainer(value: JsonValue | undefined): value is Exclude<JsonValue, string | number | boolean | null> {
  return typeof value === "object" && value !== null;
}

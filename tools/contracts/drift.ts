import { canonicalJson, isJsonObject, memberOf, type JsonObject, type JsonValue } from "../../src/base/json.ts";

/** A place where what is published is not what was frozen. */
export interface Drift {
  /** As `commands/stormlane run/flags/--seeds <n>/default`. */
  readonly at: string;
  /** As `is new`. */
  readonly what: string;
}

/** Member by member, in order of the names; of a part that is new or gone, its top alone. */
export function driftOf(frozen: JsonValue | undefined, current: JsonValue | undefined, at = ""): Drift[] {
  if (frozen === undefined) return current === undefined ? [] : [{ at, what: `is new: ${shortText(current)}` }];
  if (current === undefined) return [{ at, what: "is gone" }];
  if (isJsonObject(frozen) && isJsonObject(current)) return memberDrift(frozen, current, at);
  if (canonicalJson(frozen) === canonicalJson(current)) return [];
  return [{ at, what: changeText(canonicalJson(frozen), canonicalJson(current)) }];
}

function memberDrift(frozen: JsonObject, current: JsonObject, at: string): Drift[] {
  const names = [...new Set([...Object.keys(frozen), ...Object.keys(current)])].toSorted();
  return names.flatMap((name) =>
    driftOf(memberOf(frozen, name), memberOf(current, name), at === "" ? name : `${at}/${name}`),
  );
}

/** Of long texts, both from a little before the place at which they part. */
function changeText(was: string, is: string): string {
  let same = 0;
  while (same < was.length && was[same] === is[same]) same++;
  const isLong = Math.max(was.length, is.length) > textCharsMax;
  const from = isLong ? Math.max(0, same - contextChars) : 0;
  return `was ${cut(was, from)} and is ${cut(is, from)}`;
}

function shortText(value: JsonValue): string {
  return cut(canonicalJson(value), 0);
}

function cut(text: string, from: number): string {
  const part = text.slice(from, from + textCharsMax);
  return `${from > 0 ? "…" : ""}${part}${from + part.length < text.length ? "…" : ""}`;
}

const contextChars = 40;

const textCharsMax = 160;

/** A drift that is meant, and not yet frozen. */
export interface Allowed {
  readonly contract: string;
  /** The place, or one above it. */
  readonly at: string;
  readonly why: string;
  /** The page that says so, from the root: `decisions/….md`. */
  readonly decision: string;
}

/** What is left of the drift of a contract, and which allowances nothing needs any more. */
export function judgeDrift(
  contract: string,
  drift: readonly Drift[],
  allowed: readonly Allowed[],
): { readonly refused: readonly Drift[]; readonly unused: readonly Allowed[] } {
  const own = allowed.filter((each) => each.contract === contract);
  const covers = ({ at }: Allowed, each: Drift): boolean => each.at === at || each.at.startsWith(`${at}/`);
  return {
    refused: drift.filter((each) => !own.some((allowance) => covers(allowance, each))),
    unused: own.filter((allowance) => !drift.some((each) => covers(allowance, each))),
  };
}

import { canonicalJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { datesAgree, type Epochs } from "./epochs.ts";
import { parseExactly } from "./exact-json.ts";
import { idKindAt, keyKindAt, type IdKind } from "./id-kinds.ts";
import { Identities } from "./identities.ts";
import type { RecordedCall, RecordedHook } from "./recording.ts";
import { textsAgree } from "./text-comparison.ts";

/** What is left open between two servers that behave alike; it grows while calls are compared in order. */
export class Rules {
  readonly identities: Identities;
  /** Tokens, hashes and stored names: each has its partner, as ids have. */
  readonly secrets = new Identities();
  epochs: Epochs;

  constructor(identities: Identities, epochs: Epochs) {
    this.identities = identities;
    this.epochs = epochs;
  }
}

/** What a server made of one request. */
export interface Exchange {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Webhooks that arrived meanwhile, in order. Absent where nobody could see them. */
  readonly hooks?: readonly RecordedHook[];
  /** Absent where time does not pass as it did. */
  readonly durationMs?: number;
}

export interface Difference {
  /** As `status`, `answer: result.0.title`, `webhook 2: event_data.task.position`. */
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** @returns the first difference that a client could tell, or undefined when call and webhooks agree */
export function compareExchange(call: RecordedCall, actual: Exchange, rules: Rules): Difference | undefined {
  const difference =
    compareAnswers(call, actual, rules) ?? compareDurations(call, actual) ?? compareHooks(call.hooks, actual, rules);
  if (/"method"\s*:\s*"remove/i.test(call.req.body)) rules.identities.noteRemoval();
  return difference;
}

function compareAnswers({ req, res }: RecordedCall, actual: Exchange, rules: Rules): Difference | undefined {
  if (actual.status !== res.status) return differ("status", res.status, actual.status);
  // Behind it is a fatal error of PHP: how it is shown depends on settings.
  if (res.status === 500) return undefined;
  return (
    compareHeaders("", ["content-type", "www-authenticate"], res.headers, actual.headers) ??
    compareBodies("answer", res.body, actual.body, (expected, found) =>
      compareReplies(proceduresOf(req.body), expected, found, rules),
    )
  );
}

function compareDurations(
  { min_ms: minMs, max_ms: maxMs }: RecordedCall,
  { durationMs }: Exchange,
): Difference | undefined {
  if (durationMs === undefined) return undefined;
  if (minMs !== undefined && durationMs < minMs) return differ("duration", `${minMs} ms at least`, `${durationMs} ms`);
  if (maxMs !== undefined && durationMs > maxMs) return differ("duration", `${maxMs} ms at most`, `${durationMs} ms`);
  return undefined;
}

function compareHooks(expected: readonly RecordedHook[], { hooks }: Exchange, rules: Rules): Difference | undefined {
  const events = (list: readonly RecordedHook[]): string => list.map(eventOf).join(", ") || "none";
  if (hooks === undefined) return undefined;
  if (hooks.length !== expected.length) return differ("webhooks", events(expected), events(hooks));
  for (const [index, hook] of expected.entries()) {
    const difference = compareHook(hook, hooks[index]!, rules);
    if (difference !== undefined) return { ...difference, where: `webhook ${index}: ${difference.where}` };
  }
  return undefined;
}

function compareHook(expected: RecordedHook, actual: RecordedHook, rules: Rules): Difference | undefined {
  if (actual.method !== expected.method) return differ("method", expected.method, actual.method);
  if (actual.url !== expected.url) return differ("url", expected.url, actual.url);
  if (actual.before_reply === false) return differ("delivered", "before the answer", "after it");
  return (
    compareHeaders("", ["content-type", "user-agent"], expected.headers, actual.headers) ??
    compareBodies("body", expected.body, actual.body, (left, right) => {
      const subject = isJsonObject(left) && typeof left["event_name"] === "string" ? left["event_name"] : "";
      return new ValueComparison(subject, "event_data", rules).members(left, right);
    })
  );
}

function compareHeaders(
  where: string,
  names: readonly string[],
  expected: Exchange["headers"],
  actual: Exchange["headers"],
): Difference | undefined {
  const name = names.find((each) => actual[each] !== expected[each]);
  return name === undefined ? undefined : differ(`${where}header ${name}`, expected[name], actual[name]);
}

function compareBodies(
  where: string,
  expected: string,
  actual: string,
  compare: (expected: JsonValue, actual: JsonValue) => Difference | undefined,
): Difference | undefined {
  const [left, right] = [parseExactly(expected), parseExactly(actual)];
  if (left === undefined || right === undefined) {
    return expected === actual ? undefined : differ(`${where}, as text`, expected, actual);
  }
  const difference = compare(left, right);
  return difference === undefined ? undefined : { ...difference, where: `${where}: ${difference.where}` };
}

/** The procedure that each reply of a body belongs to, by its id as JSON. */
function proceduresOf(requestBody: string): ReadonlyMap<string, string> {
  const request = parseExactly(requestBody);
  const requests = isJsonArray(request) ? request : [request];
  const procedures = new Map<string, string>();
  for (const each of requests) {
    if (!isJsonObject(each)) continue;
    const { id, method } = each;
    if (typeof method === "string") procedures.set(JSON.stringify(id), method);
  }
  return procedures;
}

function compareReplies(
  procedures: ReadonlyMap<string, string>,
  expected: JsonValue,
  actual: JsonValue,
  rules: Rules,
): Difference | undefined {
  if (!isJsonArray(expected) || !isJsonArray(actual)) return compareReply(procedures, expected, actual, rules);
  if (expected.length !== actual.length) return differ("replies", expected.length, actual.length);
  for (const [index, reply] of expected.entries()) {
    const difference = compareReply(procedures, reply, actual[index]!, rules);
    if (difference !== undefined) return { ...difference, where: `${index}.${difference.where}` };
  }
  return undefined;
}

function compareReply(
  procedures: ReadonlyMap<string, string>,
  expected: JsonValue,
  actual: JsonValue,
  rules: Rules,
): Difference | undefined {
  const id = isJsonObject(expected) ? expected["id"] : undefined;
  const subject = procedures.get(JSON.stringify(id)) ?? "";
  return new ValueComparison(subject, "result", rules).members(expected, actual);
}

/** Of what one procedure answered, or of what happened in one event. */
class ValueComparison {
  private readonly subject: string;
  /** The member that holds the payload; the others are compared as they are. */
  private readonly payload: string;
  private readonly rules: Rules;

  constructor(subject: string, payload: string, rules: Rules) {
    this.subject = subject;
    this.payload = payload;
    this.rules = rules;
  }

  /** Of an envelope: the payload by the rules, everything else strictly. */
  members(expected: JsonValue, actual: JsonValue): Difference | undefined {
    if (!isJsonObject(expected) || !isJsonObject(actual)) return this.strictly("", expected, actual);
    for (const name of namesOf(expected, actual)) {
      const [left, right] = [expected[name], actual[name]];
      const difference =
        name === this.payload && left !== undefined && right !== undefined
          ? this.values(left, right, [])
          : this.strictly(name, left, right);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  private values(expected: JsonValue, actual: JsonValue, path: readonly string[]): Difference | undefined {
    if (isJsonArray(expected) && isJsonArray(actual)) return this.lists(expected, actual, path);
    const member = path.at(-1) ?? "";
    if (member === "changes" && isChanges(expected) && isChanges(actual)) {
      return this.maps(withoutDate(expected), withoutDate(actual), path);
    }
    if (isJsonObject(expected) && isJsonObject(actual)) {
      const kind = keyKindAt(this.subject, path);
      return kind === undefined ? this.maps(expected, actual, path) : this.keyed(kind, expected, actual, path);
    }
    return this.scalarsAgree(expected, actual, path) ? undefined : this.differ(path, expected, actual);
  }

  private lists(
    expected: readonly JsonValue[],
    actual: readonly JsonValue[],
    path: readonly string[],
  ): Difference | undefined {
    if (expected.length !== actual.length) {
      return this.differ(path, `${expected.length} items`, `${actual.length} items`);
    }
    for (const [index, item] of expected.entries()) {
      const difference = this.values(item, actual[index]!, [...path, String(index)]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  private maps(expected: JsonObject, actual: JsonObject, path: readonly string[]): Difference | undefined {
    for (const name of namesOf(expected, actual)) {
      const [left, right] = [expected[name], actual[name]];
      const difference =
        left === undefined || right === undefined
          ? this.differ([...path, name], left, right)
          : this.values(left, right, [...path, name]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  /** A key that was never met finds its partner by its value. */
  private keyed(
    kind: IdKind,
    expected: JsonObject,
    actual: JsonObject,
    path: readonly string[],
  ): Difference | undefined {
    const { identities } = this.rules;
    const left = new Set(Object.keys(actual));
    if (left.size !== Object.keys(expected).length) return this.differ(path, expected, actual);
    for (const [key, value] of Object.entries(expected)) {
      const known = identities.partnerOf(kind, key);
      const partner = known !== undefined && left.has(known) ? known : [...left].find((each) => actual[each] === value);
      if (partner === undefined || actual[partner] !== value || !identities.agree(kind, key, partner)) {
        return this.differ([...path, key], value, partner === undefined ? undefined : actual[partner]);
      }
      left.delete(partner);
    }
    return undefined;
  }

  private scalarsAgree(expected: JsonValue, actual: JsonValue, path: readonly string[]): boolean {
    if (typeof expected !== typeof actual) return false;
    const { identities, epochs, secrets } = this.rules;
    const member = path.at(-1) ?? "";
    if (isId(expected) && isId(actual)) {
      const kind = idKindAt(this.subject, path);
      if (kind !== undefined) return identities.agree(kind, String(expected), String(actual));
    }
    if (typeof expected === "number" && typeof actual === "number" && dates.test(member)) {
      return datesAgree(expected, actual, epochs, member);
    }
    if (typeof expected === "string" && typeof actual === "string") {
      return textsAgree(expected, actual, { member, identities, secrets, epochs });
    }
    return expected === actual;
  }

  private strictly(
    name: string,
    expected: JsonValue | undefined,
    actual: JsonValue | undefined,
  ): Difference | undefined {
    return textOf(expected) === textOf(actual) ? undefined : differ(name, textOf(expected), textOf(actual));
  }

  private differ(path: readonly string[], expected: JsonValue | undefined, actual: JsonValue | undefined): Difference {
    return differ([this.payload, ...path].join("."), textOf(expected), textOf(actual));
  }
}

const dates = /^(date|date_.*|last_modified|lock_expiration_date|start|end|timer_start_date)$/;

/** 0, empty and absent name nothing; the same id can come as a number or as text, but the type counts. */
function isId(value: JsonValue): value is number | string {
  return (
    (typeof value === "number" && Number.isSafeInteger(value) && value > 0) ||
    (typeof value === "string" && /^[1-9]\d{0,14}$/.test(value))
  );
}

/** No changes are a list, some are a map. */
function isChanges(value: JsonValue): value is JsonObject {
  return isJsonObject(value) || (isJsonArray(value) && value.length === 0);
}

/** It appears only when the second ticked since the last move. */
function withoutDate(changes: JsonObject): JsonObject {
  const { date_moved: _, ...rest } = changes;
  return rest;
}

function namesOf(expected: JsonObject, actual: JsonObject): Iterable<string> {
  return new Set([...Object.keys(expected), ...Object.keys(actual)]);
}

function eventOf({ body }: RecordedHook): string {
  const payload = parseExactly(body);
  const event = isJsonObject(payload) ? payload["event_name"] : undefined;
  return typeof event === "string" ? event : "a body without an event";
}

/** Equal for equal values, whatever the order of their keys. */
function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}

function differ(where: string, expected: string | number | undefined, actual: string | number | undefined): Difference {
  return { where, expected: short(expected), actual: short(actual) };
}

function short(value: string | number | undefined): string {
  const text = value === undefined ? "nothing" : String(value);
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}...` : text;
}

const lengthMax = 300;

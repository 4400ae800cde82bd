import { isJsonArray, isJsonObject, type JsonValue } from "../base/json.ts";
import { parseExactly } from "./exact-json.ts";
import type { RecordedCall } from "./recording.ts";

/** Ids by the names that a recording gives them. */
export type Names = ReadonlyMap<string, string>;

export type FilledBody =
  | { readonly kind: "ok"; readonly body: string }
  /** The server never gave an id for this name. */
  | { readonly kind: "unknown"; readonly name: string };

/**
 * The body of a request with the ids that a server gave. `{"$ref":"t1"}` stands for an id as a number, `{"$refs":"t1"}` as
 * text, `{"$fmt":"id:{t1}"}` inside a text.
 *
 * @param recorded the ids in the recording: where they are the same the body is sent verbatim
 */
export function fillBody({ req, tmpl }: RecordedCall, recorded: Names, given: Names): FilledBody {
  if (tmpl === undefined) return { kind: "ok", body: req.body };
  const names = [...namesIn(tmpl)];
  // What the recorded server did not give either was sent as it stands in the body.
  const learned = names.filter((name) => recorded.has(name));
  const missing = learned.find((name) => !given.has(name));
  if (missing !== undefined) return { kind: "unknown", name: missing };
  const isSame = learned.every((name) => recorded.get(name) === given.get(name));
  return { kind: "ok", body: isSame ? req.body : JSON.stringify(fill(tmpl, given)) };
}

/** Learns the ids that an answer names. */
export function learnNames({ bind = {} }: RecordedCall, answer: string, names: Map<string, string>): void {
  const reply = parseExactly(answer);
  for (const [name, path] of Object.entries(bind)) {
    const id = path.split(".").reduce<JsonValue | undefined>(memberOf, reply);
    const isGiven = typeof id === "number" || (typeof id === "string" && /^\d+$/.test(id));
    if (isGiven && Number(id) > 0) names.set(name, String(id));
    else names.delete(name);
  }
}

function memberOf(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (isJsonArray(value)) return value[Number(step)];
  return isJsonObject(value) ? value[step] : undefined;
}

function fill(value: JsonValue, names: Names): JsonValue {
  if (isJsonArray(value)) return value.map((item) => fill(item, names));
  if (!isJsonObject(value)) return value;
  const { $ref, $refs, $fmt } = value;
  if (typeof $ref === "string") return Number(names.get($ref));
  if (typeof $refs === "string") return names.get($refs)!;
  if (typeof $fmt === "string") return $fmt.replaceAll(reference, (_, name: string) => names.get(name)!);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member!, names)]));
}

function* namesIn(value: JsonValue): Generator<string> {
  if (isJsonArray(value)) for (const item of value) yield* namesIn(item);
  if (!isJsonObject(value)) return;
  const { $ref, $refs, $fmt } = value;
  if (typeof $ref === "string") yield $ref;
  else if (typeof $refs === "string") yield $refs;
  else if (typeof $fmt === "string") for (const match of $fmt.matchAll(reference)) yield match[1]!;
  else for (const member of Object.values(value)) yield* namesIn(member!);
}

const reference = /\{(\w+)\}/g;

import { isJsonArray, isJsonObject, type JsonValue } from "../../src/base/json.ts";
import { idKindAt, keyKindAt, type IdKind } from "../../src/conformance/id-kinds.ts";
import type { Epoch, RecordedCall } from "../../src/conformance/recording.ts";

/** What another server, at another time, would have answered in place of the recorded one. */
export interface Renaming {
  readonly id: (kind: IdKind, id: number) => number;
  /** All dates inside the recording move by so many days. */
  readonly days: number;
  readonly epochs: readonly Epoch[];
  /** Another digit for each digit of a secret. */
  readonly digit: (digit: string) => string;
}

export function rename(call: RecordedCall, renaming: Renaming): RecordedCall {
  const { req, res, hooks } = call;
  const bodyOf = (text: string, subjectOf: (envelope: JsonValue) => string, payload: string): string =>
    renameBody(text, renaming, subjectOf, payload);
  return {
    ...call,
    res: { ...res, body: bodyOf(res.body, (reply) => procedureOf(req.body, reply), "result") },
    hooks: hooks.map((hook) => ({
      ...hook,
      body: bodyOf(hook.body, (envelope) => (envelope as { event_name: string }).event_name, "event_data"),
    })),
  };
}

export function shifted(epochs: readonly Epoch[], days: number): readonly Epoch[] {
  return epochs.map(([start, end]) => [start + days * dayS, end + days * dayS]);
}

function renameBody(
  text: string,
  renaming: Renaming,
  subjectOf: (envelope: JsonValue) => string,
  payload: string,
): string {
  let body: JsonValue;
  try {
    body = JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
  const envelope = (value: JsonValue): JsonValue =>
    isJsonObject(value) && value[payload] !== undefined
      ? { ...value, [payload]: renameValue(value[payload], renaming, subjectOf(value), []) }
      : value;
  return JSON.stringify(isJsonArray(body) ? body.map(envelope) : envelope(body));
}

function procedureOf(request: string, reply: JsonValue): string {
  const body = JSON.parse(request) as JsonValue;
  const requests = isJsonArray(body) ? body : [body];
  const id = JSON.stringify((reply as { id?: JsonValue }).id);
  const asked = requests.findLast((each) => isJsonObject(each) && JSON.stringify(each["id"]) === id);
  return (asked as { method?: string } | undefined)?.method ?? "";
}

function renameValue(value: JsonValue, renaming: Renaming, subject: string, path: readonly string[]): JsonValue {
  if (isJsonArray(value)) {
    return value.map((item, index) => renameValue(item, renaming, subject, [...path, String(index)]));
  }
  if (isJsonObject(value)) {
    const kind = keyKindAt(subject, path);
    const entries = Object.entries(value).map(([key, member]): [string, JsonValue] => [
      kind === undefined ? key : String(renaming.id(kind, Number(key))),
      renameValue(member!, renaming, subject, [...path, key]),
    ]);
    // Key order counts for nothing.
    return Object.fromEntries(entries.toReversed());
  }
  const kind = idKindAt(subject, path);
  if (kind !== undefined && /^[1-9]\d*$/.test(String(value))) {
    const id = renaming.id(kind, Number(value));
    return typeof value === "string" ? String(id) : id;
  }
  const member = path.at(-1) ?? "";
  if (typeof value === "number") return renameDate(value, member, renaming);
  return typeof value === "string" ? renameText(value, member, renaming) : value;
}

function renameDate(value: number, member: string, { epochs, days }: Renaming): number {
  if (!/^(date|start|last_mod|lock)|_date/.test(member)) return value;
  const began = member === "lock_expiration_date" ? value - 900 : value;
  const isOfRun = epochs.some(([start, end]) => began >= Math.floor(start) && began <= end);
  return isOfRun ? value + days * dayS : value;
}

function renameText(text: string, member: string, { id, days, digit }: Renaming): string {
  const scramble = (secret: string): string => secret.replaceAll(/[0-9a-f]/g, digit);
  if (member === "password") return text.replace(/(?<=^\$2y\$10\$).{53}$/, scramble);
  if (member === "etag" || member === "token") return /^[0-9a-f]{32,}$/.test(text) ? scramble(text) : text;
  if (member === "path") {
    return text.replace(/^(tasks|projects)\/(\d+)\/(.{40})$/, (_, owner: string, number: string, name: string) =>
      [owner, id(owner === "tasks" ? "task" : "project", Number(number)), scramble(name)].join("/"),
    );
  }
  const isRendered = /^event_(title|content)$/.test(member);
  if (!isRendered && !text.includes("controller=")) return text;
  const linked = text
    .replaceAll(/(?<=task_id=)\d+/g, (number) => String(id("task", Number(number))))
    .replaceAll(/(?<=project_id=)\d+/g, (number) => String(id("project", Number(number))))
    .replaceAll(/(?<=token=)[0-9a-f]{60}/g, scramble)
    .replaceAll("http://localhost/?controller", "https://board.example:8443/kanboard/?controller");
  if (!isRendered) return linked;
  return linked
    .replaceAll(/(?<=#)\d+\b/g, (number) => String(id("task", Number(number))))
    .replaceAll(/(\d\d)\/(\d\d)\/(\d{4})(?= \d\d:\d\d)/g, (_, month: string, day: string, year: string) => {
      const moved = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + days * dayS * 1000);
      const [y, m, d] = moved.toISOString().slice(0, 10).split("-") as [string, string, string];
      return `${m}/${d}/${y}`;
    });
}

const dayS = 86_400;

import { hash32 } from "../base/digest.ts";
import { canonicalJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { Change } from "../ports/service.ts";
import { CardReferences } from "./card-references.ts";
import { NormalJson } from "./normal-json.ts";
import { NormalText } from "./normal-text.ts";
import type { RecordedExchange, Recording } from "./recording.ts";

/**
 * What is compared, from causes to what follows of them: an answer that is otherwise explains a request that is, and that
 * a card.
 */
export const aspects = [
  "modelled",
  "answer",
  "header",
  "life",
  "webhook",
  "request",
  "program",
  "commit",
  "file",
  "card",
] as const;
export type Aspect = (typeof aspects)[number];

/** One thing that is so in a run, whatever order other things came in. */
export interface Fact {
  readonly aspect: Aspect;
  /** Of whom; empty for the board. */
  readonly process: string;
  readonly subject: string;
  readonly value: string;
}

/** The facts of a run, by what they are about. */
export type NormalForm = ReadonlyMap<string, Fact>;

/**
 * A run in the form in which runs are compared. What goes on at the same time has no order here: requests are counted,
 * and what changes a card is in order for each process alone. Requests that only look are there or not, however often:
 * who asks every second asks once more on a slower day. So are changes that repeat without end.
 */
export function normalFormOf(recording: Recording): NormalForm {
  const facts = new Facts();
  const text = new NormalText(recording.places);
  const json = new NormalJson(text, new CardReferences(recording.changes));
  for (const what of recording.unmodelled) facts.add("modelled", "", text.of(what), "not modelled");
  addExchanges(recording, text, json, facts);
  addCards(recording, json, facts);
  for (const { name, result = "not answered" } of recording.webhooks)
    facts.count("webhook", "board", `${name}: ${result}`);
  for (const { name, process, args } of recording.starts) {
    facts.count("program", process, args === undefined ? name : [name, ...args.map((each) => text.of(each))].join(" "));
  }
  for (const { branch, message, changed } of recording.commits) {
    facts.count("commit", "", text.of(`${branch}: ${message.trim()} (${changed.join(", ")})`));
  }
  for (const { process, what } of recording.lives) facts.add("life", process, "of the process", what);
  for (const [path, content] of recording.files) {
    facts.add("file", "", text.of(path), content === null ? "removed" : describeContent(text.of(content)));
  }
  return facts.all;
}

class Facts {
  readonly all = new Map<string, Fact>();
  private readonly counts = new Map<string, number>();
  private readonly values = new Map<string, Set<string>>();

  add(aspect: Aspect, process: string, subject: string, value: string): void {
    this.all.set(`${aspect}\0${process}\0${subject}`, { aspect, process, subject, value });
  }

  count(aspect: Aspect, process: string, subject: string): void {
    const key = `${aspect}\0${process}\0${subject}`;
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    this.add(aspect, process, subject, count >= manyMin ? "many times" : timesWord(count));
  }

  /** One of several values that it had. */
  among(aspect: Aspect, process: string, subject: string, value: string): void {
    const key = `${aspect}\0${process}\0${subject}`;
    const values = (this.values.get(key) ?? new Set()).add(value);
    this.values.set(key, values);
    this.add(aspect, process, subject, [...values].toSorted().join(" | "));
  }
}

/** From so many on, the same change is one that repeats as long as the run lasts. */
const manyMin = 5;

function timesWord(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function addExchanges(recording: Recording, text: NormalText, json: NormalJson, facts: Facts): void {
  const states = boardStates(recording, json);
  const prompts = new Map<string, number>();
  for (const exchange of recording.exchanges) {
    if (exchange.process === peopleName) continue;
    const { service, process } = exchange;
    const request = requestText(exchange, text, json);
    const subject = `${service} ${request}`;
    if (exchange.ownChanges === 0) facts.add("request", process, subject, "asked");
    else facts.count("request", process, subject);
    for (const [name, value] of Object.entries(exchange.request.headers)) {
      if (isOfClient(name)) continue;
      facts.among("header", process, `${service} ${name}`, secretHeaders.has(name) ? secretOf(value) : text.of(value));
    }
    const earlier = prompts.get(subject) ?? 0;
    prompts.set(subject, earlier + 1);
    addAnswer(exchange, service === "board" ? states : earlier, subject, { text, json, facts });
  }
}

/**
 * Answers are compared where the same was asked of the same state: of the board one to which the same has happened, of a
 * model one that was asked this as often. Whoever was answered while others wrote is left out.
 */
function addAnswer(
  exchange: RecordedExchange,
  states: readonly string[] | number,
  subject: string,
  { text, json, facts }: { readonly text: NormalText; readonly json: NormalJson; readonly facts: Facts },
): void {
  const { answer, changesBefore, changesAfter, ownChanges, request } = exchange;
  if (answer === undefined || changesAfter === undefined) return;
  if (typeof states !== "number" && changesAfter - changesBefore !== ownChanges) return;
  const state = typeof states === "number" ? `asked ${states} times before` : `at ${states[changesBefore]}`;
  const type = answer.headers["content-type"] ?? "";
  const body = answerText(answer.text, methodOf(request.body.json()), text, json);
  facts.among("answer", "", `${subject}\0${state}`, `${answer.status} ${type} ${body}`.trim());
}

function answerText(body: string, method: string, text: NormalText, json: NormalJson): string {
  // A stream of events: each has a piece of JSON of its own.
  if (/^(?:event|data):/.test(body)) {
    return body.replaceAll(
      /^data: (\{.*\})$/gm,
      (_line, piece: string) => `data: ${answerText(piece, "", text, json)}`,
    );
  }
  const value = parsed(body);
  if (value === undefined) return text.of(body);
  if (!isJsonObject(value) || !("jsonrpc" in value)) return canonicalJson(json.of(value));
  const { id: _id, result, ...rest } = value;
  if (result === undefined) return canonicalJson(json.of(rest));
  // What was made has a new number.
  const isNumber = typeof result === "number" && /^(?:create|add|duplicate)/.test(method);
  return canonicalJson(isNumber ? "<id>" : json.of(result));
}

function requestText({ request }: RecordedExchange, text: NormalText, json: NormalJson): string {
  const body = request.body.json();
  const path = text.of(request.path);
  if (isJsonObject(body) && typeof body["method"] === "string" && body["jsonrpc"] !== undefined) {
    return `${body["method"]} ${canonicalJson(paramsOf(body["method"], body["params"] ?? [], json))}`;
  }
  if (isJsonArray(body)) {
    const calls = body.filter(isJsonObject);
    return `batch ${calls.map((call) => `${methodOf(call)} ${canonicalJson(paramsOf(methodOf(call), call["params"] ?? [], json))}`).join(", ")}`;
  }
  const sent = body === undefined ? text.of(request.body.text()) : canonicalJson(json.of(body));
  return `${request.method} ${path} ${sent}`.trim();
}

function paramsOf(method: string, params: JsonValue, json: NormalJson): JsonValue {
  const normal = json.of(params);
  // Its card is `id` there, and `task_id` elsewhere.
  if (!/^(?:update|move)Task/.test(method) || !isJsonObject(params) || !isJsonObject(normal)) return normal;
  return "id" in params ? { ...normal, id: json.scalar(params["id"]!, true) } : normal;
}

function methodOf(call: JsonValue | undefined): string {
  return isJsonObject(call) && typeof call["method"] === "string" ? call["method"] : "";
}

/** By number of changes so far: names of states, the same for boards to which the same has happened in whatever order. */
function boardStates({ changes }: Recording, json: NormalJson): readonly string[] {
  let low = 0;
  let high = 0;
  const states = ["the start"];
  for (const { service, change } of changes) {
    if (service === "board") {
      const line = changeText(change, json);
      low = (low + hash32(line)) >>> 0;
      high = (high + hash32(`${line} again`)) >>> 0;
    }
    states.push(`${high.toString(16)}${low.toString(16)}`);
  }
  return states;
}

/** What each process did to each card, in its order; and what each card is in the end. */
function addCards(recording: Recording, json: NormalJson, facts: Facts): void {
  const deeds = new Map<string, { readonly process: string; readonly card: string; readonly lines: string[] }>();
  for (const { service, process, change } of recording.changes) {
    if (service !== "board" || process === peopleName) continue;
    const card = json.card(change["card"]);
    const key = `${process}\0${card}`;
    const entry = deeds.get(key) ?? { process, card, lines: [] };
    deeds.set(key, entry);
    entry.lines.push(changeText(change, json));
  }
  for (const { process, card, lines } of deeds.values()) {
    facts.add("card", process, `what it did to ${card}`, folded(lines).join("; "));
  }
  for (const [subject, value] of boardEnd(recording.board, json)) facts.add("card", "", subject, value);
}

/** A change that comes many times, as a sign of life, is told once. */
function folded(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  const told = new Set<string>();
  return lines.flatMap((line) => {
    if (counts.get(line)! < manyMin) return [line];
    if (told.has(line)) return [];
    told.add(line);
    return [`many times ${line}`];
  });
}

function changeText(change: Change, json: NormalJson): string {
  const { store: _store, type, card, comment: _comment, file: _file, dateMoved: _dateMoved, ...rest } = change;
  const about = card === undefined ? "" : ` ${json.card(card)}`;
  const copyOf = rest["copyOf"] === undefined ? {} : { copyOf: json.card(rest["copyOf"]) };
  const opposite = rest["opposite"] === undefined ? {} : { opposite: json.card(rest["opposite"]) };
  return `${type}${about} ${canonicalJson({ ...(json.of(rest) as JsonObject), ...copyOf, ...opposite })}`;
}

function* boardEnd(board: JsonObject, json: NormalJson): Generator<readonly [subject: string, value: string]> {
  for (const project of rowsOf(board["projects"])) {
    for (const column of rowsOf(project["columns"])) {
      for (const card of rowsOf(column["cards"])) {
        const { id, position: _position, ...rest } = card;
        const end = { ...(json.of(rest) as JsonObject), column: column["title"]! };
        yield [`${json.card(id)} in the end`, canonicalJson(end)];
      }
    }
  }
}

function rowsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function describeContent(content: string): string {
  const digest = hash32(content).toString(16).padStart(8, "0");
  return `${content.length} characters, ${digest}: ${content}`;
}

const secretHeaders: ReadonlySet<string> = new Set(["authorization", "x-api-key", "x-goog-api-key", "cookie"]);

/** Told apart, and not told. */
function secretOf(value: string): string {
  return `a secret (${hash32(value).toString(16)})`;
}

/** Headers that a client adds by itself, or that name its machine: no two clients agree on them. */
function isOfClient(name: string): boolean {
  return clientHeaders.has(name) || /^(?:x-stormlane-|sec-fetch-|x-stainless-(?:os|arch|runtime-version)$)/.test(name);
}

const clientHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "connection",
  "content-length",
  "host",
  "keep-alive",
  "transfer-encoding",
  "user-agent",
]);

/** Who is not part of the system: what people do is given. */
export const peopleName = "people";

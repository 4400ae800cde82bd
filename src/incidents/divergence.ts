import { canonicalJson, type JsonObject } from "../base/json.ts";
import { faultMenu } from "../explore/fault-menu.ts";
import type { FaultSpec, Seam } from "../faults/fault.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { FaultSettings } from "../sim/scenario.ts";
import { NoteIndex, stableFields, type Note } from "./note-index.ts";
import { isShown, type LoggedFault, type ShownKinds } from "./logged-fault.ts";
import { textOf } from "./readers/reader.ts";
import type { Timeline } from "./timeline.ts";

/** How far the logs go as a run does. */
export interface Agreement {
  /** Events that the orchestrator said in both, by card and in order, before they part. */
  readonly agreed: number;
  /** Where they part first, if at all: the last event that both have, and the next one of the log. */
  readonly parting: { readonly last: Note; readonly next: Note } | undefined;
}

/** Who speaks in a simulation, and how. */
export interface Speakers {
  /** Those who are no part of the system. */
  readonly people: readonly string[];
  /** What a card or story of a simulation is called in what was read of the logs: names that tell something are replaced there. */
  readonly nameOf: (name: string) => string;
}

/** The same fields with the names that they have in what was read of the logs. */
export function asInLogs(fields: JsonObject, nameOf: Speakers["nameOf"]): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === "string" ? nameOf(value) : value]),
  );
}

/** Compares what the orchestrator said of each card with what it says in a run of the same workload. */
export function agreementWith(
  { events }: Timeline,
  run: readonly HistoryEvent[],
  { people, nameOf }: Speakers,
): Agreement {
  const said = new Map<string, string[]>();
  for (const event of run) {
    if (event.kind !== "note" || people.includes(event.process)) continue;
    const fields = asInLogs(event.fields, nameOf);
    listOf(said, subjectOf(fields)).push(sayingOf({ name: event.name, fields }));
  }
  const logged = new Map<string, Note[]>();
  for (const event of events) {
    if (event.kind === "note" && event.name !== "") listOf(logged, subjectOf(event.fields)).push(event);
  }
  let agreed = 0;
  const partings: { readonly last: Note; readonly next: Note }[] = [];
  for (const [subject, notes] of logged) {
    if (subject === "") continue;
    const expected = said.get(subject) ?? [];
    const at = notes.findIndex((note, index) => sayingOf(note) !== expected[index]);
    agreed += at < 0 ? notes.length : at;
    if (at > 0) partings.push({ last: notes[at - 1]!, next: notes[at]! });
  }
  const parting = partings.toSorted((left, right) => left.next.atMs - right.next.atMs)[0];
  return { agreed, parting };
}

/**
 * What stands behind a parting that no fault of the logs explains: something after the last event that both have. If the log
 * was silent for long, only what takes long; if it went on at once, only what does not.
 */
export function faultBehind(
  { parting }: Agreement,
  { events }: Timeline,
  {
    known,
    shown,
    settings,
  }: { readonly known: readonly LoggedFault[]; readonly shown: ShownKinds; readonly settings: FaultSettings },
): LoggedFault | undefined {
  if (parting === undefined) return undefined;
  const { last, next } = parting;
  if (known.some(({ evidence }) => evidence.atMs <= next.atMs + 1_000)) return undefined;
  const silentMs = next.atMs - last.atMs;
  const fits = (spec: FaultSpec, seam: Seam): boolean => {
    if (isShown(shown, spec, seam)) return false;
    return silentMs >= longMs ? takesLong(spec) : silentMs >= shortMs || !takesLong(spec);
  };
  const whole = faultMenu(settings, new Set(settings.families));
  const menu: Record<Seam, readonly FaultSpec[]> = { ...whole };
  for (const seam of Object.keys(menu) as Seam[]) menu[seam] = whole[seam].filter((spec) => fits(spec, seam));
  if (Object.values(menu).every((specs) => specs.length === 0)) return undefined;
  const notes = events.filter((event) => event.kind === "note");
  return {
    words: `after ${last.name}${placeOf(last.fields)} it went otherwise than undisturbed: ${next.name} came next, ${silentText(silentMs)} later`,
    evidence: next,
    specs: [],
    menu,
    isDoubtful: true,
    seams: [],
    operation: undefined,
    passedMax: 12,
    after: new NoteIndex(notes).anchorOf(last),
  };
}

/** Shorter than any time limit, longer than what just takes its time. */
const shortMs = 2_000;
const longMs = 8_000;

function takesLong(spec: FaultSpec): boolean {
  switch (spec.kind) {
    case "request-lost":
    case "answer-lost":
    case "partition":
      return true;
    case "request-delayed":
    case "answer-delayed":
      return spec.delayMs >= shortMs;
    case "disk-slow":
      return spec.delayMs >= shortMs;
    case "pause":
      return spec.durationMs >= shortMs;
    case "kill":
    case "host-crash":
      return true;
    default:
      return false;
  }
}

function silentText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`;
}

function placeOf({ card, epic, story, scope }: JsonObject): string {
  const subject = textOf(card ?? epic ?? scope);
  return subject === "" ? "" : ` of ${subject}${story === undefined ? "" : `/${textOf(story)}`}`;
}

/** The epic that an event is about: what is said of one comes in one order. */
function subjectOf({ card, epic, scope }: JsonObject): string {
  const subject = card ?? epic ?? scope;
  return typeof subject === "string" ? subject.split("/")[0]! : "";
}

function sayingOf(note: { readonly name: string; readonly fields: JsonObject }): string {
  const fields = stableFields(note);
  const known = Object.fromEntries(Object.entries(fields).filter(([name]) => subjectFields.has(name)));
  return `${note.name} ${canonicalJson(known)}`;
}

/** What logs of any form can tell. */
const subjectFields: ReadonlySet<string> = new Set(["card", "epic", "story", "lane"]);

function listOf<Value>(lists: Map<string, Value[]>, name: string): Value[] {
  let list = lists.get(name);
  if (list === undefined) lists.set(name, (list = []));
  return list;
}

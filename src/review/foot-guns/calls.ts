import type { HistoryEvent, OpIdentity } from "../../history/event.ts";

/** One call of a process of the system: sent, and what its caller learned. */
export interface SystemCall {
  /** In the history, of the event that sent it. */
  readonly index: number;
  readonly atUs: number;
  readonly process: string;
  /** Process, life and task: one causal chain. */
  readonly task: string;
  readonly taskName: string;
  /** As `board.getTask`. */
  readonly name: string;
  readonly key: string;
  /** What it is about: the key, or where that names a folder the task has listed, the entry of it that is next. */
  readonly resource: string;
  /** Undefined while nobody has learned anything. */
  answer: CallAnswer | undefined;
}

export interface CallAnswer {
  readonly index: number;
  readonly atUs: number;
  readonly failed: boolean;
  /** As the history tells it: a status, an exit code, or an error code. */
  readonly detail: string;
}

/** A history, and in it what the processes of the system did. */
export interface ReadRun {
  readonly events: readonly HistoryEvent[];
  /** In order of sending. */
  readonly calls: readonly SystemCall[];
  /** The same by task, in order of their first calls. */
  readonly byTask: ReadonlyMap<string, readonly SystemCall[]>;
}

/** Neither people, nor services, nor programs: what they do is not for the system to change. */
export function readRun(events: readonly HistoryEvent[]): ReadRun {
  const processes = new Set(events.flatMap((event) => (event.kind === "process" ? [event.process] : [])));
  const calls: SystemCall[] = [];
  const byTask = new Map<string, SystemCall[]>();
  const pending = new Map<number, SystemCall>();
  const entries = new ListedEntries();
  for (const [index, event] of events.entries()) {
    if (event.kind === "sent" && processes.has(event.op.process) && !people.has(event.op.process)) {
      const call = callOf(event.op, { index, atUs: event.atUs }, entries);
      calls.push(call);
      pending.set(event.op.id, call);
      const ofTask = byTask.get(call.task);
      if (ofTask === undefined) byTask.set(call.task, [call]);
      else ofTask.push(call);
    } else if (event.kind === "answered") {
      const call = pending.get(event.op.id);
      if (call === undefined) continue;
      pending.delete(event.op.id);
      const { outcome, detail, atUs } = event;
      const failed = outcome === "ok" ? isRefusal(call.name, detail) : !isAbsence(call.name, detail);
      call.answer = { index, atUs, detail, failed };
    }
  }
  return { events, calls, byTask };
}

/** They wait and look as people do. */
const people: ReadonlySet<string> = new Set(["people", "operator"]);

function callOf(
  { process, incarnation, taskName, name, key }: OpIdentity,
  sent: Pick<SystemCall, "index" | "atUs">,
  entries: ListedEntries,
): SystemCall {
  const task = `${process}@${incarnation}/${taskName}`;
  return {
    ...sent,
    process,
    task,
    taskName,
    name,
    key,
    resource: entries.resourceOf(task, name, key),
    answer: undefined,
  };
}

/** A key may name a folder, which is listed first, and then stand for each of its files in turn. */
class ListedEntries {
  /** By task and key: reads since the last listing. */
  private readonly reads = new Map<string, number>();

  resourceOf(task: string, name: string, key: string): string {
    const folder = `${task} ${key}`;
    if (name === "disk.list") this.reads.set(folder, 0);
    if (!/^disk\.(?:read|stat|realPath)/.test(name)) return key;
    const reads = this.reads.get(folder);
    if (reads === undefined) return key;
    this.reads.set(folder, reads + 1);
    return `${key} entry ${reads}`;
  }
}

/** That a file is not there, or is there already, is an answer like another. */
function isAbsence(name: string, detail: string): boolean {
  return name.startsWith("disk.") && (detail === "ENOENT" || detail === "EEXIST");
}

/** An answer over HTTP that says no. */
function isRefusal(name: string, detail: string): boolean {
  return !name.startsWith("disk.") && /^[45]\d\d$/.test(detail);
}

export function isWait({ name }: Pick<SystemCall, "name">): boolean {
  return name.startsWith("clock.");
}

/** Asks the board, a model or another service over the network. */
export function isRequest({ name }: Pick<SystemCall, "name">): boolean {
  return /^(?:board|model|http)\./.test(name) && name !== "http.listen";
}

/** Reads from the board or from a file, by the words that names of reading calls begin with. */
export function isRead({ name }: Pick<SystemCall, "name">): boolean {
  return /^(?:board|http)\.(?:get|search|list|find|GET)/.test(name) || /^disk\.(?:read|list|stat)/.test(name);
}

/** One attempt of a cause, as its process tells it: `run.started {card, cause, lane}` and `run.finished` of one task. */
export interface Attempt {
  /** Of the events that tell its start and its end. */
  readonly index: number;
  readonly atUs: number;
  /** Undefined of one that never told its end, as when its process died. */
  readonly endUs: number | undefined;
  /** Process and card, and its lane where it has one. */
  readonly place: string;
  readonly words: string;
}

/** Attempts of each cause, in order. */
export function attemptsByCause(events: readonly HistoryEvent[]): ReadonlyMap<string, readonly Attempt[]> {
  const byCause = new Map<string, Attempt[]>();
  const open = new Map<string, { readonly attempts: Attempt[]; readonly position: number }>();
  for (const [index, event] of events.entries()) {
    if (event.kind !== "note") continue;
    const { name, fields, process, incarnation, atUs } = event;
    const task = `${process}@${incarnation}/${event.task}`;
    if (name === "run.started") {
      const [card, cause, lane] = [fields["card"], fields["cause"], fields["lane"]].map(shown);
      const place = `${pattern(process)} ${pattern(card!)}${lane === "" ? "" : ` lane ${lane!}`}`;
      const words = `${card!}${lane === "" ? "" : ` in lane ${lane!}`}`;
      const attempts = byCause.get(`${card!} ${cause!}`) ?? [];
      byCause.set(`${card!} ${cause!}`, attempts);
      open.set(task, { attempts, position: attempts.length });
      attempts.push({ index, atUs, endUs: undefined, place, words });
    } else if (name === "run.finished") {
      const run = open.get(task);
      open.delete(task);
      if (run !== undefined) run.attempts[run.position] = { ...run.attempts[run.position]!, endUs: atUs };
    }
  }
  return byCause;
}

function shown(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Without the numbers that tell attempts, ticks and numbered steps apart: as `coder/S# fix #`. */
export function pattern(text: string): string {
  return text.replaceAll(/\d+/g, "#");
}

/** Who does it, in words that do not depend on the schedule: as `webhooks card EPIC-# board.getTask`. */
export function placeOf({ process, taskName, name }: Pick<SystemCall, "process" | "taskName" | "name">): string {
  return `${pattern(process)} ${pattern(taskName)} ${name}`;
}

/** The first few, and the last. */
export function sample(indexes: readonly number[]): readonly number[] {
  return indexes.length <= sampleMax ? indexes : [...indexes.slice(0, sampleMax - 1), indexes.at(-1)!];
}

const sampleMax = 6;

/** Parts of a task's calls between its waits. */
export function betweenWaits(calls: readonly SystemCall[]): readonly (readonly SystemCall[])[] {
  const stretches: SystemCall[][] = [[]];
  for (const call of calls) {
    if (isWait(call)) stretches.push([]);
    else stretches.at(-1)!.push(call);
  }
  return stretches.filter((stretch) => stretch.length > 0);
}

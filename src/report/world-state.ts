import type { JsonValue } from "../base/json.ts";
import type { ChangeEvent, HistoryEvent, NoteEvent, OpIdentity, ProcessEvent } from "../history/event.ts";
import { valueText } from "./value-text.ts";

/**
 * The state of the world after some events of a history, as its changes and notes tell it. It imports nothing of Node:
 * the viewer runs it in a browser. Records are replaced and never changed, so that a copy costs its maps alone.
 */
export class WorldState {
  readonly cards: Map<number, CardState>;
  readonly files: Map<string, FileState>;
  /** In order of commit. */
  readonly commits: CommitState[];
  /** By scope, in order of acquisition. */
  readonly leases: Map<string, LeaseState>;
  /** In order of their first start. */
  readonly processes: Map<string, ProcessState>;
  /** Running ones, by pid. */
  readonly programs: Map<number, ProgramState>;

  constructor(from?: WorldState) {
    this.cards = new Map(from?.cards);
    this.files = new Map(from?.files);
    this.commits = [...(from?.commits ?? [])];
    this.leases = new Map(from?.leases);
    this.processes = new Map(from?.processes);
    this.programs = new Map(from?.programs);
  }

  copy(): WorldState {
    return new WorldState(this);
  }

  apply(event: HistoryEvent): void {
    switch (event.kind) {
      case "process":
        return this.applyTurn(event);
      case "sent":
        return this.wait(event.op, true);
      case "answered":
        return this.wait(event.op, false);
      case "change":
        return this.applyChange(event);
      case "note":
        return this.applyNote(event);
      case "effect":
      case "fault":
        return;
    }
  }

  private applyTurn({ process, incarnation, what }: ProcessEvent): void {
    const known = this.processes.get(process) ?? { life: 0, state: "", pending: new Map<number, OpIdentity>() };
    this.processes.set(process, {
      life: incarnation,
      state: what === "clock-jump" ? known.state : stateAfter[what],
      pending: freshTurns.has(what) ? new Map() : known.pending,
    });
  }

  private wait(op: OpIdentity, isPending: boolean): void {
    const known = this.processes.get(op.process);
    if (known === undefined) return;
    const pending = new Map(known.pending);
    if (isPending) pending.set(op.id, op);
    else pending.delete(op.id);
    this.processes.set(op.process, { ...known, pending });
  }

  private applyChange({ change }: ChangeEvent): void {
    switch (change.store) {
      case "board":
        return this.applyToBoard(change);
      case "disk":
        return this.applyToDisk(change);
      case "git":
        if (change.type === "commit") this.commits.push(commitOf(change));
        return;
      case "program":
        return this.applyToPrograms(change);
    }
  }

  private applyToBoard(change: Change): void {
    const id = change["card"];
    if (typeof id !== "number") return;
    if (change.type === "card.removed") this.cards.delete(id);
    else this.cards.set(id, cardAfter(this.cards.get(id) ?? unknownCard, change));
  }

  private applyToDisk(change: Change): void {
    const { path, from, to, sizeBytes, digest, by, target } = change;
    switch (change.type) {
      case "file.written":
        this.files.set(valueText(path), {
          sizeBytes: Number(sizeBytes),
          digest: valueText(digest),
          target: undefined,
          by: valueText(by),
        });
        return;
      case "link.made":
        this.files.set(valueText(path), { sizeBytes: 0, digest: "", target: valueText(target), by: valueText(by) });
        return;
      case "file.removed":
        return this.removeBelow(valueText(path));
      case "file.renamed":
        return this.renameBelow(valueText(from), valueText(to));
    }
  }

  private removeBelow(path: string): void {
    for (const name of this.files.keys()) if (isAtOrBelow(name, path)) this.files.delete(name);
  }

  private renameBelow(from: string, to: string): void {
    for (const [name, file] of [...this.files]) {
      if (!isAtOrBelow(name, from)) continue;
      this.files.delete(name);
      this.files.set(to + name.slice(from.length), file);
    }
  }

  private applyToPrograms({ type, pid, name }: Change): void {
    if (typeof pid !== "number") return;
    if (type === "program.started") this.programs.set(pid, { name: valueText(name) });
    if (type === "program.ended") this.programs.delete(pid);
  }

  private applyNote({ name, fields, process, incarnation, atUs }: NoteEvent): void {
    if (!name.startsWith("lease.")) return;
    const scope = valueText(fields["scope"]);
    const generation = valueText(fields["generation"]);
    if (name === "lease.acquired") {
      this.leases.delete(scope);
      this.leases.set(scope, { holder: process, life: incarnation, generation, sinceUs: atUs });
    } else if (name === "lease.released" || name === "lease.lost") {
      const held = this.leases.get(scope);
      // One that was taken over meanwhile is not given back by its former holder.
      if (held?.holder === process && held.generation === generation) this.leases.delete(scope);
    }
  }
}

export interface CardState {
  /** Its reference, or else its title; undefined while no change has told it. */
  readonly name: string | undefined;
  readonly title: string;
  /** Its title; `as before the run` for a card that was there already and has not moved since. */
  readonly column: string;
  readonly state: "open" | "closed";
  readonly tags: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly links: readonly { readonly label: string; readonly opposite: JsonValue | undefined }[];
  readonly comments: ReadonlyMap<string, string>;
  /** Attachments: name to size. */
  readonly attachments: ReadonlyMap<string, number>;
}

export interface FileState {
  readonly sizeBytes: number;
  readonly digest: string;
  /** Of a symbolic link. */
  readonly target: string | undefined;
  /** The process or program that wrote it last; empty for what was there from the start. */
  readonly by: string;
}

export interface CommitState {
  readonly repository: string;
  readonly branch: string;
  readonly commit: string;
  readonly message: string;
  /** In the order of the change. */
  readonly paths: readonly string[];
}

export interface LeaseState {
  readonly holder: string;
  /** The incarnation of the holder. */
  readonly life: number;
  readonly generation: string;
  readonly sinceUs: number;
}

export interface ProcessState {
  readonly life: number;
  readonly state: string;
  /** What it waits for, by the id of the operation, in order of sending. */
  readonly pending: ReadonlyMap<number, OpIdentity>;
}

export interface ProgramState {
  readonly name: string;
}

type Change = ChangeEvent["change"];

/** One that was on the board before the run began: a history tells changes alone, so where it stands shows when it moves. */
const unknownCard: CardState = {
  name: undefined,
  title: "",
  column: "as before the run",
  state: "open",
  tags: [],
  metadata: new Map(),
  links: [],
  comments: new Map(),
  attachments: new Map(),
};

function cardAfter(card: CardState, change: Change): CardState {
  const { type, reference, title, column, to, tags } = change;
  const name = [reference, title].find((each) => typeof each === "string" && each !== "");
  const moved = type === "card.moved" ? to : column;
  return {
    ...card,
    name: typeof name === "string" ? name : card.name,
    title: typeof title === "string" ? title : card.title,
    column: typeof moved === "string" ? moved : card.column,
    state: type === "card.closed" ? "closed" : type === "card.opened" ? "open" : card.state,
    tags: Array.isArray(tags) ? (tags as readonly string[]) : card.tags,
    ...partsAfter(card, change),
  };
}

/** What hangs on a card, where a change is about it. */
function partsAfter(card: CardState, change: Change): Partial<CardState> {
  const text = (name: string): string => valueText(change[name]);
  switch (change.type) {
    case "metadata.saved":
      return {
        metadata:
          change["value"] === null
            ? without(card.metadata, text("name"))
            : new Map(card.metadata).set(text("name"), text("value")),
      };
    case "link.created":
      return { links: [...card.links, { label: text("label"), opposite: change["opposite"] }] };
    case "link.removed": {
      const index = card.links.findIndex(
        ({ label, opposite }) => label === text("label") && opposite === change["opposite"],
      );
      return { links: index === -1 ? card.links : card.links.toSpliced(index, 1) };
    }
    case "comment.created":
      return { comments: new Map(card.comments).set(text("comment"), text("text")) };
    case "comment.removed":
      return { comments: without(card.comments, text("comment")) };
    case "file.created":
      return { attachments: new Map(card.attachments).set(text("name"), Number(change["sizeBytes"])) };
    case "file.removed":
      return { attachments: without(card.attachments, text("name")) };
    default:
      return {};
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, name: string): Map<string, Value> {
  const copy = new Map(map);
  copy.delete(name);
  return copy;
}

function commitOf(change: Change): CommitState {
  return {
    repository: valueText(change["repository"]),
    branch: valueText(change["branch"]),
    commit: valueText(change["commit"]),
    message: valueText(change["message"]),
    paths: Object.keys((change["changed"] as object | null | undefined) ?? {}),
  };
}

function isAtOrBelow(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}/`);
}

const stateAfter = {
  start: "runs",
  finish: "ended",
  crash: "crashed",
  kill: "killed",
  "host-crash": "host crashed",
  pause: "stands still",
  resume: "runs",
} as const;

/** Turns after which a process waits for nothing. */
const freshTurns: ReadonlySet<ProcessEvent["what"]> = new Set(["start", "crash", "kill", "host-crash"]);

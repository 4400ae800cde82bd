import type { HistoryEvent, NoteEvent, OpIdentity } from "../../history/event.ts";
import { markNames, type SpanKind } from "../../orchestrator/spans/span.ts";
import type { WrittenMark, WrittenSpan } from "./span-profile.ts";

/**
 * What a simulated run did, in the shape in which `serve` writes down a real one; times are virtual. Operations that
 * were never answered, because their process died, are left out, as they are of a real process that dies.
 */
export function spansOfHistory(events: readonly HistoryEvent[]): readonly (WrittenSpan | WrittenMark)[] {
  const entries: (WrittenSpan | WrittenMark)[] = [];
  const tasks = new Tasks();
  const sent = new Map<number, { readonly startMs: number; readonly agent: string }>();
  /** By the site of the spawn: programs that still run. */
  const programs = new Map<string, WrittenSpan>();
  for (const event of events) {
    const atMs = event.atUs / 1000;
    switch (event.kind) {
      case "sent":
        sent.set(event.op.id, { startMs: atMs, agent: tasks.of(event.op).agent });
        break;
      case "answered": {
        const begun = sent.get(event.op.id);
        sent.delete(event.op.id);
        const kind = kindOf(event.op.name);
        if (begun === undefined || kind === undefined) break;
        const { op, outcome } = event;
        const span: WrittenSpan = {
          ...ownerOf(op, tasks),
          agent: begun.agent,
          requestId: op.id,
          kind,
          name: op.name.replace(/^disk\./, "files."),
          key: op.key,
          startMs: begun.startMs,
          endMs: atMs,
          outcome,
        };
        // A program lives on after it was started: its span lasts to its end.
        if (isProgram(kind) && outcome === "ok" && op.name !== "subprocess.killGroup") programs.set(op.site, span);
        else entries.push(span);
        break;
      }
      case "change": {
        if (event.change.type !== "program.ended" || event.op === undefined) break;
        // A program's own operation is keyed by that of its spawn.
        const span = programs.get(event.op.key);
        const outcome = event.change["status"] === "0" ? "ok" : "fail";
        if (span !== undefined) entries.push({ ...span, endMs: atMs, outcome });
        programs.delete(event.op.key);
        break;
      }
      case "note":
        if (event.name === "agent.started") tasks.ofNote(event).agent = event.fields["agent"] as string;
        entries.push(...markOf(event, tasks, atMs));
        break;
      default:
    }
  }
  return entries;
}

function markOf(note: NoteEvent, tasks: Tasks, atMs: number): readonly WrittenMark[] {
  const name = markNames.find((each) => each === note.name);
  if (name === undefined) return [];
  const { id, agent } = tasks.ofNote(note);
  const { outcome, purpose } = note.fields;
  const detail = typeof outcome === "string" ? outcome : typeof purpose === "string" ? purpose : "";
  const owner = { process: note.incarnation, role: note.process, taskId: id, task: note.task, agent };
  return [{ ...owner, kind: "mark", name, detail, atMs }];
}

function ownerOf(op: OpIdentity, tasks: Tasks): Pick<WrittenSpan, "process" | "role" | "taskId" | "task"> {
  return { process: op.incarnation, role: op.process, taskId: tasks.of(op).id, task: op.taskName };
}

/** Tasks of one name in one life are one: the next attempt of a run has another name. */
class Tasks {
  private readonly byName = new Map<string, { readonly id: number; agent: string }>();

  of(op: OpIdentity): { readonly id: number; agent: string } {
    return this.named(`${op.process}@${op.incarnation}/${op.taskName}`);
  }

  ofNote(note: NoteEvent): { readonly id: number; agent: string } {
    return this.named(`${note.process}@${note.incarnation}/${note.task}`);
  }

  private named(name: string): { readonly id: number; agent: string } {
    let task = this.byName.get(name);
    if (task === undefined) this.byName.set(name, (task = { id: this.byName.size + 1, agent: "" }));
    return task;
  }
}

function isProgram(kind: SpanKind): boolean {
  return kind === "git" || kind === "process";
}

/** undefined for what only moves a program's input and output: it is part of the program's own span. */
function kindOf(name: string): SpanKind | undefined {
  if (/\.(?:read|write)$/.test(name) && !name.startsWith("disk.")) return undefined;
  if (name.startsWith("board.")) return "board";
  if (name.startsWith("model.")) return "model";
  if (name.startsWith("disk.")) return "files";
  if (name === "clock.sleep") return "wait";
  return name === "git" || name.startsWith("git.") ? "git" : "process";
}

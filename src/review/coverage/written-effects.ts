import type { ChangeEvent, HistoryEvent } from "../../history/event.ts";
import type { HistoryReader } from "../../history/history.ts";

/**
 * What a run writes for others to rely on. `board` is the state of any service but the model. `claims` and `approvals`
 * are files: those below a folder of that name, and `ratchet.json`, by their paths or by the keys of the operations.
 * `programs` are started ones other than git, for they may write anything.
 */
export const writeEffects = ["board", "files", "git", "claims", "approvals", "programs"] as const;
export type WriteEffect = (typeof writeEffects)[number];

/**
 * Finds out which modules write what, in one run: those with a function on the call stack at the moment when an
 * operation was sent that then changed something. Functions that only wait for the writing one are not on it.
 */
export class WritingModules implements HistoryReader {
  private readonly modulesOnStack: () => readonly string[];
  private readonly senders = new Map<number, Sender>();
  private readonly programs = new Set<string>();
  private readonly found = new Map<string, Set<WriteEffect>>();

  /** @param modulesOnStack of the system under test, called while an operation is sent */
  constructor(modulesOnStack: () => readonly string[]) {
    this.modulesOnStack = modulesOnStack;
  }

  observe(event: HistoryEvent): void {
    if (event.kind === "sent") {
      const modules = this.modulesOnStack();
      if (modules.length > 0) this.senders.set(event.op.id, { name: event.op.name, modules });
    }
    if (event.kind !== "change" || event.op === undefined) return;
    const program = /^program:(.+)$/.exec(event.op.process)?.[1];
    if (program !== undefined) this.programs.add(program);
    const sender = this.senders.get(event.op.id);
    const effect = effectOf(event.change, event.op.key);
    if (sender !== undefined && effect !== undefined) this.note(sender, effect);
  }

  /** To be called when the run has ended. */
  finish(): ReadonlyMap<string, ReadonlySet<WriteEffect>> {
    for (const sender of this.senders.values()) {
      const effect = effectOfProgram(sender.name, this.programs);
      if (effect !== undefined) this.note(sender, effect);
    }
    return this.found;
  }

  private note({ modules }: Sender, effect: WriteEffect): void {
    for (const module of modules) {
      const effects = this.found.get(module);
      if (effects === undefined) this.found.set(module, new Set([effect]));
      else effects.add(effect);
    }
  }
}

/** Who sent an operation. */
interface Sender {
  /** Of the operation, as `board.createTask`. */
  readonly name: string;
  readonly modules: readonly string[];
}

function effectOf(change: ChangeEvent["change"], key: string): WriteEffect | undefined {
  switch (change.store) {
    case "disk":
      return effectOnPath(change["path"] ?? change["to"], key);
    // What a model answers is nobody's state; git and programs change things by themselves.
    case "model":
    case "git":
    case "program":
      return undefined;
    default:
      return "board";
  }
}

/** What is written to a temporary file first has its own name in the key of the operation alone. */
function effectOnPath(path: unknown, key: string): WriteEffect {
  const names = `${typeof path === "string" ? path : ""} ${key}`;
  if (/\/claims\/| claim:/.test(names)) return "claims";
  return /\/approvals\/|\/ratchet(?:\.json)?(?: |$)| ledger:/.test(names) ? "approvals" : "files";
}

/** A program changes things by itself, as its own process: what counts is that it was started. */
function effectOfProgram(operation: string, programs: ReadonlySet<string>): WriteEffect | undefined {
  const [program = "", ...words] = operation.split(".");
  if (!programs.has(program) || pipes.has(words.at(-1) ?? "")) return undefined;
  if (program !== "git") return "programs";
  return readingCommands.has(words[0] ?? "") ? undefined : "git";
}

const pipes: ReadonlySet<string> = new Set(["read", "write"]);
/** Of git: they leave the repository as it is. */
const readingCommands: ReadonlySet<string> = new Set([
  "status",
  "diff",
  "log",
  "show",
  "rev-parse",
  "cat-file",
  "ls-files",
  "ls-tree",
  "merge-base",
  "for-each-ref",
]);

import { canonicalJson, type JsonObject, type JsonValue } from "../base/json.ts";
import type { IncidentEvent, NoteEvent } from "./incident-event.ts";
import type { Anchor } from "./logged-fault.ts";

export type Note = Extract<IncidentEvent, { readonly kind: "note" }>;

/** What the orchestrator said, in order, and what it had said before. */
export class NoteIndex {
  /** By time. */
  readonly notes: readonly Note[];
  /** How many equal ones there were before each. */
  private readonly occurrences = new Map<Note, number>();
  private readonly places = new Map<Note, number>();

  constructor(notes: readonly Note[]) {
    this.notes = notes;
    const counts = new Map<string, number>();
    for (const [place, note] of notes.entries()) {
      const saying = `${note.name} ${canonicalJson(stableFields(note))}`;
      const count = counts.get(saying) ?? 0;
      this.occurrences.set(note, count);
      this.places.set(note, place);
      counts.set(saying, count + 1);
    }
  }

  anchorOf(note: Note): Anchor {
    return { name: note.name, fields: stableFields(note), occurrence: this.occurrences.get(note) ?? 0 };
  }

  /** The last that fits before a note, the note itself apart. */
  lastBefore(note: Note, fits: (earlier: Note) => boolean): Note | undefined {
    for (let place = (this.places.get(note) ?? 0) - 1; place >= 0; place--) {
      if (fits(this.notes[place]!)) return this.notes[place];
    }
    return undefined;
  }

  /** The last word of anybody until then; what the process as a whole says of itself is none. */
  lastWordUntil(atMs: number): Note | undefined {
    let from = 0;
    let to = this.notes.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.notes[middle]!.atMs <= atMs) from = middle + 1;
      else to = middle;
    }
    for (let place = from - 1; place >= 0; place--) if (isWord(this.notes[place]!)) return this.notes[place];
    return undefined;
  }
}

/** Whether a simulation can say the same. */
export function isWord({ name, process }: Note): boolean {
  return name !== "" && process !== "serve";
}

/** Without numbers that a board or a clock gave out. */
export function stableFields({ fields }: Pick<NoteEvent, "fields">): JsonObject {
  const stable: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !runIds.has(name)) stable[name] = value;
  }
  return stable;
}

const runIds: ReadonlySet<string> = new Set(["cardId", "dateMoved", "generation", "trigger", "takeover", "outcome"]);

import type { NoteEvent } from "../history/event.ts";

/** A text field of a note; empty when it is absent or no text. */
export function textField(note: NoteEvent, name: string): string {
  const value = note.fields[name];
  return typeof value === "string" ? value : "";
}

/** A number field of a note; 0 when it is absent or no number. */
export function numberField(note: NoteEvent, name: string): number {
  const value = note.fields[name];
  return typeof value === "number" ? value : 0;
}

/** The texts in a list field of a note. */
export function textsField(note: NoteEvent, name: string): readonly string[] {
  const value = note.fields[name];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

import { compareLines } from "./line-difference.ts";
import { abbreviated } from "./revision.ts";
import type { BlobReader } from "./renames.ts";
import { quotedPath } from "./quoted-path.ts";
import type { ObjectId, TreeEntry } from "./object.ts";
import type { Change } from "./tree-change.ts";

/** One change as `git diff` prints it: header, then hunks with three lines of context. */
export function patchOf(change: Change, readBlob: BlobReader, options: { readonly keepUnicode: boolean }): Uint8Array {
  // A file in the place of a link, or the other way round, is shown as removed and then added.
  if (change.letter === "T") {
    const { path, before, after } = change;
    const removed = patchOf({ letter: "D", path, before }, readBlob, options);
    return Buffer.concat([removed, patchOf({ letter: "A", path, after }, readBlob, options)]);
  }
  const shown = (side: "a" | "b", path: string): string => quotedPath(`${side}/${path}`, options);
  const [oldPath, newPath] = [change.letter === "R" ? change.from : change.path, change.path];
  const [oldName, newName] = [shown("a", oldPath), shown("b", newPath)];
  const [before, after] = sides(change);
  const lines = [`diff --git ${oldName} ${newName}`];
  if (before === undefined) lines.push(`new file mode ${after!.mode}`);
  if (after === undefined) lines.push(`deleted file mode ${before!.mode}`);
  if (change.letter === "R") {
    lines.push(`similarity index ${change.similarityPercent}%`);
    lines.push(`rename from ${quotedPath(oldPath, options)}`, `rename to ${quotedPath(newPath, options)}`);
  }
  const same = before?.id === after?.id;
  if (!same) {
    const mode = before === undefined || after === undefined ? "" : ` ${after.mode}`;
    lines.push(`index ${shortId(before)}..${shortId(after)}${mode}`);
  }
  const [oldContent, newContent] = [contentOf(before, readBlob), contentOf(after, readBlob)];
  const [oldLabel, newLabel] = [before === undefined ? NOWHERE : oldName, after === undefined ? NOWHERE : newName];
  let body: Uint8Array = new Uint8Array();
  if (!same && (isBinary(oldContent) || isBinary(newContent))) {
    lines.push(`Binary files ${oldLabel} and ${newLabel} differ`);
  } else if (!same) {
    body = Buffer.from(hunks(splitLines(oldContent), splitLines(newContent)), "latin1");
    if (body.length > 0) lines.push(`--- ${label(oldLabel)}`, `+++ ${label(newLabel)}`);
  }
  return Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), body]);
}

/** How many lines come and go, or how many bytes for what is not text. */
export type ChangeSize =
  | { readonly kind: "lines"; readonly added: number; readonly removed: number }
  | { readonly kind: "bytes"; readonly before: number; readonly after: number };

export function sizeOf(change: Change, readBlob: BlobReader): ChangeSize {
  const [before, after] = sides(change).map((entry) => contentOf(entry, readBlob)) as [Uint8Array, Uint8Array];
  if (isBinary(before) || isBinary(after)) {
    const same = Buffer.compare(before, after) === 0;
    return { kind: "bytes", before: same ? 0 : before.length, after: same ? 0 : after.length };
  }
  const { removed, added } = compareLines(splitLines(before), splitLines(after));
  const count = (marks: readonly boolean[]): number => marks.filter((changed) => changed).length;
  return { kind: "lines", added: count(added), removed: count(removed) };
}

function sides(change: Change): readonly [TreeEntry | undefined, TreeEntry | undefined] {
  switch (change.letter) {
    case "A":
      return [undefined, change.after];
    case "D":
      return [change.before, undefined];
    default:
      return [change.before, change.after];
  }
}

function contentOf(entry: TreeEntry | undefined, readBlob: BlobReader): Uint8Array {
  return entry === undefined ? new Uint8Array() : readBlob(entry.id);
}

function shortId(entry: TreeEntry | undefined): string {
  return abbreviated(entry?.id ?? ABSENT);
}

/** A name with a space is followed by a tab, so that the reader finds its end. */
function label(name: string): string {
  return name.includes(" ") ? `${name}\t` : name;
}

function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, BINARY_PROBE_BYTES).includes(0);
}

/** Bytes as code units; each line with its end, which the last one may lack. */
function splitLines(content: Uint8Array): readonly string[] {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("latin1");
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(before: readonly string[], after: readonly string[]): string {
  const { removed, added } = compareLines(before, after);
  const edits = editsOf(removed, added);
  let text = "";
  let heading = "";
  let headingFrom = 0;
  for (let index = 0; index < edits.length;) {
    let last = index;
    while (last + 1 < edits.length && edits[last + 1]!.before - edits[last]!.beforeEnd <= 2 * CONTEXT_LINES) last += 1;
    const [start, end] = [edits[index]!, edits[last]!];
    const lead = Math.min(CONTEXT_LINES, start.before, start.after);
    const tail = Math.min(CONTEXT_LINES, before.length - end.beforeEnd, after.length - end.afterEnd);
    const range = [start.before - lead, end.beforeEnd + tail, start.after - lead, end.afterEnd + tail] as const;
    // The closest line above that looks like a heading, if there is none since the last hunk that hunk's.
    const found = before.slice(headingFrom, range[0]).findLast((line) => HEADING.test(line));
    if (found !== undefined) heading = found.slice(0, HEADING_BYTES_MAX).trimEnd();
    headingFrom = range[0];
    text += `@@ -${rangeText(range[0], range[1])} +${rangeText(range[2], range[3])} @@${heading === "" ? "" : ` ${heading}`}\n`;
    let at = range[0];
    for (const edit of edits.slice(index, last + 1)) {
      text += linesWith(" ", before.slice(at, edit.before));
      text += linesWith("-", before.slice(edit.before, edit.beforeEnd));
      text += linesWith("+", after.slice(edit.after, edit.afterEnd));
      at = edit.beforeEnd;
    }
    text += linesWith(" ", before.slice(at, range[1]));
    index = last + 1;
  }
  return text;
}

/** Lines of the text before that give way to lines of the text after. Half-open. */
interface Edit {
  readonly before: number;
  readonly beforeEnd: number;
  readonly after: number;
  readonly afterEnd: number;
}

function editsOf(removed: readonly boolean[], added: readonly boolean[]): readonly Edit[] {
  const edits: Edit[] = [];
  for (let [before, after] = [0, 0]; before < removed.length || after < added.length; before++, after++) {
    const [start, startAfter] = [before, after];
    while (removed[before] === true) before += 1;
    while (added[after] === true) after += 1;
    if (before > start || after > startAfter)
      edits.push({ before: start, beforeEnd: before, after: startAfter, afterEnd: after });
  }
  return edits;
}

/** From 1; a range of no lines is named by the line above it. */
function rangeText(start: number, end: number): string {
  const count = end - start;
  const first = count === 0 ? start : start + 1;
  return count === 1 ? String(first) : `${first},${count}`;
}

function linesWith(sign: string, lines: readonly string[]): string {
  return lines
    .map((line) => (line.endsWith("\n") ? sign + line : `${sign}${line}\n\\ No newline at end of file\n`))
    .join("");
}

const CONTEXT_LINES = 3;
const NOWHERE = "/dev/null";
const ABSENT = "0".repeat(40) as ObjectId;
const BINARY_PROBE_BYTES = 8_000;
/** What stands behind `@@`: a line that begins with a letter, `_` or `$`. */
const HEADING = /^[A-Za-z_$]/;
const HEADING_BYTES_MAX = 80;

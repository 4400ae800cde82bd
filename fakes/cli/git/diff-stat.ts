import type { ChangeSize } from "./patch.ts";
import { sizeOf } from "./patch.ts";
import { quotedPath } from "./quoted-path.ts";
import type { BlobReader } from "./renames.ts";
import type { Change } from "./tree-change.ts";

export interface StatOptions {
  readonly keepUnicode: boolean;
}

/** `--stat`: a line with a bar for each file, 80 columns wide, then the sum. Empty without changes. */
export function statText(changes: readonly Change[], readBlob: BlobReader, options: StatOptions): string {
  if (changes.length === 0) return "";
  const files = changes.map((change) => ({ name: shownName(change, options), size: sizeOf(change, readBlob) }));
  const nameMax = Math.max(...files.map(({ name }) => Buffer.byteLength(name)));
  const changeMax = Math.max(...files.map(({ size }) => (size.kind === "lines" ? size.added + size.removed : 0)));
  const binaryWidth = Math.max(...files.map(({ size }) => (size.kind === "bytes" ? binaryText(size).length : 0)));
  const numberWidth = Math.max(String(changeMax).length, binaryWidth > 0 ? "Bin".length : 0);
  const widths = columnWidths({ nameMax, numberWidth, graph: Math.max(changeMax, binaryWidth - numberWidth - 1) });
  const lines = files.map(({ name, size }) => {
    const shortName = shortened(name, widths.name);
    const padding = " ".repeat(Math.max(0, widths.name - Buffer.byteLength(shortName)));
    const start = ` ${shortName}${padding} | `;
    if (size.kind === "bytes") return `${start}${binaryText(size)}\n`;
    const count = size.added + size.removed;
    const bars = scaled(size, widths.graph, changeMax);
    return `${start}${String(count).padStart(numberWidth)}${count > 0 ? " " : ""}${"+".repeat(bars.added)}${"-".repeat(bars.removed)}\n`;
  });
  return lines.join("") + sumText(files.map(({ size }) => size));
}

/** `--shortstat`. Empty without changes. */
export function shortStatText(changes: readonly Change[], readBlob: BlobReader): string {
  return changes.length === 0 ? "" : sumText(changes.map((change) => sizeOf(change, readBlob)));
}

/** `--numstat`: added, removed, path. */
export function numberStatText(
  changes: readonly Change[],
  readBlob: BlobReader,
  options: StatOptions & { readonly nul: boolean },
): string {
  return changes
    .map((change) => {
      const size = sizeOf(change, readBlob);
      const counts = size.kind === "lines" ? `${size.added}\t${size.removed}` : "-\t-";
      if (!options.nul) return `${counts}\t${shownName(change, options)}\n`;
      return change.letter === "R" ? `${counts}\t\0${change.from}\0${change.path}\0` : `${counts}\t${change.path}\0`;
    })
    .join("");
}

/** `--summary`: files that come, go, change their name or their kind. */
export function summaryText(changes: readonly Change[], options: StatOptions): string {
  return changes
    .map((change) => {
      const path = quotedPath(change.path, options);
      switch (change.letter) {
        case "A":
          return ` create mode ${change.after.mode} ${path}\n`;
        case "D":
          return ` delete mode ${change.before.mode} ${path}\n`;
        case "T":
          return ` mode change ${change.before.mode} => ${change.after.mode} ${path}\n`;
        case "R":
          return ` rename ${shownName(change, options)} (${change.similarityPercent}%)\n`;
        case "M":
          return "";
      }
    })
    .join("");
}

function sumText(sizes: readonly ChangeSize[]): string {
  const added = sum(sizes.map((size) => (size.kind === "lines" ? size.added : 0)));
  const removed = sum(sizes.map((size) => (size.kind === "lines" ? size.removed : 0)));
  const parts = [` ${counted(sizes.length, "file")} changed`];
  if (added > 0 || removed === 0) parts.push(` ${counted(added, "insertion")}(+)`);
  if (removed > 0 || added === 0) parts.push(` ${counted(removed, "deletion")}(-)`);
  return `${parts.join(",")}\n`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A renamed file as `old => new`, with the folders that both share outside of braces. */
function shownName(change: Change, options: StatOptions): string {
  if (change.letter !== "R") return quotedPath(change.path, options);
  const { from, path: to } = change;
  const [quotedFrom, quotedTo] = [quotedPath(from, options), quotedPath(to, options)];
  if (quotedFrom !== from || quotedTo !== to) return `${quotedFrom} => ${quotedTo}`;
  let prefix = 0;
  for (let index = 0; index < from.length && from[index] === to[index]; index++)
    if (from[index] === "/") prefix = index + 1;
  // The slash in front of the braces may be the one behind them too.
  const shortest = Math.min(from.length, to.length) - Math.max(0, prefix - 1);
  let suffix = 0;
  for (let length = 1; length <= shortest && from.at(-length) === to.at(-length); length++) {
    if (from.at(-length) === "/") suffix = length;
  }
  const middle = (text: string): string => text.slice(prefix, Math.max(prefix, text.length - suffix));
  if (prefix + suffix === 0) return `${from} => ${to}`;
  return `${from.slice(0, prefix)}{${middle(from)} => ${middle(to)}}${suffix === 0 ? "" : from.slice(-suffix)}`;
}

function binaryText(size: Extract<ChangeSize, { kind: "bytes" }>): string {
  return size.before === size.after && size.before === 0 ? "Bin" : `Bin ${size.before} -> ${size.after} bytes`;
}

/** Names get five eighths of the line and bars three, unless the other needs less. */
function columnWidths(wanted: { readonly nameMax: number; readonly numberWidth: number; readonly graph: number }): {
  readonly name: number;
  readonly graph: number;
} {
  const room = LINE_COLUMNS - wanted.numberWidth - 6;
  if (wanted.nameMax + wanted.graph <= room) return { name: wanted.nameMax, graph: wanted.graph };
  const graphMax = Math.max(6, Math.floor((LINE_COLUMNS * 3) / 8) - wanted.numberWidth - 6);
  const graph = Math.min(wanted.graph, graphMax);
  const name = Math.min(wanted.nameMax, room - graph);
  return { name, graph: wanted.nameMax > room - graph ? graph : room - name };
}

/** The end of a name that is too long, from a slash if there is one. */
function shortened(name: string, width: number): string {
  if (Buffer.byteLength(name) <= width) return name;
  const end = name.slice(-(width - 3));
  const slash = end.indexOf("/");
  return `...${slash === -1 ? end : end.slice(slash)}`;
}

function scaled(
  size: Extract<ChangeSize, { kind: "lines" }>,
  width: number,
  changeMax: number,
): { readonly added: number; readonly removed: number } {
  const { added, removed } = size;
  if (width > changeMax) return { added, removed };
  const scale = (count: number): number => (count === 0 ? 0 : 1 + Math.floor((count * (width - 1)) / changeMax));
  const total = added > 0 && removed > 0 ? Math.max(2, scale(added + removed)) : scale(added + removed);
  if (added < removed) return { added: scale(added), removed: total - scale(added) };
  return { added: total - scale(removed), removed: scale(removed) };
}

const LINE_COLUMNS = 80;

import type { HistoryEvent } from "../history/event.ts";
import { CardNames } from "./card-names.ts";
import { describeOperation } from "./op-words.ts";
import { plainLine } from "./plain-line.ts";
import { valueText } from "./value-text.ts";
import { tableLines, wholeNumber } from "./table.ts";

export const viewNames = ["board", "files", "processes"] as const;
export type ViewName = (typeof viewNames)[number];

/** The state of a part of the world after these events, as the changes in the history tell it. */
export function showView(view: ViewName, events: readonly HistoryEvent[]): string[] {
  switch (view) {
    case "board":
      return showBoard(events);
    case "files":
      return showFiles(events);
    case "processes":
      return showProcesses(events);
  }
}

function showBoard(events: readonly HistoryEvent[]): string[] {
  const names = new CardNames(events);
  const cards = new Map<number, { column: string; tags: readonly string[]; state: string }>();
  for (const event of events) {
    if (event.kind !== "change" || event.change.store !== "board") continue;
    const { type, card, column, to, tags } = event.change;
    if (typeof card !== "number") continue;
    const known = cards.get(card) ?? { column: "?", tags: [], state: "open" };
    cards.set(card, known);
    if (typeof column === "string") known.column = column;
    if (type === "card.moved" && typeof to === "string") known.column = to;
    if (Array.isArray(tags)) known.tags = tags as readonly string[];
    if (type === "card.closed") known.state = "closed";
    if (type === "card.opened") known.state = "open";
    if (type === "card.removed") cards.delete(card);
  }
  const rows = [...cards]
    .toSorted(([left], [right]) => left - right)
    .map(([card, { column, tags, state }]) => [
      plainLine(names.of(card), 60),
      column,
      state,
      plainLine(tags.join(" "), 80),
    ]);
  return table("board", [{ title: "card" }, { title: "column" }, { title: "state" }, { title: "tags" }], rows);
}

function showFiles(events: readonly HistoryEvent[]): string[] {
  const files = new Map<string, readonly string[]>();
  for (const event of events) {
    if (event.kind !== "change" || event.change.store !== "disk") continue;
    const { type, path, from, to, by, sizeBytes, digest, target } = event.change;
    if (type === "file.written")
      files.set(valueText(path), [wholeNumber(Number(sizeBytes)), valueText(digest).slice(0, 8), valueText(by)]);
    if (type === "link.made") files.set(valueText(path), ["link", plainLine(valueText(target), 60), valueText(by)]);
    if (type === "file.removed") removeBelow(files, valueText(path));
    if (type === "file.renamed") renameBelow(files, valueText(from), valueText(to));
  }
  const rows = [...files]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, cells]) => [plainLine(path, 100), ...cells]);
  return table(
    "files",
    [{ title: "path" }, { title: "bytes", align: "right" }, { title: "digest" }, { title: "by" }],
    rows,
  );
}

function removeBelow(files: Map<string, readonly string[]>, path: string): void {
  for (const name of files.keys()) if (name === path || name.startsWith(`${path}/`)) files.delete(name);
}

function renameBelow(files: Map<string, readonly string[]>, from: string, to: string): void {
  const before = [...files];
  for (const [name, cells] of before) {
    if (name !== from && !name.startsWith(`${from}/`)) continue;
    files.delete(name);
    files.set(to + name.slice(from.length), cells);
  }
}

function showProcesses(events: readonly HistoryEvent[]): string[] {
  const processes = new Map<string, { life: number; state: string; pending: Map<number, string> }>();
  for (const event of events) {
    if (event.kind === "process") {
      const known = processes.get(event.process) ?? { life: 0, state: "", pending: new Map<number, string>() };
      processes.set(event.process, known);
      known.life = event.incarnation;
      if (event.what !== "clock-jump") known.state = stateAfter[event.what];
      if (["start", "crash", "kill", "host-crash"].includes(event.what)) known.pending.clear();
    } else if (event.kind === "sent") {
      processes.get(event.op.process)?.pending.set(event.op.id, describeOperation(event.op.name, event.op.key));
    } else if (event.kind === "answered") {
      processes.get(event.op.process)?.pending.delete(event.op.id);
    }
  }
  const rows = [...processes].map(([name, { life, state, pending }]) => [
    name,
    String(life),
    state,
    plainLine([...pending.values()].join("; "), 120),
  ]);
  return table(
    "processes",
    [{ title: "process" }, { title: "life" }, { title: "state" }, { title: "waits for" }],
    rows,
  );
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

function table(
  title: string,
  columns: Parameters<typeof tableLines>[0],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [`  ${title}: nothing`];
  return [`  ${title}`, ...tableLines(columns, rows).map((line) => `    ${line}`)];
}

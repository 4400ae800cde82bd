import type { HistoryEvent } from "../history/event.ts";
import { CardNames } from "./card-names.ts";
import { describeOperation } from "./op-words.ts";
import { plainLine } from "./plain-line.ts";
import { tableLines, wholeNumber } from "./table.ts";
import { WorldState } from "./world-state.ts";

export const viewNames = ["board", "files", "processes"] as const;
export type ViewName = (typeof viewNames)[number];

/** The state of a part of the world after these events, as the changes in the history tell it. */
export function showView(view: ViewName, events: readonly HistoryEvent[]): string[] {
  const state = new WorldState();
  for (const event of events) state.apply(event);
  switch (view) {
    case "board":
      return showBoard(state, new CardNames(events));
    case "files":
      return showFiles(state);
    case "processes":
      return showProcesses(state);
  }
}

function showBoard({ cards }: WorldState, names: CardNames): string[] {
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

function showFiles({ files }: WorldState): string[] {
  const rows = [...files]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, { target, sizeBytes, digest, by }]) => [
      plainLine(path, 100),
      ...(target === undefined ? [wholeNumber(sizeBytes), digest.slice(0, 8)] : ["link", plainLine(target, 60)]),
      by,
    ]);
  return table(
    "files",
    [{ title: "path" }, { title: "bytes", align: "right" }, { title: "digest" }, { title: "by" }],
    rows,
  );
}

function showProcesses({ processes }: WorldState): string[] {
  const rows = [...processes].map(([name, { life, state, pending }]) => [
    name,
    String(life),
    state,
    plainLine([...pending.values()].map((op) => describeOperation(op.name, op.key)).join("; "), 120),
  ]);
  return table(
    "processes",
    [{ title: "process" }, { title: "life" }, { title: "state" }, { title: "waits for" }],
    rows,
  );
}

function table(
  title: string,
  columns: Parameters<typeof tableLines>[0],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [`  ${title}: nothing`];
  return [`  ${title}`, ...tableLines(columns, rows).map((line) => `    ${line}`)];
}

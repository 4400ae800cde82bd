import type { HistoryEvent } from "../../history/event.ts";
import { showView, type ViewName } from "../../report/world-view.ts";

/** A line of a panel, and what the last event did to it. */
export interface PanelLine {
  readonly text: string;
  readonly change: "none" | "changed" | "gone";
}

/** The state of a part of the world after an event: title, names of columns, rows. Those that are gone stand at the end. */
export function panelLines(view: ViewName, events: readonly HistoryEvent[], at: number): PanelLine[] {
  const after = showView(view, events.slice(0, at + 1));
  const before = at === 0 ? [] : showView(view, events.slice(0, at));
  return comparePanels(before, after);
}

/** Rows are the same when they differ in the width of columns alone. The first cell says which row it is. */
export function comparePanels(before: readonly string[], after: readonly string[]): PanelLine[] {
  const known = new Set(before.map(cellsOf));
  const named = new Set(after.map(nameOf));
  const gone = before.slice(headLines).filter((line) => !named.has(nameOf(line)));
  const shown = after.map((text, index): PanelLine => {
    const isNew = index >= headLines && !known.has(cellsOf(text));
    return { text, change: isNew ? "changed" : "none" };
  });
  return [...shown.filter((_, index) => index !== rule), ...gone.map((text): PanelLine => ({ text, change: "gone" }))];
}

function cellsOf(line: string): string {
  return line
    .trim()
    .split(/\s{2,}/)
    .join("  ");
}

function nameOf(line: string): string {
  return line.trim().split(/\s{2,}/)[0] ?? "";
}

/** Title, names of columns, rule. */
const headLines = 3;
const rule = 2;

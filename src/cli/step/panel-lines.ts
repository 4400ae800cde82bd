import type { HistoryEvent } from "../../history/event.ts";
import { showView, type ViewName } from "../../report/world-view.ts";

/** A line of a panel, and what the last event did to it. */
export interface PanelLine {
  readonly text: string;
  readonly change: "none" | "changed" | "gone";
}

/** The panels of a run. What was shown last is kept: the next event needs the state before it, and so does the way back. */
export class Panels {
  private readonly events: readonly HistoryEvent[];
  private readonly shown = new Map<string, readonly string[]>();

  constructor(events: readonly HistoryEvent[]) {
    this.events = events;
  }

  /** The state of a part of the world after an event: title, names of columns, rows. Those that are gone stand at the end. */
  linesAfter(view: ViewName, at: number): PanelLine[] {
    const before = at === 0 ? [] : this.show(view, at - 1);
    return comparePanels(before, this.show(view, at));
  }

  private show(view: ViewName, at: number): readonly string[] {
    const key = `${view} ${at}`;
    const lines = this.shown.get(key) ?? showView(view, this.events.slice(0, at + 1));
    this.shown.delete(key);
    this.shown.set(key, lines);
    const [oldest] = this.shown.keys();
    if (this.shown.size > shownMax) this.shown.delete(oldest!);
    return lines;
  }
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
const shownMax = 64;

import type { Paint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import { wrappedLines } from "../../report/wrapped-lines.ts";
import type { ViewName } from "../../report/world-view.ts";
import type { TerminalSize } from "../live/terminal.ts";
import type { PanelLine } from "./panel-lines.ts";
import type { RecordedRun, Step } from "./recorded-run.ts";
import type { StepState } from "./step-state.ts";

export interface StepScreen {
  readonly run: RecordedRun;
  readonly state: StepState;
  /** Of each view that is shown. */
  readonly panel: (view: ViewName) => readonly PanelLine[];
  readonly size: TerminalSize;
  readonly paint: Paint;
}

/** Text of at most a line, and how it is painted. */
interface Row {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/**
 * A page of a run: the events around the present one, what is to be said of it, the panels with what it changed, and the
 * keys. As many lines as the terminal has, none wider. Panels stand below, or beside where there is room.
 */
export function stepLines(screen: StepScreen): string[] {
  const { run, state, size, paint } = screen;
  const head: Row[] = [{ text: run.title, paint: paint.strong }, { text: placeText(run, state) }];
  const foot: Row[] = [
    { text: promptText(state), paint: paint.strong },
    { text: keysText, paint: paint.faint },
  ];
  const room = size.rows - head.length - foot.length;
  if (room < 1) return filledTo(size.rows, [head[1]!, foot[0]!]).map((row) => cut(row, size.columns));
  const isWide = size.columns >= wideColumns;
  const body = state.showsHelp ? helpRows : isWide ? besideRows(screen, room) : belowRows(screen, room);
  const filled = filledTo(room, body);
  return [...head, ...filled, ...foot].map((row) => cut(row, size.columns));
}

function belowRows(screen: StepScreen, room: number): Row[] {
  const { columns } = screen.size;
  const detail = detailRows(screen, columns, room);
  const wanted = screen.state.panels.map((view) => screen.panel(view).length);
  const left = room - detail.length;
  const panelRoom = Math.min(
    wanted.reduce((sum, each) => sum + each, 0),
    Math.max(0, left - eventRowsMin(left)),
  );
  const panels = panelRows(screen, panelRoom);
  return [...eventRows(screen, left - panels.length), ...detail, ...panels];
}

function besideRows(screen: StepScreen, room: number): Row[] {
  const { size, state } = screen;
  if (state.panels.length === 0) return belowRows(screen, room);
  const width = Math.floor(size.columns * leftShare);
  const detail = detailRows(screen, width, room);
  const left = [...eventRows(screen, room - detail.length), ...detail];
  const panels = panelRows(screen, room);
  return Array.from({ length: room }, (_, index) => {
    const [row, panel] = [left[index] ?? { text: "" }, panels[index] ?? { text: "" }];
    const cell = cutText(row.text, width);
    const padded = cell.padEnd(cell.length + width - [...cell].length);
    // The painted parts are put together here: neither may reach into the other.
    return {
      text: `${cell}│`,
      paint: () => `${(row.paint ?? same)(padded)} │ ${cut(panel, size.columns - width - 3)}`,
    };
  });
}

/** The present event stands in the middle, as far as there are events on both sides. */
function eventRows({ run, state, paint }: StepScreen, room: number): Row[] {
  const count = Math.max(0, Math.min(room, run.steps.length));
  const first = Math.max(0, Math.min(state.at - Math.floor(count / 2), run.steps.length - count));
  const shown = run.steps.slice(first, first + count);
  const numberWidth = String(run.steps.length - 1).length;
  const actorWidth = Math.max(0, ...shown.map(({ actor }) => actor.length));
  const rows = shown.map(({ clock, actor, words, mark }, offset): Row => {
    const index = first + offset;
    const number = String(index).padStart(numberWidth);
    const text = `${index === state.at ? ">" : " "}${markText(mark)} ${number}  ${clock}  ${actor.padEnd(actorWidth)}  ${words}`;
    const isHere = index === state.at;
    return { text, paint: mark === undefined ? (isHere ? paint.strong : undefined) : paint.bad };
  });
  return filledTo(room, rows);
}

/** All that is to be said of the present event, where a line was too short for it. */
function detailRows({ run, state, paint }: StepScreen, columns: number, room: number): Row[] {
  const { actor, words, site, why } = run.steps[state.at]!;
  const rows = [
    { text: "─".repeat(columns), paint: paint.faint },
    ...wrapped("  ", `${actor}: ${words}`, columns).map((text) => ({ text })),
    ...(site === "" ? [] : wrapped("  at ", site, columns).map((text) => ({ text, paint: paint.faint }))),
    ...(why === "" ? [] : wrapped("  broken  ", why, columns).map((text) => ({ text, paint: paint.bad }))),
  ];
  // The same height at every event: what is looked at must not jump.
  const height = Math.max(2, Math.min(detailRowsMax, Math.floor(room / 3)));
  if (room < 6) return [];
  return filledTo(height, rows);
}

/** As many rows as there is room for. */
function filledTo(room: number, rows: readonly Row[]): Row[] {
  return Array.from({ length: room }, (_, index) => rows[index] ?? { text: "" });
}

function wrapped(first: string, text: string, columns: number): string[] {
  return wrappedLines(first, text, Math.max(first.length + 1, columns));
}

/** Panels in turn; each gets its share of the room: its title, and rows with what changed in sight. */
function panelRows({ state, panel, paint }: StepScreen, room: number): Row[] {
  const rows: Row[] = [];
  for (const [index, view] of state.panels.entries()) {
    const share = Math.floor((room - rows.length) / (state.panels.length - index));
    const [title, ...lines] = panel(view);
    if (share < 1 || title === undefined) continue;
    const shown = Math.min(share - 1, lines.length);
    const changed = lines.findIndex(({ change }) => change !== "none");
    const centre = Math.max(0, changed) - Math.floor(shown / 2);
    const first = Math.max(0, Math.min(centre, lines.length - shown));
    const more = lines.length - shown;
    rows.push({ text: `${title.text}${more === 0 ? "" : `, ${more} more lines`}`, paint: paint.strong });
    for (const line of lines.slice(first, first + shown)) rows.push(panelRow(line, paint));
  }
  return rows;
}

function panelRow({ text, change }: PanelLine, paint: Paint): Row {
  // The views indent rows by four.
  const words = text.slice(2).trimEnd();
  switch (change) {
    case "none":
      return { text: words };
    case "changed":
      return { text: `+${words.slice(1)}`, paint: paint.good };
    case "gone":
      return { text: `-${words.slice(1)}`, paint: paint.bad };
  }
}

function placeText({ steps, marked }: RecordedRun, { at }: StepState): string {
  const step = steps[at]!;
  const place = `event ${at} / ${steps.length - 1}, at ${step.clock.trim()}`;
  if (marked.includes(at)) return `${place}: ${step.mark}, ${marked.indexOf(at) + 1} of ${marked.length} marked events`;
  return `${place}; marked events: ${marked.length === 0 ? "none" : marked.map(String).slice(0, 8).join(", ")}${marked.length > 8 ? ", …" : ""}`;
}

function markText(mark: Step["mark"]): string {
  return mark === "fault" ? "F" : mark === "violation" ? "!" : " ";
}

function promptText({ prompt, message, search }: StepState): string {
  if (prompt === undefined) return message;
  if (prompt.kind === "goto") return `go to event: ${prompt.text}_`;
  return `search${search === "" ? "" : ` (Enter alone: ${plainLine(search, 30)})`}: ${prompt.text}_`;
}

function cut({ text, paint = same }: Row, columns: number): string {
  return paint(cutText(text, columns));
}

function cutText(text: string, columns: number): string {
  return columns < 1 ? "" : plainLine(text, columns);
}

function same(text: string): string {
  return text;
}

/** Of the lines that are left, so many are for events at least, whatever panels there are. */
function eventRowsMin(left: number): number {
  return Math.min(left, Math.max(3, Math.floor(left * 0.4)));
}

const keysText = "→ next  ← back  n/p fault  g go to  / search  1-3 panels  ? help  q quit";

const helpRows: readonly Row[] = [
  { text: "" },
  { text: "  → ↓ space Enter   the next event" },
  { text: "  ← ↑ b             the one before" },
  { text: "  page down, up     ten at once; home, end: the first, the last" },
  { text: "  n, p              the next, the previous fault (F) or violation (!)" },
  { text: "  g                 go to an event by its number" },
  { text: "  /                 search in words, actors and sites; / Enter: once more" },
  { text: "  1 2 3             board, files, processes: their state after the event" },
  { text: "  Tab               one of these after the other" },
  { text: "  q                 quit; ? closes this page" },
  { text: "" },
  { text: "  + is what the event changed, - what it took away" },
];

const wideColumns = 140;
const leftShare = 0.55;
const detailRowsMax = 5;

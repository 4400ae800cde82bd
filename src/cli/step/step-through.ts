import { noPaint } from "../../report/paint.ts";
import type { ViewName } from "../../report/world-view.ts";
import { holdTerminal, type Terminal } from "../live/terminal.ts";
import { terminalPaint } from "../terminal-paint.ts";
import { UsageError } from "../usage-error.ts";
import { Panels } from "./panel-lines.ts";
import type { RecordedRun } from "./recorded-run.ts";
import { stepLines } from "./step-lines.ts";
import { pressKey, startState } from "./step-state.ts";

export interface StepOptions {
  readonly terminal: Terminal;
  readonly write: (text: string) => void;
  /** Number of the event to begin at. */
  readonly at: number;
  readonly panels: readonly ViewName[];
}

/** Walks a run on the whole screen, both ways, until somebody quits. Nothing is run again: it reads what was recorded. */
export function stepThrough(run: RecordedRun, { terminal, write, at, panels }: StepOptions): Promise<void> {
  const paint = terminal.hasColours ? terminalPaint : noPaint;
  const { promise, resolve } = Promise.withResolvers<void>();
  const views = new Panels(run.events);
  let state = startState(at, panels);
  const draw = (): void => {
    const panel = (view: ViewName) => views.linesAfter(view, state.at);
    const lines = stepLines({ run, state, panel, size: terminal.size(), paint });
    // Between two marks, so that nobody sees half of it. Each line ends by clearing the rest of the old one.
    write(`\u001b[?2026h\u001b[H${lines.map((line) => `${line}\u001b[K`).join("\r\n")}\u001b[J\u001b[?2026l`);
  };
  const giveBack = holdTerminal({
    terminal,
    write,
    onKey: (key) => {
      const next = pressKey(state, key, run);
      if (next === "quit") return resolve();
      state = next;
      draw();
    },
    onResized: draw,
    onResumed: draw,
    fullScreen: true,
  });
  draw();
  return promise.finally(giveBack);
}

/** @throws UsageError where nobody can press keys, or look */
export function requireTerminal(terminal: Terminal | undefined): Terminal {
  if (terminal?.keyboard !== undefined && terminal.showsOut) return terminal;
  throw new UsageError({
    what: "--step",
    why: "needs a terminal for keys and for the page",
    fix: "use --until <event> with --show board,files,processes elsewhere",
  });
}

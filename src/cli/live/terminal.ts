import { emitKeypressEvents } from "node:readline";

/** The terminal that somebody looks at. */
export interface Terminal {
  /** In character cells, as it is now. */
  readonly size: () => TerminalSize;
  readonly hasColours: boolean;
  /** Standard output is shown on it. */
  readonly showsOut: boolean;
  /** Absent when standard input is no terminal, or the process is in the background of one. */
  readonly keyboard: KeyStream | undefined;
  /** @returns ends it, as the others do */
  readonly onResize: (listener: () => void) => () => void;
  /** The process is about to end, for whatever reason: last chance to give the terminal back. */
  readonly onExit: (listener: () => void) => () => void;
  /** Does what Ctrl-C does where nobody reads single keys. */
  readonly interrupt: () => void;
  /** Does what Ctrl-Z does there. @param resumed the process is in the foreground again */
  readonly suspend: (resumed: () => void) => void;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** @returns how many columns what goes to standard output may take, Infinity where no terminal shows it */
export function widthOfOut(terminal: Terminal | undefined): number {
  return terminal?.showsOut === true ? terminal.size().columns : Number.POSITIVE_INFINITY;
}

/** What is needed of `process.stdin`. */
export type KeyStream = NodeJS.ReadableStream & { setRawMode(isRaw: boolean): unknown };

/** A key that was pressed. */
export interface Key {
  /** `return`, `escape`, `up`, `pagedown`, or the character itself; with `ctrl-` before it where that was held. */
  readonly name: string;
  /** The character that it writes, or nothing. */
  readonly text: string;
}

export interface HoldOptions {
  readonly terminal: Terminal;
  /** To the screen. */
  readonly write: (text: string) => void;
  readonly onKey: (key: Key) => void;
  readonly onResized: () => void;
  /** The process was suspended: others have written since then, and the cursor is somewhere else. */
  readonly onResumed: () => void;
  /** Takes the whole screen, and gives back what was on it. */
  readonly fullScreen: boolean;
}

/**
 * Takes the terminal: keys come one at a time, the cursor is hidden. It is given back when the returned function is
 * called, while the process is suspended, and when it ends, in whatever way it can still tell.
 */
export function holdTerminal(options: HoldOptions): () => void {
  const { terminal, write, fullScreen } = options;
  let isHeld = false;
  const take = (): void => {
    if (isHeld) return;
    isHeld = true;
    terminal.keyboard?.setRawMode(true);
    write(fullScreen ? enterFullScreen : hideCursor);
  };
  const giveBack = (): void => {
    if (!isHeld) return;
    isHeld = false;
    terminal.keyboard?.setRawMode(false);
    write(fullScreen ? leaveFullScreen : showCursor);
  };
  const onKey = (key: Key): void => {
    if (key.name !== "ctrl-z") return options.onKey(key);
    giveBack();
    terminal.suspend(() => {
      take();
      options.onResumed();
    });
  };
  const ends = [terminal.onExit(giveBack), terminal.onResize(options.onResized)];
  if (terminal.keyboard !== undefined) ends.push(listenToKeys(terminal.keyboard, onKey));
  take();
  return () => {
    giveBack();
    for (const end of ends) end();
  };
}

/** @returns ends it, so that the stream keeps no process alive */
function listenToKeys(stream: KeyStream, onKey: (key: Key) => void): () => void {
  emitKeypressEvents(stream);
  const listener = (text: string | undefined, { name, ctrl }: { name?: string; ctrl?: boolean }): void => {
    const character = text !== undefined && isPrintable(text) ? text : "";
    // Node calls a capital letter by its small one.
    const base = character === "" || character === " " ? (name ?? "") : character;
    if (base !== "") onKey({ name: ctrl === true ? `ctrl-${base}` : base, text: character });
  };
  stream.on("keypress", listener);
  stream.resume();
  return () => {
    stream.off("keypress", listener);
    stream.pause();
  };
}

function isPrintable(text: string): boolean {
  return /^[^\u0000-\u001f\u007f-\u009f]$/u.test(text);
}

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
/** The other screen, without a cursor; and what is too long for a line is cut, where we misjudge the width of characters. */
const enterFullScreen = `\u001b[?1049h\u001b[?7l${hideCursor}`;
const leaveFullScreen = `\u001b[?7h\u001b[?1049l${showCursor}`;

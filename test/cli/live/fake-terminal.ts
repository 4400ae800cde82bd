import { PassThrough } from "node:stream";
import type { KeyStream, Terminal } from "../../../src/cli/live/terminal.ts";

/** A terminal for tests: what is typed is written to `keys`, and what was asked of it is kept. */
export class FakeTerminal implements Terminal {
  columns = 80;
  rows = 24;
  hasColours = false;
  showsOut = true;
  isRaw = false;
  interruptions = 0;
  suspensions: (() => void)[] = [];
  readonly resizeListeners = new Set<() => void>();
  readonly exitListeners = new Set<() => void>();
  readonly keyboard: KeyStream;

  constructor() {
    const setRawMode = (isRaw: boolean): void => {
      this.isRaw = isRaw;
    };
    this.keyboard = Object.assign(new PassThrough(), { setRawMode });
  }

  readonly size = () => ({ columns: this.columns, rows: this.rows });
  readonly onResize = (listener: () => void) => added(this.resizeListeners, listener);
  readonly onExit = (listener: () => void) => added(this.exitListeners, listener);
  readonly interrupt = () => void this.interruptions++;
  readonly suspend = (resumed: () => void) => void this.suspensions.push(resumed);

  /** As the terminal sends it: `\u001b[A` is the key up. Whoever listens has seen it when this is resolved. */
  async type(text: string): Promise<void> {
    (this.keyboard as unknown as PassThrough).write(text);
    await new Promise((resolve) => setImmediate(resolve));
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    for (const listener of this.resizeListeners) listener();
  }
}

function added(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

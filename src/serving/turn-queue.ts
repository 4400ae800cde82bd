// Taken once: see `serving-clock.ts`.
const { setImmediate } = globalThis;

/** One who goes on by one step. */
export interface Turn {
  run(): void;
}

/**
 * Lets requests go on step by step, in turns: each that is ready makes one step, in the order in which they became
 * ready, and then the process takes what has arrived meanwhile. So requests that are served at once interleave between
 * their statements.
 */
export class TurnQueue {
  private ready: Turn[] = [];

  add(turn: Turn): void {
    this.ready.push(turn);
    if (this.ready.length === 1) setImmediate(() => this.round());
  }

  private round(): void {
    const turns = this.ready;
    this.ready = [];
    for (const turn of turns) turn.run();
  }
}

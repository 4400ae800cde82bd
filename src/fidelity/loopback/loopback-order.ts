/** What the Node process that all processes of a system share is told to run. */
export interface LoopbackOrder {
  readonly processes: readonly LoopbackProcess[];
  /** Absolute: where it writes which of them ended, a line of JSON each. */
  readonly livesFile: string;
}

export interface LoopbackProcess {
  readonly name: string;
  /** Absolute. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly startAfterMs: number;
}

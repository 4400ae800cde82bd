import type { ArrivalFault } from "./planned-fault.ts";

/** Something of a process that wants to take effect outside of it, and waits for leave. */
export interface Arrival {
  readonly process: string;
  /** As `board.moveTaskPosition` or `webhook.task.create`. */
  readonly name: string;
  readonly kind: "request" | "program" | "webhook" | "people";
}

export interface Held extends Arrival {
  /** `process/name#occurrence`: the same in runs that go alike. */
  readonly site: string;
  readonly sinceMs: number;
}

interface Waiting extends Held {
  readonly pass: (fault: ArrivalFault | undefined) => void;
}

/**
 * Where real processes meet the fakes: whatever arrives is held until it is let go, one at a time. So the order of
 * effects is chosen, whatever the machine does meanwhile.
 */
export class Boundary {
  private readonly nowMs: () => number;
  private readonly waiting: Waiting[] = [];
  private readonly occurrences = new Map<string, number>();
  private readonly processes = new Set<string>();
  private lastActivityMs = 0;
  private wake: (() => void) | undefined;
  private isOpen = false;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** In the order of their arrival. */
  get held(): readonly Held[] {
    return this.waiting;
  }

  /** Whether a process has asked for anything. */
  knows(process: string): boolean {
    return this.processes.has(process);
  }

  /** Milliseconds since anything arrived, was answered or ended. */
  get idleMs(): number {
    return this.nowMs() - this.lastActivityMs;
  }

  /** @returns once it may go on, with what befalls it */
  arrive({ process, name, kind }: Arrival): Promise<ArrivalFault | undefined> {
    this.processes.add(process);
    const label = `${process}/${name}`;
    const occurrence = this.occurrences.get(label) ?? 0;
    this.occurrences.set(label, occurrence + 1);
    this.noteActivity();
    if (this.isOpen) return Promise.resolve(undefined);
    return new Promise((pass) => {
      this.waiting.push({ process, name, kind, site: `${label}#${occurrence}`, sinceMs: this.nowMs(), pass });
      this.noteActivity();
    });
  }

  release(index: number, fault: ArrivalFault | undefined): void {
    const [waiting] = this.waiting.splice(index, 1);
    this.noteActivity();
    waiting?.pass(fault);
  }

  /** Something happened that others may answer to. */
  noteActivity(): void {
    this.lastActivityMs = this.nowMs();
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  /** Returns after something happened, or that many milliseconds. */
  async change(timeoutMs: number): Promise<void> {
    const changed = Promise.withResolvers<void>();
    this.wake = changed.resolve;
    const timer = setTimeout(changed.resolve, timeoutMs);
    await changed.promise;
    clearTimeout(timer);
  }

  /** Holds nothing any more. */
  open(): void {
    this.isOpen = true;
    for (const { pass } of this.waiting.splice(0)) pass(undefined);
  }
}

import { eventLine, headerLine, type JournalHeader } from "../history/journal.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { JsonObject } from "../base/json.ts";
import type { JournalFile } from "./journal-file.ts";
import type { ServingClock } from "./serving-clock.ts";

/** What happened at the served fakes, in order: written to a file if there is one, the latest lines kept to be asked for. */
export class ServedJournal {
  readonly header: JournalHeader;

  /** Told of each event, when it is written. */
  onEvent: ((event: HistoryEvent) => void) | undefined;

  private readonly clock: ServingClock;
  private readonly file: JournalFile | undefined;
  private readonly kept: string[] = [];
  private forgotten = 0;
  private isClosed = false;

  constructor(header: JournalHeader, clock: ServingClock, file?: JournalFile) {
    this.header = header;
    this.clock = clock;
    this.file = file;
  }

  /** Events so far. */
  get length(): number {
    return this.forgotten + this.kept.length;
  }

  /** Why the file lacks lines; undefined when it does not, or when there is none. */
  get failed(): string | undefined {
    return this.file?.failed;
  }

  /** Microseconds of the clock's own time: they never go back. */
  nowUs(): number {
    return Math.round(this.clock.elapsedMs() * 1000);
  }

  /** What happens after the end, as a webhook that comes back, is not part of it. */
  append(event: HistoryEvent): void {
    if (this.isClosed) return;
    const line = eventLine(event);
    this.file?.write(line);
    this.kept.push(line);
    this.onEvent?.(event);
    if (this.kept.length < 2 * keptMax) return;
    this.kept.splice(0, keptMax);
    this.forgotten += keptMax;
  }

  /** What the fakes say of themselves, as `reset` or `unmodelled`. */
  note(who: string, name: string, fields: JsonObject): void {
    this.append({ kind: "note", atUs: this.nowUs(), process: who, incarnation: 0, task: "serving", name, fields });
  }

  /**
   * The header, and the events from the one with this number on, counted from 0.
   * @returns undefined when the first of them is no longer kept
   */
  since(first: number): readonly string[] | undefined {
    if (first < this.forgotten) return undefined;
    return [headerLine(this.header), ...this.kept.slice(first - this.forgotten)];
  }

  close(): void {
    this.isClosed = true;
    this.file?.close();
  }
}

/** Between this many and twice as many are kept. */
const keptMax = 50_000;

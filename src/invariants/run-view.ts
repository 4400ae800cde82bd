import type { AnsweredEvent, NoteEvent, OpIdentity, ProcessEvent } from "../history/event.ts";
import { numberField, textField } from "./note-fields.ts";

/** One attempt of a cause, as the process that made it tells. */
export interface RunView {
  readonly process: string;
  readonly incarnation: number;
  readonly task: string;
  /** `card/lane/dateMoved` in the board's numbers. */
  readonly cause: string;
  /** The card's reference. */
  readonly card: string;
  readonly cardId: number;
  readonly lane: number;
  readonly dateMoved: number;
  readonly attempt: number;
  readonly scope: string;
  /** 0 when the run holds no lease. */
  readonly generation: number;
  readonly leaseTtlMs: number;
  readonly startedUs: number;
  outcome: string | undefined;
}

export interface LeaseView {
  readonly scope: string;
  readonly generation: number;
  readonly process: string;
  readonly incarnation: number;
  readonly takeover: boolean;
  readonly acquiredUs: number;
  /** The last renewal that was answered. */
  renewedUs: number;
  state: "held" | "released" | "lost";
}

/** Processes, their lives, their leases and their runs. */
export class RunsView {
  /** In order of their start. */
  readonly runs: RunView[] = [];
  readonly leases: LeaseView[] = [];
  /** Ends of lives other than by finishing, in order. */
  readonly deaths: { readonly process: string; readonly incarnation: number; readonly atUs: number }[] = [];

  /** By name of the task, in order of their start, whosever it is. */
  private readonly byTask = new Map<string, RunView[]>();
  private readonly byCause = new Map<string, RunView[]>();
  private readonly heldByScope = new Map<string, LeaseView>();
  private readonly living = new Map<string, number>();
  private readonly awakeUs = new Map<string, number>();

  observeProcess(event: ProcessEvent): void {
    const { process, incarnation, what, atUs } = event;
    if (what === "start") this.living.set(process, incarnation);
    // A process that stands still cannot give anything back.
    if (what === "pause") this.awakeUs.set(process, Infinity);
    if (what === "start" || what === "resume") this.awakeUs.set(process, atUs);
    if (what !== "crash" && what !== "kill" && what !== "host-crash") return;
    this.living.delete(process);
    this.deaths.push({ process, incarnation, atUs });
  }

  observeNote(note: NoteEvent): void {
    switch (note.name) {
      case "run.started":
        this.begin(note);
        return;
      case "run.finished": {
        const run = this.ofTask(note);
        if (run !== undefined && run.cause === textField(note, "cause")) run.outcome = textField(note, "outcome");
        return;
      }
      case "lease.acquired":
        this.acquire(note);
        return;
      case "lease.released":
        this.leaveLease(note, "released");
        return;
      case "lease.lost":
        this.leaveLease(note, "lost");
        return;
      default:
    }
  }

  /** A renewal is an append to a file of the scope's claim, and answered. */
  observeAnswer({ op, atUs, outcome }: AnsweredEvent): void {
    if (op.name !== "disk.write" || outcome !== "ok" || !op.key.startsWith("claim:")) return;
    const lease = this.heldByScope.get(op.key.slice("claim:".length));
    if (lease?.process === op.process && lease.incarnation === op.incarnation) lease.renewedUs = atUs;
  }

  /** Those of one cause, in order. */
  ofCause(cause: string): readonly RunView[] {
    return this.byCause.get(cause) ?? [];
  }

  /** The run that this task of this life has begun last. */
  ofTask(task: { readonly process: string; readonly incarnation: number; readonly task: string }): RunView | undefined {
    return this.latestOf(task.task, task.process, task.incarnation);
  }

  /** The same for the task that sent an operation. */
  ofOperation({ process, incarnation, taskName }: OpIdentity): RunView | undefined {
    return this.latestOf(taskName, process, incarnation);
  }

  /** How many processes have begun runs. */
  instances(): number {
    return new Set(this.runs.map((run) => run.process)).size;
  }

  /** Since when the process has been at work without a break; Infinity while it is paused. */
  awakeSinceUs(process: string): number {
    return this.awakeUs.get(process) ?? 0;
  }

  isAlive(life: { readonly process: string; readonly incarnation: number }): boolean {
    return this.living.get(life.process) === life.incarnation;
  }

  /** Whether the run may still be acting: nothing has ended it, and its lease has not run out. */
  mayBeLive(run: RunView, atUs: number): boolean {
    if (run.outcome !== undefined || !this.isAlive(run)) return false;
    if (run.generation === 0) return true;
    const lease = this.leases.findLast((each) => each.scope === run.scope && each.generation === run.generation);
    if (lease === undefined) return true;
    return lease.state === "held" && atUs < lease.renewedUs + run.leaseTtlMs * 1000;
  }

  private latestOf(task: string, process: string, incarnation: number): RunView | undefined {
    return this.byTask.get(task)?.findLast((run) => run.process === process && run.incarnation === incarnation);
  }

  private begin(note: NoteEvent): void {
    const run: RunView = {
      process: note.process,
      incarnation: note.incarnation,
      task: note.task,
      cause: textField(note, "cause"),
      card: textField(note, "card"),
      cardId: numberField(note, "cardId"),
      lane: numberField(note, "lane"),
      dateMoved: numberField(note, "dateMoved"),
      attempt: numberField(note, "attempt"),
      scope: textField(note, "scope"),
      generation: numberField(note, "generation"),
      leaseTtlMs: numberField(note, "leaseTtlMs"),
      startedUs: note.atUs,
      outcome: undefined,
    };
    this.runs.push(run);
    const sameTask = this.byTask.get(run.task);
    if (sameTask === undefined) this.byTask.set(run.task, [run]);
    else sameTask.push(run);
    const sameCause = this.byCause.get(run.cause);
    if (sameCause === undefined) this.byCause.set(run.cause, [run]);
    else sameCause.push(run);
  }

  private acquire(note: NoteEvent): void {
    const scope = textField(note, "scope");
    const lease: LeaseView = {
      scope,
      generation: numberField(note, "generation"),
      process: note.process,
      incarnation: note.incarnation,
      takeover: note.fields["takeover"] === true,
      acquiredUs: note.atUs,
      renewedUs: note.atUs,
      state: "held",
    };
    this.leases.push(lease);
    this.heldByScope.set(scope, lease);
  }

  private leaveLease(note: NoteEvent, state: "released" | "lost"): void {
    const scope = textField(note, "scope");
    const generation = numberField(note, "generation");
    const lease = this.leases.findLast(
      (each) => each.scope === scope && each.generation === generation && each.process === note.process,
    );
    if (lease !== undefined) lease.state = state;
  }
}

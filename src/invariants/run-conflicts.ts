import type { ModelChange, WorldChange } from "../history/changes.ts";
import type { ChangeEvent, HistoryEvent, NoteEvent } from "../history/event.ts";
import { nameOf } from "./board-view.ts";
import type { Evidence } from "./evidence.ts";
import type { Finding, Judge } from "./invariant.ts";
import { startedTags } from "./lanes.ts";
import { originOf, type Origin } from "./origin.ts";
import type { RunView } from "./run-view.ts";

/** A finding, and which processes took part in what it is about. */
export interface RunConflict extends Finding {
  readonly processes: ReadonlySet<string>;
}

/**
 * Judges every run when it begins: against runs of its cause that may be live, and against runs that were
 * acknowledged. What processes do without telling of a run is judged by its effects.
 */
export class RunConflicts implements Judge {
  readonly kinds: readonly HistoryEvent["kind"][] = ["note", "change"];
  readonly stores: readonly WorldChange["store"][] = ["board", "model"];

  private readonly evidence: Evidence;
  private readonly report: (conflict: RunConflict) => void;
  private readonly tags = new Map<number, readonly string[]>();
  private judged = 0;

  constructor(evidence: Evidence, report: (conflict: RunConflict) => void) {
    this.evidence = evidence;
    this.report = report;
  }

  observe(event: HistoryEvent): void {
    if (event.kind === "note" && event.name === "run.started") this.judgeStart(event);
    if (event.kind !== "change") return;
    if (event.change.type === "completion") this.judgeCompletion(event, event.change as unknown as ModelChange);
    if (event.change.type === "tags.set") this.judgeTags(event, event.change["card"] as number);
  }

  checked(): number {
    return this.judged;
  }

  private judgeStart(note: NoteEvent): void {
    const { runs } = this.evidence;
    const run = runs.ofTask(note)!;
    this.judged++;
    for (const earlier of runs.ofCause(run.cause)) {
      // People typed another reference into the card: under it nothing was begun yet.
      if (earlier === run || earlier.scope !== run.scope) continue;
      const processes = new Set([earlier.process, run.process]);
      const place = `${run.card} lane ${run.lane}`;
      if (earlier.outcome === "done" || earlier.outcome === "failed") {
        if (this.wasRecordDamaged(run)) continue;
        this.report({
          place,
          processes,
          message: `${run.process} began a run for ${place} although ${earlier.process} had acknowledged that cause as ${earlier.outcome}.`,
          expected: "no further run for an acknowledged cause",
          actual: `attempt ${run.attempt} by ${run.process} (${run.cause})`,
        });
        return;
      }
      if (!runs.mayBeLive(earlier, note.atUs)) continue;
      this.report({
        place,
        processes,
        message: `${run.process} began a run for ${place} while the one that ${earlier.process} had begun was still live.`,
        expected: "one live run for each cause",
        actual: `two, by ${[...processes].join(" and ")}`,
      });
      return;
    }
  }

  /** Whoever cannot read that it was done must do it again. */
  private wasRecordDamaged(run: RunView): boolean {
    const key = `(run:${run.card}/lane-${run.lane})`;
    return this.evidence.faults.some(({ fault, site }) => fault === "file-truncated" && site.includes(key));
  }

  /** A model that is asked for a card works for a run of that card. */
  private judgeCompletion(event: ChangeEvent, change: ModelChange): void {
    const origin = originOf(event.op);
    if (origin.repeated || !this.evidence.isSystem(origin.process)) return;
    this.judged++;
    const key = event.op?.key ?? change.key;
    if (this.hasRun(origin, ({ card }) => key.includes(`/${card}/`) || key.startsWith(`${card}/`))) return;
    this.report({
      place: `model ${change.role} ${change.key}`,
      processes: new Set([origin.process]),
      message: `${origin.process} had the model work for ${change.key} without having begun a run for that card.`,
    });
  }

  /** Who says that a card is being worked on has begun a run for it. */
  private judgeTags(event: ChangeEvent, cardId: number): void {
    const card = this.evidence.board.cards.get(cardId);
    if (card === undefined) return;
    const before = this.tags.get(cardId) ?? [];
    this.tags.set(cardId, card.tags);
    const origin = originOf(event.op);
    // The board itself gives a copy the tags of its original.
    if (origin.repeated || !this.evidence.isSystem(origin.process) || event.op?.name === copying) return;
    const started = card.tags.find((tag) => startedTags.has(tag) && !before.includes(tag));
    if (started === undefined) return;
    this.judged++;
    const name = nameOf(card);
    // By its number: people may give it another reference while it is worked on.
    if (this.hasRun(origin, (run) => run.cardId === cardId || run.card === name)) return;
    this.report({
      place: `${name} tag ${started}`,
      processes: new Set([origin.process]),
      message: `${origin.process} set the tag ${started} on ${name} without having begun a run for that card.`,
    });
  }

  private hasRun(life: Origin, isFor: (run: RunView) => boolean): boolean {
    return this.evidence.runs.runs.some(
      (run) => run.process === life.process && run.incarnation === life.incarnation && isFor(run),
    );
  }
}

const copying = "board.duplicateTaskToProject";

import type { WorldChange } from "../history/changes.ts";
import type { AnsweredEvent, ChangeEvent, HistoryEvent, NoteEvent } from "../history/event.ts";
import { nameOf, stayOf, type CardView } from "./board-view.ts";
import type { Evidence } from "./evidence.ts";
import { peopleNotes } from "./facts.ts";
import type { Judge } from "./invariant.ts";
import { doneLane, epicOf, laneRules, spawnLane, storyOf } from "./lanes.ts";
import { textField, textsField } from "./note-fields.ts";
import { originOf } from "./origin.ts";
import type { RunConflict } from "./run-conflicts.ts";

/** What is known of the cards that were made for one story. */
interface StoryLedger {
  /** Times that a process asked for a card and one came to be, repetitions of the network aside. */
  creations: number;
  /** Answers to such a request from which nobody could tell whether it took effect. */
  unclearAnswers: number;
  readonly creators: Set<string>;
  readonly creatingRuns: Set<string>;
}

/**
 * Judges the fan-out of epics: each creation when it happens, and what is left of it at the end. Which stories there
 * are is what people approved.
 */
export class StoryCards implements Judge {
  readonly kinds: readonly HistoryEvent["kind"][] = ["note", "change", "answered"];
  readonly stores: readonly WorldChange["store"][] = ["board"];

  private readonly evidence: Evidence;
  private readonly report: (conflict: RunConflict) => void;
  /** By reference. */
  private readonly stories = new Map<string, StoryLedger>();
  /** The ids of the stories that were approved, by epic. */
  private readonly plans = new Map<string, readonly string[]>();
  private readonly spawnedEpics = new Set<string>();
  /** When a card got the reference it has. */
  private readonly keyedUs = new Map<number, number>();
  private readonly closedBySystem = new Set<number>();
  private judged = 0;

  constructor(evidence: Evidence, report: (conflict: RunConflict) => void) {
    this.evidence = evidence;
    this.report = report;
  }

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "note":
        this.observeNote(event);
        return;
      case "answered":
        this.observeAnswer(event);
        return;
      case "change":
        this.observeChange(event);
        return;
      default:
    }
  }

  finish(): void {
    for (const [epic, stories] of this.plans) if (this.spawnedEpics.has(epic)) this.judgePlan(epic, stories);
    for (const reference of this.stories.keys()) this.judgeCount(reference);
    for (const card of this.evidence.board.cards.values()) this.judgeLeftOver(card);
  }

  checked(): number {
    return this.judged;
  }

  private observeNote(note: NoteEvent): void {
    if (note.name === peopleNotes.planApproved) this.plans.set(textField(note, "epic"), textsField(note, "stories"));
    if (note.name !== "run.finished" || textField(note, "outcome") !== "done") return;
    if (note.fields["lane"] === spawnLane) this.spawnedEpics.add(textField(note, "card"));
  }

  private observeAnswer({ op, outcome, detail }: AnsweredEvent): void {
    if (!creating.has(op.name) || storyOf(op.key) === undefined) return;
    if (outcome !== "ok" || detail !== "200") this.ledger(op.key).unclearAnswers++;
  }

  private observeChange(event: ChangeEvent): void {
    const { type } = event.change;
    if (type !== "card.created" && type !== "card.updated" && type !== "card.closed" && type !== "tags.set") return;
    const card = this.evidence.board.cards.get(event.change["card"] as number);
    if (card === undefined) return;
    const { process } = originOf(event.op);
    switch (type) {
      case "card.created":
        this.keyedUs.set(card.id, event.atUs);
        if (this.evidence.isSystem(process)) this.judgeCreation(event, card);
        return;
      case "card.updated":
        this.keyedUs.set(card.id, event.atUs);
        return;
      case "card.closed":
        if (this.evidence.isSystem(process)) this.closedBySystem.add(card.id);
        return;
      case "tags.set":
        if (card.copyOf === undefined && card.tags.includes(laneRules[spawnLane]!.completedTag)) {
          this.spawnedEpics.add(nameOf(card));
        }
        return;
    }
  }

  private judgeCreation(event: ChangeEvent, card: CardView): void {
    const origin = originOf(event.op);
    if (origin.repeated) return;
    this.judged++;
    const reference = storyOf(card.createdFor) === undefined ? card.reference : card.createdFor;
    if (storyOf(reference) === undefined) {
      this.report({
        place: `card for ${nameOf(card)}`,
        processes: new Set([origin.process]),
        message: `${origin.process} made a card that belongs to no story of ${epicOf(nameOf(card))}.`,
      });
      return;
    }
    const ledger = this.ledger(reference);
    ledger.creations++;
    ledger.creators.add(origin.process);
    const { op } = event;
    const task = { process: origin.process, incarnation: origin.incarnation, task: op?.taskName ?? "" };
    const creatingRun = `${task.process}@${task.incarnation}/${task.task}`;
    if (ledger.creatingRuns.has(creatingRun)) {
      this.report({
        place: reference,
        processes: ledger.creators,
        message: `One run of ${origin.process} made two cards for the story ${reference}.`,
        expected: "after an unclear answer the run ends, and the next one looks first",
        actual: "it asked again at once",
      });
    }
    ledger.creatingRuns.add(creatingRun);
    const run = this.evidence.runs.ofTask(task);
    const unused = run === undefined ? undefined : this.leftCopy(epicOf(reference), run.startedUs);
    if (unused !== undefined) {
      this.report({
        place: epicOf(reference),
        processes: new Set([origin.process, unused.creator.process]),
        message: `${origin.process} made a card for the story ${reference} while a copy of ${epicOf(reference)} that an earlier run had left stood there without a key.`,
        expected: "the copy is found and becomes the story's card",
        actual: "one more card",
      });
    }
    const known = run === undefined ? undefined : this.openCards(reference).find((each) => each.id !== card.id);
    if (run === undefined || known === undefined || this.keyedUs.get(known.id)! >= run.startedUs) return;
    this.report({
      place: reference,
      processes: new Set([...ledger.creators, run.process]),
      message: `${origin.process} made a card for the story ${reference}, which had one since before that run began.`,
      expected: "one open card",
      actual: this.openCards(reference).length,
    });
  }

  /** A copy of the epic that was there before a time and has got no key yet. */
  private leftCopy(epic: string, beforeUs: number): CardView | undefined {
    return this.openCards(epic).find(
      (card) => card.copyOf !== undefined && card.createdUs < beforeUs && this.evidence.isSystem(card.creator.process),
    );
  }

  private judgePlan(epic: string, stories: readonly string[]): void {
    for (const story of stories) {
      this.judged++;
      const reference = `${epic}/${story}`;
      const count = this.openCards(reference).length;
      if (count === 1 || (count === 0 && this.isGoneForGood(reference))) continue;
      this.report({
        place: reference,
        processes: this.spawners(epic),
        message:
          count === 0
            ? `The story ${reference} was approved and its epic spawned, but it has no card.`
            : `The story ${reference} has ${count} open cards.`,
        expected: 1,
        actual: count,
      });
    }
  }

  private judgeCount(reference: string): void {
    const ledger = this.stories.get(reference)!;
    this.judged++;
    const allowed = 1 + ledger.unclearAnswers + this.troubles(reference);
    if (ledger.creations <= allowed) return;
    this.report({
      place: reference,
      processes: ledger.creators,
      message: `${ledger.creations} cards were made for the story ${reference}; what went wrong explains ${allowed}.`,
      expected: allowed,
      actual: ledger.creations,
    });
  }

  /** A card that the system made must be the one of a story, or be put away with a reason. */
  private judgeLeftOver(card: CardView): void {
    if (!this.evidence.isSystem(card.creator.process)) return;
    if (card.state === "closed" && this.closedBySystem.has(card.id)) {
      this.judged++;
      if (card.comments.some((comment) => /clos|surplus|duplicate|copy/i.test(comment.text))) return;
      this.report({
        place: `${nameOf(card)} closed`,
        processes: new Set([card.creator.process]),
        message: `A card of ${nameOf(card)} was closed without a word of why.`,
      });
      return;
    }
    if (card.state !== "open") return;
    const reference = nameOf(card);
    const first = this.openCards(reference)[0];
    if (storyOf(reference) !== undefined && first === card) return;
    this.report({
      place: `${reference} left over`,
      processes: this.spawners(epicOf(reference)),
      message:
        storyOf(reference) === undefined
          ? `A copy of ${reference} that stands for no story is still open.`
          : `A second card of ${reference} is still open.`,
    });
  }

  /** Crashes, expiries and faults that may have cost one card more. */
  private troubles(reference: string): number {
    const { runs, faults } = this.evidence;
    const epic = epicOf(reference);
    const spawners = this.spawners(epic);
    const deaths = runs.deaths.filter((death) => spawners.has(death.process)).length;
    const expiries = runs.leases.filter((lease) => lease.scope === epic && (lease.state === "lost" || lease.takeover));
    const struck = faults.filter(
      ({ site }) => site.includes(`(${reference})`) && [...creating].some((name) => site.includes(`/${name}(`)),
    );
    return deaths + expiries.length + struck.length;
  }

  private spawners(epic: string): Set<string> {
    const found = new Set<string>();
    for (const run of this.evidence.runs.runs) if (run.card === epic && run.lane === spawnLane) found.add(run.process);
    return found;
  }

  private openCards(reference: string): readonly CardView[] {
    return [...this.evidence.board.open()].filter((card) => card.reference === reference);
  }

  /** People took the story away, or its finished card was put away. */
  private isGoneForGood(reference: string): boolean {
    return [...this.evidence.board.cards.values()].some(
      (card) =>
        card.reference === reference &&
        ((card.state === "removed" && !this.closedBySystem.has(card.id)) ||
          (card.state === "closed" && (stayOf(card).lane === doneLane || !this.closedBySystem.has(card.id)))),
    );
  }

  private ledger(reference: string): StoryLedger {
    let ledger = this.stories.get(reference);
    if (ledger === undefined) {
      ledger = { creations: 0, unclearAnswers: 0, creators: new Set(), creatingRuns: new Set() };
      this.stories.set(reference, ledger);
    }
    return ledger;
  }
}

const creating: ReadonlySet<string> = new Set(["board.createTask", "board.duplicateTaskToProject"]);

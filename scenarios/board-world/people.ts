import { isJsonArray, isJsonObject, peopleNotes, type JsonValue, type Ports } from "../../src/index.ts";
import { isWorkable } from "./epic-from-prd.ts";
import { nameOf, PeopleBoard, type SeenBoard, type SeenCard } from "./people-board.ts";
import { isFailed, isSettled, planDeeds, signatureOfBoard, type Deed } from "./people-plan.ts";
import { facts } from "./settings.ts";
import { makeSlip } from "./make-slip.ts";
import { mayHarm, misnamed, type CardSlip } from "./slips.ts";
import { storyIds, type Workload } from "./workload.ts";

export interface PeopleOptions {
  readonly workload: Workload;
  /** Called when all epics are on the board, perhaps more than once. */
  readonly allAsked: () => void;
  /** Ends the run. */
  readonly goHome: (reason: string) => void;
  readonly faultsUntilMs: number;
}

const lookMs = 20_000;
/** After all is settled: for effects that are still on their way. */
const tailMs = 80_000;
/** Without any change for so long, nothing will come any more: longer than any wait of the system. */
const quietMs = 900_000;
const patienceMs = 3 * 3_600_000;

/**
 * The people around the board: they ask for epics, approve what agents complete, slip where the workload says so, and go
 * home when all is settled. They look every 20 s and do one thing for each card.
 */
export async function people(ports: Ports, options: PeopleOptions): Promise<void> {
  await new People(ports, options).work();
}

class People {
  private readonly ports: Ports;
  private readonly options: PeopleOptions;
  private readonly board: PeopleBoard;
  private readonly slipped = new Set<number>();
  private readonly failuresSeen = new Set<string>();

  constructor(ports: Ports, options: PeopleOptions) {
    this.ports = ports;
    this.options = options;
    this.board = new PeopleBoard(ports);
  }

  async work(): Promise<void> {
    const { clock } = this.ports;
    this.announceEpics();
    let signature = "";
    let changedMs = clock.monotonicMs();
    let settledMs: number | undefined;
    while (clock.monotonicMs() < patienceMs) {
      const seen = await this.board.look();
      if (seen !== undefined) {
        const now = signatureOfBoard(seen);
        if (now !== signature) {
          signature = now;
          changedMs = clock.monotonicMs();
          settledMs = undefined;
        }
        this.noteFailures(seen);
        const deeds = planDeeds(this.options.workload, seen, this.slipped);
        for (const deed of deeds) await this.perform(deed, seen);
        if (deeds.every((deed) => deed.kind !== "create")) this.options.allAsked();
        if (deeds.length === 0 && isSettled(this.options.workload, seen)) settledMs ??= clock.monotonicMs();
        else settledMs = undefined;
      }
      if (settledMs !== undefined && clock.monotonicMs() - settledMs >= tailMs) return this.options.goHome("settled");
      const quietSinceMs = Math.max(changedMs, this.options.faultsUntilMs);
      if (clock.monotonicMs() - quietSinceMs >= quietMs) return this.options.goHome("nothing happens any more");
      await clock.sleep(lookMs, { key: "look" });
    }
    this.options.goHome("out of patience");
  }

  private announceEpics(): void {
    const { epics, slips, coderNeedsTries } = this.options.workload;
    for (const epic of epics) {
      const workable =
        isWorkable(epic.prd, facts.limits.childrenPerEpicMax) && /^[a-z0-9][a-z0-9-]*$/.test(epic.dirname);
      const mayFail = !workable || slips.some((slip) => mayHarm(slip, epic));
      this.ports.log.event(peopleNotes.epicAsked, { reference: epic.reference, mayFail, coderTries: coderNeedsTries });
    }
    // Who is struck down before the slip is mended leaves a card behind that belongs to nobody's epic.
    for (const reference of slips.flatMap((slip) => misnamed(slip))) {
      this.ports.log.event(peopleNotes.epicAsked, { reference, mayFail: true });
    }
  }

  private noteFailures(seen: SeenBoard): void {
    for (const card of seen.cards) {
      const key = `${card.id}@${card.lane}`;
      if (!isFailed(card) || this.failuresSeen.has(key)) continue;
      this.failuresSeen.add(key);
      this.ports.log.event("failure.seen", { card: nameOf(card), lane: card.lane });
    }
  }

  private async perform(deed: Deed, seen: SeenBoard): Promise<void> {
    const { board } = this;
    switch (deed.kind) {
      case "create": {
        const epic = this.options.workload.epics.find((each) => each.reference === deed.reference)!;
        await board.createCard({ title: epic.title, description: epic.description, reference: epic.reference });
        return;
      }
      case "close-double":
        await board.close(deed.card);
        return;
      case "release":
        await this.release(deed.card, deed.to, seen);
        return;
      case "approve-plan":
        await this.approvePlan(deed.card, seen);
        return;
      case "move":
        await board.move(seen, deed.card, deed.to);
        return;
      case "slip":
        await this.slip(deed.slip, deed.card, seen);
        return;
    }
  }

  private async release(card: SeenCard, to: number, seen: SeenBoard): Promise<void> {
    const fields = await this.board.fields(card);
    if (fields === undefined) return;
    const { dirname, prd, reference } = this.options.workload.epics.find((each) => each.reference === card.reference)!;
    if (fields["dirname"] !== dirname) {
      await this.board.saveFields(card, { dirname, context_mode: "NEW" });
      return;
    }
    if (to > 2) this.noteApproval(reference, storyIds(prd));
    await this.board.move(seen, card, to);
  }

  private async approvePlan(card: SeenCard, seen: SeenBoard): Promise<void> {
    const plan = await this.board.attachment(card, "prd.json");
    const parsed = plan === undefined ? undefined : parseJson(plan);
    // Nothing to approve yet, or nothing that can be read: they look again later.
    if (parsed === undefined) return;
    // In single-card mode nobody promised a card to any of its stories.
    if (this.options.workload.journey !== "single") this.noteApproval(card.reference, storyIds(parsed));
    await this.board.move(seen, card, card.lane + 1);
  }

  private noteApproval(epic: string, stories: readonly string[]): void {
    this.ports.log.event(peopleNotes.planApproved, { epic, stories });
  }

  private async slip(slip: CardSlip, card: SeenCard, seen: SeenBoard): Promise<void> {
    this.slipped.add(this.options.workload.slips.indexOf(slip));
    this.ports.log.event("slip.made", { kind: slip.kind, card: nameOf(card) });
    await makeSlip(slip, card, { board: this.board, seen, clock: this.ports.clock });
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) || isJsonArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

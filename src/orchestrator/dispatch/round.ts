import type { Ports } from "../../ports/ports.ts";
import type { CardRow } from "../board/rows.ts";
import { confirmTags } from "./confirm.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { referenceOf, scopeOf } from "../decide/reference.ts";
import { Listing } from "./listing.ts";
import { reconcile } from "./reconcile.ts";
import { Tidying } from "./tidy.ts";

/**
 * One look over the whole board: lists it, brings each card that may ask for something to the dispatcher, and looks
 * after what earlier runs left. A poller makes one at every tick; a webhook server now and then, for the events that
 * never came.
 */
export class Round {
  private readonly dispatcher: Dispatcher;
  private readonly tidying: Tidying;
  private prepared = false;
  /** Of the card at which the round before came to its limit of calls. */
  private cutOffAt: number | undefined;

  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
    this.tidying = new Tidying(dispatcher);
  }

  /** @returns false when the board could not be listed */
  async run(ports: Ports, stop: AbortSignal): Promise<boolean> {
    const { dispatcher } = this;
    this.prepared ||= await this.prepare(ports);
    if (!this.prepared) return false;
    const board = dispatcher.openBoard(ports);
    const listedMs = ports.clock.monotonicMs();
    const listed = await board.getAllTasks(dispatcher.projectId);
    if (listed.kind !== "ok") return this.failed(ports, listed.reason);
    dispatcher.boardAlarm.worked(ports);
    const cards = listed.value;
    const listing = new Listing(cards, listedMs);
    if (cards.some((card) => !dispatcher.columns.knows(card.column_id))) {
      const columns = await dispatcher.readColumns(board);
      if (columns.kind !== "ok") ports.log.event("poll.failed", { reason: columns.reason });
    }
    // While the listing is fresh.
    for (const card of cards) dispatcher.noteModification(card);
    await confirmTags(dispatcher, ports, listing);
    await this.considerAll(ports, listing, stop);
    if (stop.aborted) return true;
    await reconcile(dispatcher, ports, cards);
    await this.tidying.run(ports, cards);
    if (dispatcher.memo.size > 2 * cards.length) dispatcher.memo.keepOnly(new Set(cards.map((card) => card.id)));
    return true;
  }

  private async considerAll(ports: Ports, listing: Listing, stop: AbortSignal): Promise<void> {
    const { dispatcher } = this;
    const { boardCallsPerTickMax } = dispatcher.policies.limits;
    const callsBefore = dispatcher.boardCalls;
    const busy = new Set<string>();
    const waiting = beginningWith(this.cutOffAt, inLaneOrder(dispatcher, listing, ports.clock.nowMs()));
    this.cutOffAt = undefined;
    for (const card of waiting) {
      if (stop.aborted) return;
      const calls = dispatcher.boardCalls - callsBefore;
      if (calls >= boardCallsPerTickMax) {
        this.cutOffAt = card.id;
        ports.log.event("limit.reached", { limit: "boardCallsPerTickMax", card: referenceOf(card), value: calls });
        return;
      }
      // Who works for a scope does so for longer than this takes: its other cards need not ask.
      const scope = scopeOf(referenceOf(card));
      if (busy.has(scope)) continue;
      const considered = await dispatcher.consider(ports, card, "poller", listing);
      if (considered.kind === "busy") busy.add(scope);
    }
  }

  private async prepare(ports: Ports): Promise<boolean> {
    const answer = await this.dispatcher.prepare(ports);
    return answer.kind === "ok" || this.failed(ports, answer.reason);
  }

  private failed(ports: Ports, reason: string): false {
    ports.log.event("poll.failed", { reason });
    this.dispatcher.boardAlarm.failed(ports, reason);
    return false;
  }
}

/** Those before it come last. */
function beginningWith(cardId: number | undefined, cards: readonly CardRow[]): readonly CardRow[] {
  const at = cards.findIndex(({ id }) => id === cardId);
  return at <= 0 ? cards : [...cards.slice(at), ...cards.slice(0, at)];
}

/** Only cards that may ask for something; by lane, then by id. */
function inLaneOrder(dispatcher: Dispatcher, { cards }: Listing, nowMs: number): readonly CardRow[] {
  const waiting: { readonly card: CardRow; readonly lane: number }[] = [];
  for (const card of cards) {
    const cheap = dispatcher.cheapAnswer(card, nowMs, "poller");
    if (cheap !== undefined) waiting.push({ card, lane: cheap.program.lane });
    else if (dispatcher.isToFollow(card)) waiting.push({ card, lane: dispatcher.columns.laneOf(card.column_id)! });
  }
  return waiting
    .toSorted((left, right) => left.lane - right.lane || left.card.id - right.card.id)
    .map(({ card }) => card);
}

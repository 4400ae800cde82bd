import type { Ports } from "../../ports/ports.ts";
import type { Board } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import type { Lease } from "../claims/lease.ts";
import { labelOf } from "../decide/reference.ts";
import { causeName, sameCause, type Cause, type RunRecord } from "../runs/run-record.ts";
import { need } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";

/**
 * Records of runs whose card has left. A cause is a card, a lane and the moment of a move: once the card was moved on,
 * nothing asks for it again, and its record can go. Of a run that was cut off, or whose tags were not checked a last
 * time, the started tag may stand there still: it goes first.
 *
 * The record of the cause that a card has now always stays, also when it is done: it keeps the cause from running again.
 */
export class RecordTidying {
  private readonly dispatcher: Dispatcher;
  /** Names of causes whose records promise nothing more: they need not be read again. */
  private readonly settled = new Set<string>();

  constructor(dispatcher: Dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** By a listing of the board and of the folder alone. Records of cards that are not open are left as they are. */
  async isUntidy(ports: Ports, scope: string, cards: readonly CardRow[]): Promise<boolean> {
    const found = await this.dispatcher.records.list(ports, scope);
    if (found.kind !== "ok") return false;
    if (found.value.leftovers.length > 0) return true;
    const byId = new Map(cards.map((card) => [card.id, card]));
    let left = 0;
    for (const cause of found.value.causes) {
      const card = byId.get(cause.cardId);
      if (card === undefined || this.isNow(cause, card)) continue;
      left++;
      if (left > leftMax || (await this.mayHaveLeftTag(ports, cause, { scope, card }))) return true;
    }
    return false;
  }

  /** In a lane with agents the next run takes such a tag off. */
  private async mayHaveLeftTag(ports: Ports, cause: Cause, { scope, card }: Left): Promise<boolean> {
    const lane = this.dispatcher.columns.laneOf(card.column_id);
    const name = causeName(cause);
    if (lane === undefined || this.dispatcher.programOf(lane) !== undefined || this.settled.has(name)) return false;
    const record = await this.dispatcher.records.load(ports, cause, scope);
    if (record.kind !== "ok" || record.value === undefined) return false;
    if (isOwing(record.value)) return true;
    if (this.settled.size >= settledMax) this.settled.clear();
    this.settled.add(name);
    return false;
  }

  async tidy(ports: Ports, lease: Lease): Promise<void> {
    const { records, policies } = this.dispatcher;
    const { scope } = lease;
    const { causes, leftovers } = need(await records.list(ports, scope), "list the records");
    // Whoever writes here holds the lease, and that is this process now.
    for (const name of leftovers) {
      lease.require(policies.limits.diskMarginMs);
      await records.removeLeftover(ports, scope, name);
    }
    const board = this.dispatcher.openBoard(ports, lease);
    const cards = new Map<number, CardRow | null>();
    for (const cause of causes) {
      if (!cards.has(cause.cardId)) {
        cards.set(
          cause.cardId,
          need(await board.getTask({ id: cause.cardId, label: scope }), "read the card of a record"),
        );
      }
      const card = cards.get(cause.cardId)!;
      if (card !== null && this.isNow(cause, card)) continue;
      if (card === null || (await this.redeem(board, cause, { scope, card }))) {
        lease.require(policies.limits.diskMarginMs);
        need(await records.remove(ports, scope, cause), "remove a record");
      }
    }
  }

  /** @returns false while a write of the run may still land */
  private async redeem(board: Board, cause: Cause, { scope, card }: Left): Promise<boolean> {
    const { records, policies, projectId, columns } = this.dispatcher;
    const record = need(await records.load(board.ports, cause, scope), "read the record");
    if (record === undefined || !isOwing(record)) return true;
    if ((record.confirmAfterMs ?? 0) > board.ports.clock.nowMs()) return false;
    const program = this.dispatcher.programOf(cause.lane);
    // Back in its lane, the tag is that of the next run.
    if (program === undefined || columns.laneOf(card.column_id) === cause.lane) return true;
    const change = { add: [], remove: [program.startedTag], atDispatch: undefined };
    const target = { board, projectId, card: { id: card.id, label: labelOf(card) } };
    need(await policies.tags.write({ ...target, ...change }), "take a tag off that was left");
    return true;
  }

  private isNow(cause: Cause, card: CardRow): boolean {
    const lane = this.dispatcher.columns.laneOf(card.column_id);
    // In a column that is no lane a card may have been for a moment: what its title was is not known.
    return lane === undefined || sameCause(cause, { cardId: card.id, lane, dateMoved: card.date_moved });
  }
}

/** Its started tag may stand on the card. */
function isOwing({ status, confirmAfterMs }: RunRecord): boolean {
  return status === "open" || confirmAfterMs !== undefined;
}

/** Records of one epic that nobody asks for, before somebody asks the board whether they can go. */
const leftMax = 16;
/** Then all are read once more. */
const settledMax = 10_000;

interface Left {
  readonly scope: string;
  readonly card: CardRow;
}

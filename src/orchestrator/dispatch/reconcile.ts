import type { Ports } from "../../ports/ports.ts";
import type { Board } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import { closeCard } from "../cards/close-card.ts";
import { chooseChild, isStoryGroup, sameReference, splitEpic } from "../decide/duplicates.ts";
import { lanePrograms, planApprovedLane } from "../decide/lanes.ts";
import { labelOf, scopeOf } from "../decide/reference.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import { copyLinkLabel } from "../spawn/child-card.ts";
import type { Dispatcher } from "./dispatcher.ts";

/** Cards that a repeated or late creation left behind: all but one of each key are closed, with the reason on them. */
export async function reconcile(dispatcher: Dispatcher, ports: Ports, cards: readonly CardRow[]): Promise<void> {
  for (const group of sameReference(cards)) await reconcileGroup(dispatcher, ports, group);
}

async function reconcileGroup(dispatcher: Dispatcher, ports: Ports, group: readonly CardRow[]): Promise<void> {
  const { policies, claims, config } = dispatcher;
  const card = group[0]!;
  const acquired = await policies.claim.acquire({
    ports,
    scope: scopeOf(card.reference),
    claims,
    board: dispatcher.openBoard(ports),
    card,
    program: lanePrograms[planApprovedLane]!,
    ttlMs: config.leaseTtlMs,
  });
  if (acquired.kind === "busy") return;
  const { lease } = acquired;
  try {
    const board = dispatcher.openBoard(ports, lease);
    const still = await stillThere(board, group);
    if (still.length < 2) return;
    if (isStoryGroup(still)) await closeSurplusChildren(board, still);
    else await closeLateCopies(dispatcher, board, still);
  } catch (error) {
    if (!(error instanceof RunStop)) throw error;
    ports.log.event("reconcile.failed", { card: card.reference, reason: error.message });
  } finally {
    await lease.release(ports);
  }
}

/** The listing is older than the lease. */
async function stillThere(board: Board, group: readonly CardRow[]): Promise<readonly CardRow[]> {
  const still: CardRow[] = [];
  for (const card of group) {
    const now = need(await board.getTask({ id: card.id, label: labelOf(card) }), "read the card");
    if (now !== null && now.is_active !== 0 && now.reference === card.reference) still.push(now);
  }
  return still;
}

async function closeSurplusChildren(board: Board, group: readonly CardRow[]): Promise<void> {
  const complete = new Set<number>();
  for (const card of group) {
    const metadata = need(await board.getTaskMetadata({ id: card.id, label: labelOf(card) }), "read a card's fields");
    if (metadata["atomic_id"] !== undefined) complete.add(card.id);
  }
  const { kept, surplus } = chooseChild(group, (card) => complete.has(card.id));
  for (const card of surplus) await closeCard(board, card, `its story has a card already, with the number ${kept.id}.`);
}

async function closeLateCopies(dispatcher: Dispatcher, board: Board, group: readonly CardRow[]): Promise<void> {
  const { epic, copies } = splitEpic(group);
  if (await isSpawning(dispatcher, board.ports, epic)) return;
  for (const card of copies) {
    const links = need(await board.getAllTaskLinks({ id: card.id, label: labelOf(card) }), "read the links of a card");
    const isCopy = links.some((link) => link.label === copyLinkLabel && link.task_id === epic.id);
    if (isCopy) await closeCard(board, card, "a copy of the epic that came after its stories had their cards.");
  }
}

/** A fan-out that is not over may still need the copy, and adopts it. */
async function isSpawning(dispatcher: Dispatcher, ports: Ports, epic: CardRow): Promise<boolean> {
  if (dispatcher.columns.laneOf(epic.column_id) !== planApprovedLane) return false;
  const cause = { cardId: epic.id, lane: planApprovedLane, dateMoved: epic.date_moved };
  const record = need(await dispatcher.records.load(ports, cause, epic.reference), "read the record");
  return record === undefined || record.status === "open";
}

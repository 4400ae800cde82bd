import type { Ports } from "../../ports/ports.ts";
import type { Board } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import type { LaneProgram } from "../decide/lanes.ts";
import { labelOf, scopeOf } from "../decide/reference.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Listing } from "./listing.ts";
import type { Memory } from "./memo.ts";

/**
 * Looks at the tags of finished runs once more when every late or repeated write of them must have landed, and whenever
 * people have saved their card's form since, and mends them: the board takes the last writer's word, also when it comes
 * late, or from a form that was loaded before. No agent runs.
 *
 * @returns false when board or disk failed: what could not be confirmed is put off
 */
export async function confirmTags(dispatcher: Dispatcher, ports: Ports, listing?: Listing): Promise<boolean> {
  const nowMs = ports.clock.nowMs();
  let worked = true;
  for (const memory of dispatcher.memo.toConfirm()) {
    if (memory.confirmAfterMs === undefined || memory.confirmAfterMs > nowMs) continue;
    if (!(await confirm(dispatcher, ports, { memory, listing }))) worked = false;
  }
  return worked;
}

/** Until the first run can be confirmed; undefined when none waits for it. */
export function confirmDelayMs(dispatcher: Dispatcher, ports: Ports): number | undefined {
  const times = dispatcher.memo.toConfirm().map((memory) => memory.confirmAfterMs ?? 0);
  // Never busy: a scope that others hold is asked for again after a while.
  return times.length === 0 ? undefined : Math.max(1_000, Math.min(...times) - ports.clock.nowMs());
}

interface Due {
  readonly memory: Memory;
  readonly listing: Listing | undefined;
}

async function confirm(dispatcher: Dispatcher, ports: Ports, { memory, listing }: Due): Promise<boolean> {
  const { cause, reference } = memory;
  const { records, memo, policies } = dispatcher;
  const acquired = await dispatcher.claims.acquire(ports, scopeOf(reference));
  if (acquired.kind === "busy") return true;
  const { lease } = acquired;
  try {
    const record = need(await records.load(ports, cause, reference), "read the record");
    if (record?.status === "open") memo.wait(cause, reference, 0);
    else if (record === undefined || !isDue(record, memory)) memo.acknowledge(cause, reference, record ?? {});
    else {
      const checked = await checkTags(dispatcher, dispatcher.openBoard(ports, lease), { record, listing });
      lease.require(policies.limits.diskMarginMs);
      need(await records.save(ports, checked, lease.generation), "note the confirmation");
      memo.acknowledge(cause, reference, checked);
    }
    return true;
  } catch (error) {
    if (!(error instanceof RunStop)) throw error;
    const { checkedS } = memory;
    memo.acknowledge(cause, reference, { confirmAfterMs: ports.clock.nowMs() + policies.limits.settleMs, checkedS });
    return false;
  } finally {
    await lease.release(ports);
  }
}

/** Others may have checked the tags in the meantime, for the same reason. */
function isDue(record: RunRecord, { checkedS }: Memory): boolean {
  return record.confirmAfterMs !== undefined || (record.checkedS ?? 0) <= checkedS;
}

/** @returns the record with what is known of the card's tags now */
async function checkTags(
  dispatcher: Dispatcher,
  board: Board,
  { record, listing }: { readonly record: RunRecord; readonly listing: Listing | undefined },
): Promise<RunRecord> {
  const { cause, reference } = record;
  const card =
    listing?.freshCard(cause.cardId, board.ports.clock.monotonicMs()) ??
    need(await board.getTask({ id: cause.cardId, label: reference }), "read the card");
  if (card !== null) await mendTags(dispatcher, board, record, card);
  const { confirmAfterMs: _, ...confirmed } = record;
  const checked = { ...confirmed, checkedS: card?.date_modification ?? 0 };
  // Saved within the same second, a form would not show: one that is so fresh is looked at again.
  const { settleMs } = dispatcher.policies.limits;
  const nowMs = board.ports.clock.nowMs();
  const isFresh = card !== null && Math.abs(nowMs - card.date_modification * 1_000) < settleMs;
  return isFresh ? { ...checked, confirmAfterMs: nowMs + settleMs } : checked;
}

async function mendTags(dispatcher: Dispatcher, board: Board, record: RunRecord, card: CardRow): Promise<void> {
  const { cause } = record;
  const lane = dispatcher.columns.laneOf(card.column_id);
  const hasMoved = card.date_moved !== cause.dateMoved;
  // It came back into the lane: that is another cause, whose run sets these tags.
  if (lane === cause.lane && hasMoved) return;
  const program = dispatcher.programOf(cause.lane);
  if (program === undefined) return;
  const cameBack =
    hasMoved && ((lane ?? cause.lane) < cause.lane || (await wasDoneAnew(dispatcher, board.ports, record)));
  const change = cameBack ? { add: [], remove: [program.startedTag] } : tagsOf(record, program);
  const target = { board, projectId: dispatcher.projectId, card: { id: card.id, label: labelOf(card) } };
  need(await dispatcher.policies.tags.write({ ...target, atDispatch: undefined, ...change }), "confirm the tags");
}

/** Whether the card has been worked on in this lane or an earlier one since: what the run did may not stand any more. */
async function wasDoneAnew(dispatcher: Dispatcher, ports: Ports, { cause, reference }: RunRecord): Promise<boolean> {
  const { causes } = need(await dispatcher.records.list(ports, scopeOf(reference)), "list the records");
  return causes.some(
    ({ cardId, lane, dateMoved }) => cardId === cause.cardId && lane <= cause.lane && dateMoved > cause.dateMoved,
  );
}

interface TagSets {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

function tagsOf({ status }: RunRecord, { startedTag, completedTag, failedTag }: LaneProgram): TagSets {
  return status === "done"
    ? { add: [completedTag], remove: [startedTag, failedTag] }
    : { add: [failedTag], remove: [startedTag, completedTag] };
}

import type { Ports } from "../../ports/ports.ts";
import type { Board } from "../board/board.ts";
import { lanePrograms, type LaneProgram } from "../decide/lanes.ts";
import { labelOf, scopeOf } from "../decide/reference.ts";
import type { RunRecord } from "../runs/run-record.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";
import type { Memory } from "./memo.ts";

/**
 * Looks at the tags of finished runs once more when every late or repeated write of them must have landed, and mends
 * them: the board takes the last writer's word, also when it comes late. No agent runs.
 *
 * @returns false when board or disk failed: what could not be confirmed is put off
 */
export async function confirmTags(dispatcher: Dispatcher, ports: Ports): Promise<boolean> {
  const nowMs = ports.clock.nowMs();
  let worked = true;
  for (const memory of dispatcher.memo.toConfirm()) {
    if (memory.confirmAfterMs === undefined || memory.confirmAfterMs > nowMs) continue;
    if (!(await confirm(dispatcher, ports, memory))) worked = false;
  }
  return worked;
}

/** Until the first run can be confirmed; undefined when none waits for it. */
export function confirmDelayMs(dispatcher: Dispatcher, ports: Ports): number | undefined {
  const times = dispatcher.memo.toConfirm().map((memory) => memory.confirmAfterMs ?? 0);
  // Never busy: a scope that others hold is asked for again after a while.
  return times.length === 0 ? undefined : Math.max(1_000, Math.min(...times) - ports.clock.nowMs());
}

async function confirm(dispatcher: Dispatcher, ports: Ports, { cause, reference }: Memory): Promise<boolean> {
  const acquired = await dispatcher.claims.acquire(ports, scopeOf(reference));
  if (acquired.kind === "busy") return true;
  const { lease } = acquired;
  try {
    const record = need(await dispatcher.records.load(ports, cause, reference), "read the record");
    if (record?.status === "open") dispatcher.memo.wait(cause, reference, 0);
    else {
      if (record?.confirmAfterMs !== undefined) {
        await mendTags(dispatcher, dispatcher.openBoard(ports, lease), record);
        const { confirmAfterMs: _, ...confirmed } = record;
        lease.require(dispatcher.policies.limits.diskMarginMs);
        need(await dispatcher.records.save(ports, confirmed, lease.generation), "note the confirmation");
      }
      dispatcher.memo.acknowledge(cause, reference, undefined);
    }
    return true;
  } catch (error) {
    if (!(error instanceof RunStop)) throw error;
    dispatcher.memo.acknowledge(cause, reference, ports.clock.nowMs() + dispatcher.policies.limits.settleMs);
    return false;
  } finally {
    await lease.release(ports);
  }
}

async function mendTags(dispatcher: Dispatcher, board: Board, record: RunRecord): Promise<void> {
  const { cause, reference } = record;
  const card = need(await board.getTask({ id: cause.cardId, label: reference }), "read the card");
  if (card === null) return;
  const lane = dispatcher.columns.laneOf(card.column_id);
  // It came back into the lane: that is another cause, whose run sets these tags.
  if (lane === cause.lane && card.date_moved !== cause.dateMoved) return;
  const change = record.status === "done" ? doneTags(cause.lane) : failedTags(cause.lane);
  if (change === undefined) return;
  const target = { board, projectId: dispatcher.projectId, card: { id: card.id, label: labelOf(card) } };
  need(await dispatcher.policies.tags.write({ ...target, atDispatch: undefined, ...change }), "confirm the tags");
}

interface TagSets {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

function doneTags(lane: number): TagSets | undefined {
  const program: LaneProgram | undefined = lanePrograms[lane];
  return program && { add: [program.completedTag], remove: [program.startedTag, program.failedTag] };
}

function failedTags(lane: number): TagSets | undefined {
  const program: LaneProgram | undefined = lanePrograms[lane];
  return program && { add: [program.failedTag], remove: [program.startedTag, program.completedTag] };
}

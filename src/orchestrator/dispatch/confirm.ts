import type { Ports } from "../../ports/ports.ts";
import type { CardRow } from "../board/rows.ts";
import { lanePrograms } from "../decide/lanes.ts";
import { labelOf, referenceOf, scopeOf } from "../decide/reference.ts";
import type { Cause } from "../runs/run-record.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import type { Dispatcher } from "./dispatcher.ts";

/**
 * Looks at the tags of a finished run once more when every late or repeated write of it must have landed, and mends
 * them: the board takes the last writer's word, also when it comes late. No agent runs.
 */
export async function confirmTags(dispatcher: Dispatcher, ports: Ports, card: CardRow): Promise<void> {
  const lane = dispatcher.columns.laneOf(card.column_id);
  const program = lane === undefined ? undefined : lanePrograms[lane];
  if (program === undefined) return;
  const cause = { cardId: card.id, lane: program.lane, dateMoved: card.date_moved };
  const memory = dispatcher.memo.get(cause);
  if (memory?.confirmAfterMs === undefined || ports.clock.nowMs() < memory.confirmAfterMs) return;
  const reference = referenceOf(card);
  const { policies, config, claims } = dispatcher;
  const board = dispatcher.connection.open(ports);
  const request = { ports, scope: scopeOf(reference), claims, board, card, program, ttlMs: config.leaseTtlMs };
  const acquired = await policies.claim.acquire(request);
  if (acquired.kind === "busy") return;
  const { lease } = acquired;
  try {
    const record = need(await dispatcher.records.load(ports, cause, reference), "read the record");
    if (record === undefined || record.status === "open" || record.confirmAfterMs === undefined) {
      settle(dispatcher, cause, record?.status === "open");
      return;
    }
    const guarded = dispatcher.connection.open(ports, lease);
    const handle = { id: card.id, label: labelOf(card) };
    const now = need(await guarded.getTask(handle), "read the card");
    if (now !== null && now.column_id === card.column_id && now.date_moved === card.date_moved) {
      const { startedTag, completedTag, failedTag } = program;
      const [add, absent] = record.status === "done" ? [completedTag, failedTag] : [failedTag, completedTag];
      const change = { board: guarded, projectId: dispatcher.projectId, card: handle, atDispatch: undefined };
      need(await policies.tags.write({ ...change, add: [add], remove: [startedTag, absent] }), "confirm the tags");
    }
    const { confirmAfterMs: _, ...confirmed } = record;
    lease.require(policies.limits.diskMarginMs);
    need(await dispatcher.records.save(ports, confirmed, lease.generation), "note the confirmation");
    dispatcher.memo.acknowledge(cause, undefined);
  } catch (error) {
    if (!(error instanceof RunStop)) throw error;
  } finally {
    await lease.release(ports);
  }
}

function settle(dispatcher: Dispatcher, cause: Cause, open: boolean): void {
  // A record that is open again can only be a corrupt one: let the usual way decide.
  if (open) dispatcher.memo.wait(cause, 0);
  else dispatcher.memo.acknowledge(cause, undefined);
}

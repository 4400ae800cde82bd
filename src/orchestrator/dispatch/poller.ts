import type { Ports } from "../../ports/ports.ts";
import type { CardRow } from "../board/rows.ts";
import { confirmTags } from "./confirm.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { reconcile } from "./reconcile.ts";
import { Tidying } from "./tidy.ts";

/** Lists the board at every interval and brings each card to the dispatcher, until `stop` aborts. */
export async function poll(dispatcher: Dispatcher, ports: Ports, stop: AbortSignal): Promise<void> {
  const intervalMs = dispatcher.config.pollIntervalMs;
  const startMs = ports.clock.monotonicMs();
  let failures = 0;
  let prepared = false;
  const tidying = new Tidying(dispatcher);
  for (let slot = 0; !stop.aborted;) {
    const tick = ports.fork(`tick ${slot}`);
    prepared ||= await prepare(dispatcher, tick);
    const listed = prepared && (await runTick(dispatcher, tick, { stop, tidying }));
    failures = listed ? 0 : failures + 1;
    const elapsedMs = ports.clock.monotonicMs() - startMs;
    const pauseMs = failures === 0 ? 0 : dispatcher.policies.retry.pollDelayMs(tick, failures, intervalMs);
    // Slots that went by during a long tick are left out: a tick is about the board as it is, not about the past.
    slot = Math.max(slot + 1, Math.ceil((elapsedMs + pauseMs) / intervalMs));
    await ports.clock.sleep(Math.max(0, slot * intervalMs - elapsedMs), { key: "poll", signal: stop });
  }
}

async function prepare(dispatcher: Dispatcher, ports: Ports): Promise<boolean> {
  const answer = await dispatcher.prepare(ports);
  if (answer.kind !== "ok") ports.log.event("poll.failed", { reason: answer.reason });
  return answer.kind === "ok";
}

/** @returns false when the board could not be listed */
async function runTick(
  dispatcher: Dispatcher,
  ports: Ports,
  { stop, tidying }: { readonly stop: AbortSignal; readonly tidying: Tidying },
): Promise<boolean> {
  const board = dispatcher.connection.open(ports);
  const listing = await board.getAllTasks(dispatcher.projectId);
  if (listing.kind !== "ok") {
    ports.log.event("poll.failed", { reason: listing.reason });
    return false;
  }
  const cards = listing.value;
  if (cards.some((card) => !dispatcher.columns.knows(card.column_id))) {
    const columns = await dispatcher.readColumns(board);
    if (columns.kind !== "ok") ports.log.event("poll.failed", { reason: columns.reason });
  }
  for (const card of inLaneOrder(dispatcher, cards, ports.clock.nowMs())) {
    if (stop.aborted) return true;
    await dispatcher.consider(ports, card, "poller");
  }
  await reconcile(dispatcher, ports, cards);
  await confirmTags(dispatcher, ports);
  await tidying.run(ports, cards);
  if (dispatcher.memo.size > 2 * cards.length) dispatcher.memo.keepOnly(new Set(cards.map((card) => card.id)));
  return true;
}

/** Only cards that may ask for something; by lane, then by id. */
function inLaneOrder(dispatcher: Dispatcher, cards: readonly CardRow[], nowMs: number): readonly CardRow[] {
  const waiting: { readonly card: CardRow; readonly lane: number }[] = [];
  for (const card of cards) {
    const cheap = dispatcher.cheapAnswer(card, nowMs, "poller");
    if (cheap !== undefined) waiting.push({ card, lane: cheap.program.lane });
  }
  return waiting
    .toSorted((left, right) => left.lane - right.lane || left.card.id - right.card.id)
    .map(({ card }) => card);
}

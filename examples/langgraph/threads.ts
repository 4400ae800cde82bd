import type { Card } from "./board.ts";
import { graph } from "./graph.ts";

/** Runs the graph on the thread of this card. */
export type RunThread = (card: Card) => Promise<void>;

/** At once, whether or not a run on this thread is under way: both begin from the same checkpoint. */
export const runAtOnce: RunThread = async ({ id, title, date_moved }) => {
  const config = { configurable: { thread_id: `card-${id}` } };
  await graph.invoke({ card: id, title, move: date_moved }, config);
};

/** Runs of one thread one after the other, each from the checkpoint that the one before has left. */
export function inTurn(run: RunThread): RunThread {
  const turns = new Map<number, Promise<void>>();
  return (card) => {
    const before = turns.get(card.id) ?? Promise.resolve();
    const turn = before.catch(() => {}).then(() => run(card));
    turns.set(card.id, turn);
    return turn;
  };
}

/** The same orchestrator without its mistake: who looks at a card waits until whoever was there before has done with it. */
import { start } from "./orchestrator.ts";
import { planCard } from "./plan-card.ts";

const turns = new Map<number, Promise<void>>();

start((card, title) => {
  const before = turns.get(card) ?? Promise.resolve();
  const turn = before.catch(() => {}).then(() => planCard(card, title));
  turns.set(card, turn);
  return turn;
});

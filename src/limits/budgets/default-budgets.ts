import type { Budgets } from "./budgets.ts";

/**
 * Generous ones: about what the orchestrator core of this package promises by limits of its own. It holds them in every
 * scenario that is built in.
 */
export const defaultBudgets: Budgets = {
  stepWallMs: 15_000_000,
  traceBytesPerRun: 2_000_000,
  retriesPerCard: 100,
  childrenPerEpic: 50,
  boardCallsPerTick: 5_000,
  boardCallsPerCard: 5_000,
  commentsPerCard: 200,
  modelCallsPerStory: 200,
  moneyPerCardUsd: 20,
};

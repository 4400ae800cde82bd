import { closeCard, RunStop, type FanOut } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** What cannot be finished is put away; that this can fail in the same way is not thought of. */
export const rollbackForgets: Mutant = {
  id: "F31",
  title: "a copy that was not finished is rolled back once, and nobody looks whether that worked",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    spawn: {
      ...policies.spawn,
      adoptCopies: () => Promise.resolve([]),
      async createChild(fanOut, story) {
        try {
          return await policies.spawn.createChild(fanOut, story);
        } catch (error) {
          if (error instanceof RunStop && error.stop.kind === "transient") await rollBack(fanOut);
          throw error;
        }
      },
    },
  }),
};

async function rollBack(fanOut: FanOut): Promise<void> {
  const { run } = fanOut;
  const cards = await run.board.getAllTasks(run.projectId);
  if (cards.kind !== "ok") return;
  for (const card of cards.value.filter(({ id, reference }) => reference === run.reference && id > run.card.id)) {
    try {
      await closeCard(run.board, card, "a copy that was not finished.");
    } catch (error) {
      if (!(error instanceof RunStop)) throw error;
    }
  }
}

import { boardInvariant, type SharedEvidence } from "./evidence.ts";
import type { Invariant } from "./invariant.ts";
import { StoryCards } from "./story-cards.ts";

/** I2. What two processes do to each other is I4's. */
export function storiesKept(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "I2",
    rule: "Every approved story ends with exactly one open card, and no card is made that nothing explains.",
    start: (evidence, report) =>
      new StoryCards(evidence, ({ processes, ...finding }) => {
        if (processes.size < 2) report(finding);
      }),
  });
}

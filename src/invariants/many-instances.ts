import { boardInvariant, type SharedEvidence } from "./evidence.ts";
import type { Invariant } from "./invariant.ts";
import { RunConflicts, type RunConflict } from "./run-conflicts.ts";
import { StoryCards } from "./story-cards.ts";

/** I4: I1 and I2 where two processes or more took part. */
export function manyInstances(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "I4",
    rule: "Several orchestrators together keep to one run for each cause and one card for each story.",
    start(evidence, report) {
      const several = ({ processes, ...finding }: RunConflict): void => {
        if (processes.size >= 2) report(finding);
      };
      const runs = new RunConflicts(evidence, several);
      const stories = new StoryCards(evidence, several);
      return {
        kinds: ["note", "change", "answered"],
        stores: ["board", "model"],
        observe(event) {
          runs.observe(event);
          stories.observe(event);
        },
        finish: () => stories.finish(),
        checked: () => (evidence.runs.instances() < 2 ? 0 : runs.checked() + stories.checked()),
      };
    },
  });
}

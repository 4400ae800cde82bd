import { lanePrograms } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

const doneTags: ReadonlySet<string | undefined> = new Set(lanePrograms.map((program) => program?.completedTag));

/** A warning in the log, and on with the work. What was said to be written is not looked at again. */
export const failedWriteIsIgnored: Mutant = {
  id: "F11",
  title: "tags that could not be written are taken for written",
  scenario: "board-rejects",
  expects: ["V1", "O1"],
  apply: (policies) => ({
    ...policies,
    limits: { ...policies.limits, boardTriesMax: 1 },
    tags: {
      async write(change) {
        // A run that ends well knows the tags that it began with; who looks again does not.
        if (change.atDispatch === undefined && change.add.some((tag) => doneTags.has(tag))) {
          return { kind: "ok", value: change.add };
        }
        const written = await policies.tags.write(change);
        return written.kind === "ok" ? written : { kind: "ok", value: change.atDispatch ?? [] };
      },
    },
  }),
};

import type { Mutant } from "../mutant.ts";
import { tagsDecide } from "./tags-decide.ts";

/** The tag alone says that work is done; the call that should have set it failed, and nobody minded. */
export const completedTagLost: Mutant = {
  id: "F12",
  title: "a completed tag that could not be written is forgotten, and the work is done again",
  scenario: "board-rejects",
  expects: ["I1", "O1"],
  apply: (policies) => ({
    ...policies,
    ...tagsDecide(policies),
    tags: {
      async write(change) {
        const written = await policies.tags.write(change);
        return written.kind === "ok" ? written : { kind: "ok", value: change.atDispatch ?? [] };
      },
    },
  }),
};

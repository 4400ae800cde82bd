import { decide, labelOf } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The tag alone says that work is done; the call that should have set it failed, and nobody minded. */
export const completedTagLost: Mutant = {
  id: "F12",
  title: "a completed tag that could not be written is forgotten, and the work is done again",
  scenario: "board-rejects",
  expects: ["I1", "O1"],
  apply: (policies) => ({
    ...policies,
    admission: { checks: (trigger) => ({ ...policies.admission.checks(trigger), memory: false }) },
    decision: {
      async decide(facts, { board, card }) {
        const { record, program } = facts;
        if (record?.status !== "done" || program === undefined) return decide(facts);
        const tags = await board.getTaskTags({ id: card.id, label: labelOf(card) });
        if (tags.kind !== "ok" || tags.value.includes(program.completedTag)) return decide(facts);
        return { kind: "run", attempt: record.attempts + 1 };
      },
    },
    tags: {
      async write(change) {
        const written = await policies.tags.write(change);
        return written.kind === "ok" ? written : { kind: "ok", value: change.atDispatch ?? [] };
      },
    },
  }),
};

import { decide, labelOf } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Somebody saves a form that was loaded before the agent began, and what the agent did is done again. */
export const tagIsTheRecord: Mutant = {
  id: "F09",
  title: "a form that people save late takes the completed tag along, and the work is done again",
  scenario: "human-mis-click",
  expects: ["I1", "I4"],
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
  }),
};

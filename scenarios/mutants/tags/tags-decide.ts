import { decide, labelOf, type Policies } from "../../../src/index.ts";

/** Work is done only while the completed tag says so: a card that lost it is worked again. */
export function tagsDecide(policies: Policies): Pick<Policies, "admission" | "decision"> {
  return {
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
  };
}

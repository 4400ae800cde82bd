import { decide, labelOf, type Policies } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The completed tag alone says that the work is done; the record only that it was begun. */
function doneIsATag(policies: Policies): Policies {
  return {
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
  };
}

/** People load the card's form before the run ends, and save it, tags and all, when it is over. */
export const formUndoesTheWork: Mutant = {
  id: "F09",
  title: "a form that people save takes the completed tag along, and the work is done again",
  scenario: "human-mis-click",
  expects: ["I1"],
  apply: doneIsATag,
};

/** The call that should have said that the work is done failed, and nobody minded. */
export const completedTagLost: Mutant = {
  id: "F12",
  title: "a completed tag that could not be written is forgotten, and the work is done again",
  scenario: "board-rejects",
  expects: ["I1"],
  apply: (policies) => ({
    ...doneIsATag(policies),
    tags: {
      async write(change) {
        const written = await policies.tags.write(change);
        return written.kind === "ok" ? written : { kind: "ok", value: change.atDispatch ?? [] };
      },
    },
  }),
};

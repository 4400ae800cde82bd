import { openLease } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Between the look at the tags and the tag of one's own lie several calls: two processes both find nothing. */
export const tagAsClaim: Mutant = {
  id: "F01",
  title: "the started tag stands for the claim: check, then act",
  scenario: "concurrent-orchestrators",
  expects: ["I1", "I4", "V1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      async acquire({ board, card, program, scope, ttlMs }) {
        const label = card.reference === "" ? card.title : card.reference;
        const tags = await board.getTaskTags({ id: card.id, label });
        if (tags.kind !== "ok" || tags.value.includes(program.startedTag)) return { kind: "busy" };
        return { kind: "held", lease: openLease(scope, ttlMs) };
      },
    },
  }),
};

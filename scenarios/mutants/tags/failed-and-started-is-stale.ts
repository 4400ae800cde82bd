import { openLease } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** During a retry a card bears both tags, and to every other process that looks like a run that died. */
export const failedAndStartedIsStale: Mutant = {
  id: "F07",
  title: "a card that is tagged as failed and as started is taken for abandoned",
  scenario: "concurrent-orchestrators",
  expects: ["I4", "I1", "V1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      async acquire(request) {
        const { board, card, program, scope, ttlMs } = request;
        const label = card.reference === "" ? card.title : card.reference;
        const tags = await board.getTaskTags({ id: card.id, label });
        const both = [program.startedTag, program.failedTag];
        if (tags.kind === "ok" && both.every((tag) => tags.value.includes(tag))) {
          return { kind: "held", lease: openLease(scope, ttlMs) };
        }
        return policies.claim.acquire(request);
      },
    },
    tags: {
      write(change) {
        const begins = change.add.some((tag) => tag.endsWith("-started"));
        const endsWithout = change.add.length === 0 && change.remove.length === 1;
        if (begins) return policies.tags.write({ ...change, remove: change.remove.filter(isNoFailure) });
        if (!endsWithout) return policies.tags.write(change);
        return policies.tags.write({ ...change, add: change.remove.map((tag) => failedInsteadOf(tag)) });
      },
    },
  }),
};

function isNoFailure(tag: string): boolean {
  return !tag.endsWith("-failed");
}

/** An attempt that will be repeated shows as a failure until then. */
function failedInsteadOf(startedTag: string): string {
  return startedTag.replace(/-started$/, "-failed");
}

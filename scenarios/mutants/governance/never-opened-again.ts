import type { Mutant } from "../mutant.ts";

/** There is a way to open what was approved, and nothing that calls it. */
export const neverOpenedAgain: Mutant = {
  id: "F61",
  title: "an approved file stays locked when people move its card back",
  scenario: "timeouts",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    approval: { ...policies.approval, unlock: () => Promise.resolve({ kind: "ok", value: undefined }) },
  }),
};

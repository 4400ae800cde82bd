import type { Mutant } from "../mutant.ts";

/** Nothing at all and a polite refusal are texts like others; what they are approved as is locked. */
export const anythingIsAnAnswer: Mutant = {
  id: "F79",
  title: "empty and apologetic answers are taken for what was asked for",
  scenario: "provider-outage",
  expects: ["V1", "O1"],
  apply: (policies) => ({
    ...policies,
    answers: {
      ...policies.answers,
      checkDocument: (text) => ({ kind: "ok", text }),
      checkTests: (text) => ({ kind: "ok", text }),
      checkSource: (text) => ({ kind: "ok", text }),
    },
  }),
};

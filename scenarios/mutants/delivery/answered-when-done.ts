import type { Mutant } from "../mutant.ts";

/** The board waits for the answer inside the call that caused the event, and the agent waits for that call. */
export const answeredWhenDone: Mutant = {
  id: "F17",
  title: "a webhook is answered when its work is done, while the board holds up the agent's own calls for it",
  scenario: "duplicate-webhooks",
  expects: ["V1", "C1"],
  apply: (policies) => ({ ...policies, webhooks: { answers: "when done" } }),
};

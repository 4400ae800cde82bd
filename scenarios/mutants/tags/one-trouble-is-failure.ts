import type { Mutant } from "../mutant.ts";

/** A lost answer heals by itself; a person who is called for each of them does not come any more. */
export const oneTroubleIsFailure: Mutant = {
  id: "F06b",
  title: "a cause that met with trouble once has failed",
  scenario: "timeouts",
  expects: ["V1"],
  apply: (policies) => ({ ...policies, limits: { ...policies.limits, attemptsPerCauseMax: 1 } }),
};

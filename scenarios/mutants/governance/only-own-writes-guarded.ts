import type { Mutant } from "../mutant.ts";

/** Coding tools, test runs and people write as they like, and what they changed is built on. */
export const onlyOwnWritesGuarded: Mutant = {
  id: "F52",
  title: "only the agents' own writes are held to the ratchet; nobody compares what stands on disk",
  scenario: "timeouts",
  expects: ["G1", "G2", "V1"],
  apply: (policies) => ({ ...policies, ratchet: { ...policies.ratchet, isIntact: () => true } }),
};

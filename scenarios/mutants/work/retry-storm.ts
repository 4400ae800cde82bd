import type { Mutant } from "../mutant.ts";

/** What fails is begun again at once, and for as long as it fails: each time somebody pays for it. */
export const retryStorm: Mutant = {
  id: "F65",
  title: "what failed is tried again at once, without a limit",
  scenario: "malformed-cli-output",
  expects: ["C1", "L2", "L3"],
  apply: (policies) => ({
    ...policies,
    limits: { ...policies.limits, attemptsPerCauseMax: 1_000, modelTriesMax: 1_000, ralphIterationsMax: 1_000 },
    retry: { ...policies.retry, runDelayMs: () => 0, modelDelayMs: () => 0 },
  }),
};

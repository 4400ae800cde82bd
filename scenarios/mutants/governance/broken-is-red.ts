import type { Mutant } from "../mutant.ts";

/** No test runner, no tests collected, a crash of the runner: to the coder it is all the same, and each fix is paid. */
export const brokenIsRed: Mutant = {
  id: "F59",
  title: "a test environment that is broken counts as red tests, which the coder is asked to mend",
  scenario: "malformed-cli-output",
  expects: ["C1", "V1"],
  apply: (policies) => ({
    ...policies,
    tests: { ...policies.tests, verdict: (code) => (code === 0 ? "green" : "red") },
  }),
};

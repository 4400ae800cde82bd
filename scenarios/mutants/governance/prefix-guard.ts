import type { Mutant } from "../mutant.ts";

/** A file that steers all tests from outside their folder is none of them. */
export const prefixGuard: Mutant = {
  id: "F55",
  title: "only files whose names begin like a test's are kept out of a test run",
  scenario: "coder-edits-tests",
  expects: ["G1", "G2"],
  apply: (policies) => ({ ...policies, tests: { ...policies.tests, isSteering: (name) => name.startsWith("test") } }),
};

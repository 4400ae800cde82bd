import type { Mutant } from "../mutant.ts";

/** A program that ended before it had run anything ends well. */
export const exitCodeIsGreen: Mutant = {
  id: "F59b",
  title: "a test run that ends with code 0 is green, whatever it says",
  scenario: "malformed-cli-output",
  expects: ["G2", "O1", "V1"],
  apply: (policies) => ({
    ...policies,
    tests: {
      ...policies.tests,
      verdict: (code, output) => (code === 0 ? "green" : policies.tests.verdict(code, output)),
    },
  }),
};

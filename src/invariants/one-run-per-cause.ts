import { boardInvariant, type SharedEvidence } from "./evidence.ts";
import type { Invariant } from "./invariant.ts";
import { RunConflicts } from "./run-conflicts.ts";

/** I1. What two processes do to each other is I4's. */
export function oneRunPerCause(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "I1",
    rule: "No run of a cause begins while another may still be live, nor after one was acknowledged.",
    start: (evidence, report) =>
      new RunConflicts(evidence, ({ processes, ...finding }) => {
        if (processes.size < 2) report(finding);
      }),
  });
}

import type { ReviewEvidence } from "../evidence.ts";
import { severities } from "../severity.ts";
import type { PassBarResult } from "../pass-bar/pass-bar.ts";
import type { Standing } from "../standing/standing.ts";
import { counterexampleFindings } from "./counterexample-findings.ts";
import type { ReviewFinding } from "./finding.ts";
import { gapFindings } from "./gap-findings.ts";
import { habitFindings } from "./habit-findings.ts";

/** All that is wrong or unknown: by severity, then in the order of where it comes from. */
export function findingsOf(
  evidence: ReviewEvidence,
  standings: readonly Standing[],
  passBar: readonly PassBarResult[],
): ReviewFinding[] {
  const found = [
    ...counterexampleFindings(evidence, standings),
    ...habitFindings(evidence),
    ...gapFindings(evidence, standings, passBar),
  ];
  return severities.flatMap((severity) => found.filter((finding) => finding.severity === severity));
}

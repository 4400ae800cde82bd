import type { ReviewEvidence } from "./evidence.ts";
import { findingsOf } from "./findings/findings.ts";
import type { ReviewFinding } from "./findings/finding.ts";
import { passBarOf, type PassBarResult } from "./pass-bar/pass-bar.ts";
import { standingsOf, type Standing } from "./standing/standing.ts";
import { verdictOf, type ReviewVerdict } from "./verdict.ts";

/** What the evidence says of a release. */
export interface Review {
  readonly evidence: ReviewEvidence;
  readonly verdict: ReviewVerdict;
  readonly findings: readonly ReviewFinding[];
  readonly standings: readonly Standing[];
  readonly passBar: readonly PassBarResult[];
}

/** A pure function: the same evidence, the same review. */
export function reviewOf(evidence: ReviewEvidence): Review {
  const standings = standingsOf(evidence);
  const passBar = passBarOf(evidence, standings);
  const findings = findingsOf(evidence, standings, passBar);
  return { evidence, findings, standings, passBar, verdict: verdictOf({ evidence, findings, standings, passBar }) };
}

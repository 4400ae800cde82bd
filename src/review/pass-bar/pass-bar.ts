import { counted } from "../../report/campaign-page/words.ts";
import { counterexamplesOf } from "../counterexamples.ts";
import type { Counterexample, ReviewEvidence } from "../evidence.ts";
import type { Standing } from "../standing/standing.ts";
import { brokenRuleOfLimit, passBarRules, type PassBarRule, type PassBarRuleId } from "./pass-bar-rules.ts";

/** How a rule of the pass bar came out. */
export interface PassBarResult {
  readonly rule: PassBarRuleId;
  readonly title: string;
  /** `not checked`: nothing that was looked at could have shown it broken. */
  readonly state: "holds" | "broken" | "not checked";
  /** What was looked at, in words. */
  readonly lookedAt: readonly string[];
  /** What broke it, by signature. */
  readonly brokenBy: readonly string[];
}

export function passBarOf(evidence: ReviewEvidence, standings: readonly Standing[]): PassBarResult[] {
  return passBarRules.map((rule) => resultOf(rule, evidence, standings));
}

function resultOf(rule: PassBarRule, evidence: ReviewEvidence, standings: readonly Standing[]): PassBarResult {
  const counterexamples = counterexamplesOf(evidence).filter((each) => rule.breaks(each, isBuiltIn(each, standings)));
  const footGuns = (evidence.footGuns?.found ?? []).filter(({ kind }) => rule.footGuns.includes(kind));
  const loads = (evidence.limits?.findings ?? []).filter((finding) => brokenRuleOfLimit(finding) === rule);
  const lookedAt = lookedAtFor(rule, evidence, standings);
  const brokenBy = [
    ...new Set([
      ...counterexamples.map(wordsOf),
      ...footGuns.map(({ title, place }) => `${title}: ${place}`),
      ...loads.map(({ title }) => title),
    ]),
  ];
  const state = brokenBy.length > 0 ? "broken" : lookedAt.length === 0 ? "not checked" : "holds";
  return { rule: rule.id, title: rule.title, state, lookedAt, brokenBy };
}

function wordsOf({ scenario, signature }: Counterexample): string {
  return `${signature} (${scenario})`;
}

export function isBuiltIn({ invariant }: Counterexample, standings: readonly Standing[]): boolean {
  return standings.find((standing) => standing.invariant === invariant)?.isBuiltIn ?? false;
}

function lookedAtFor(
  { id, invariants, footGuns, limits }: PassBarRule,
  { scenarios, footGuns: seen, limits: tried }: ReviewEvidence,
  standings: readonly Standing[],
): string[] {
  const runs = scenarios.reduce((sum, each) => sum + each.runs, 0);
  if (id === "nothing-real" && runs > 0) {
    return [`guards before Node's sockets, programs, files and clocks in ${counted(runs, "run")}`];
  }
  const triedLimits = new Set((tried?.limits ?? []).map(({ limit }) => limit));
  return [
    ...standings
      .filter((standing) => standing.isBuiltIn && invariants.includes(standing.invariant) && standing.runs > 0)
      .map((standing) => `${standing.invariant} in ${counted(standing.runs, "run")}`),
    ...(footGuns.length === 0 || seen === undefined || seen.runs === 0
      ? []
      : [`the detectors of loops in ${counted(seen.runs, "recorded run")}`]),
    ...limits.filter((limit) => triedLimits.has(limit)).map((limit) => `both sides of ${limit}`),
  ];
}

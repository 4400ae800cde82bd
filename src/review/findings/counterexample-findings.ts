import { budgetOfInvariant } from "../../limits/budgets/budgets.ts";
import { counted } from "../../report/campaign-page/words.ts";
import { counterexamplesOf } from "../counterexamples.ts";
import type { Counterexample, ReviewEvidence } from "../evidence.ts";
import { isBuiltIn } from "../pass-bar/pass-bar.ts";
import { brokenRuleOf } from "../pass-bar/pass-bar-rules.ts";
import { severityOf } from "../severity.ts";
import type { Standing } from "../standing/standing.ts";
import type { ReviewFinding } from "./finding.ts";
import { builtInInvariants, type InvariantWords } from "./invariant-words.ts";

/** One finding for each invariant that is broken, in each way that weighs differently; the first counterexample stands for all. */
export function counterexampleFindings(evidence: ReviewEvidence, standings: readonly Standing[]): ReviewFinding[] {
  const groups = new Map<string, Counterexample[]>();
  for (const each of counterexamplesOf(evidence)) {
    const own = isBuiltIn(each, standings);
    const key = [severityOf(each, own), each.kind, each.invariant, brokenRuleOf(each, own)?.id ?? ""].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => findingOf(group, standings));
}

function findingOf(group: readonly Counterexample[], standings: readonly Standing[]): ReviewFinding {
  const first = group[0]!;
  const standing = standings.find(({ invariant }) => invariant === first.invariant);
  const own = standing?.isBuiltIn ?? false;
  const rule = brokenRuleOf(first, own);
  const words = (own ? builtInInvariants[first.invariant] : undefined) ?? wordsFor(first, standing);
  return {
    title: `${titleOf(first)}${rule === undefined ? "" : `; the pass bar's rule "${rule.title}" is broken`}`,
    severity: severityOf(first, own),
    ...words,
    evidence: evidenceOf(group),
    replayCommand: first.replayCommand,
    test:
      first.reproFile === undefined
        ? `stormlane run ${first.scenario}, with this seed among those that it runs on each change`
        : `keep ${first.reproFile} in reports/corpus, where it is replayed on each change; it fails until this is mended`,
    invariants: first.kind === "violated" ? [first.invariant] : [],
    hinders: "release",
  };
}

function titleOf({ kind, invariant, signature }: Counterexample): string {
  const place = signature.startsWith(`${invariant}: `) ? signature.slice(invariant.length + 2) : signature;
  switch (kind) {
    case "violated":
      return budgetOfInvariant(invariant) === undefined
        ? `${invariant} is broken at ${place}`
        : `A budget is exceeded: ${signature}`;
    case "nondeterminism":
      return `A run is not a function of its case: ${signature.replace(/^nondeterminism: /, "")}`;
    case "livelock":
      return "A run never comes back";
    case "died":
      return "A run takes its worker down";
    case "broken":
      return "A run asks for what nobody has modelled, or breaks down";
  }
}

/** Of what the core's own words do not speak of. */
function wordsFor({ kind, scenario, message }: Counterexample, standing: Standing | undefined): InvariantWords {
  const component = `the system of ${scenario}`;
  switch (kind) {
    case "violated":
      return {
        category: standing === undefined ? "budget" : "other",
        component,
        failureMode:
          standing === undefined ? "a run takes more than was planned for it" : `against the rule: ${standing.rule}`,
        leastFix: "replay it, and look at the last steps before it shows: what was not there yet, or there twice",
      };
    case "nondeterminism":
      return {
        category: "determinism",
        component,
        failureMode: "something decides that is not in the case, so that no failure can be shown again",
        leastFix: "ask the ports for time, chance, network, files and programs, as the message says",
      };
    case "livelock":
      return {
        category: "limits",
        component,
        failureMode: "code goes round without waiting for anything",
        leastFix: "give the loop a bound, and let it wait between two rounds",
      };
    case "died":
    case "broken":
      return {
        category: "other",
        component,
        failureMode: message,
        leastFix: "replay it and read the stack; what a fake does not model is added to it, or not asked for",
      };
  }
}

function evidenceOf(group: readonly Counterexample[]): string {
  const first = group[0]!;
  const needs = [
    ...first.faults,
    ...(first.preemptions > 0 ? [`${counted(first.preemptions, "step")} held back`] : []),
    ...(first.delays > 0 ? [counted(first.delays, "delay")] : []),
  ];
  const others = group.length - 1;
  return [
    first.message,
    `${first.scenario}, ${first.foundBy}; ${counted(first.runs, "run")} failed so.`,
    needs.length === 0 ? "Nothing needs to go wrong for it." : `It takes: ${needs.join("; ")}.`,
    ...(others === 0 ? [] : [`And ${counted(others, "more failure")} of this rule: ${placesOf(group.slice(1))}.`]),
  ].join(" ");
}

function placesOf(others: readonly Counterexample[]): string {
  const places = others.slice(0, placesMax).map(({ signature, scenario }) => `${signature} (${scenario})`);
  return [...places, ...(others.length > placesMax ? ["…"] : [])].join(", ");
}

const placesMax = 3;

import { counted } from "../../report/campaign-page/words.ts";
import type { DegradedCondition } from "../degraded/degraded-condition.ts";
import { isPromised } from "../counterexamples.ts";
import type { ReviewEvidence, SystemUnderReview } from "../evidence.ts";
import type { FootGun } from "../foot-guns/foot-gun.ts";
import type { LimitFinding } from "../../limits/report.ts";
import { brokenRuleOfLimit } from "../pass-bar/pass-bar-rules.ts";
import type { ReviewFinding } from "./finding.ts";

/** What works until load, or a bad day, makes it dangerous. */
export function habitFindings(evidence: ReviewEvidence): ReviewFinding[] {
  const { footGuns, limits, degraded = [], system } = evidence;
  return [
    ...degraded.flatMap((condition) => degradedFindings(condition, evidence)),
    ...(limits?.findings ?? []).map(limitFinding),
    ...(footGuns?.found ?? []).map((each) => footGunFinding(each, footGuns!.runs, system)),
  ];
}

function footGunFinding(
  { kind, title, place, runs, evidence, worst, leastFix }: FootGun,
  looked: number,
  system: SystemUnderReview,
): ReviewFinding {
  const isLoop = kind === "unbounded-loop";
  const [first] = evidence;
  return {
    title,
    severity: isLoop ? "P0" : "P3",
    category: "habit",
    component: place,
    failureMode: worst,
    evidence: `In ${counted(runs, "run")} of ${looked}${first === undefined ? "" : `; worst in ${first.scenario}, seed ${first.seed}, ${first.count} times`}.`,
    replayCommand: first === undefined ? undefined : replayOf(system, first),
    leastFix,
    test: "a budget for what it takes, in the config: runs that exceed it fail",
    invariants: [],
    hinders: isLoop ? "release" : "nothing",
  };
}

function replayOf(
  { program, strategy, mutant }: SystemUnderReview,
  { scenario, seed }: { readonly scenario: string; readonly seed: number },
): string {
  const flags = [
    ...(strategy === "portfolio" ? [] : [`--strategy ${strategy}`]),
    ...(mutant === undefined ? [] : [`--mutant ${mutant}`]),
  ];
  return [`${program} replay ${scenario}:${seed}`, ...flags].join(" ");
}

function limitFinding(finding: LimitFinding): ReviewFinding {
  const { kind, title, of, why, evidence, command } = finding;
  const rule = brokenRuleOfLimit(finding);
  const isLimit = kind.endsWith("-limit");
  return {
    title: `${title}${rule === undefined ? "" : `; the pass bar's rule "${rule.title}" is broken`}`,
    severity: rule === undefined ? "P2" : "P0",
    category: isLimit ? "limits" : "load",
    component: isLimit ? `the limit ${of}` : `the ramp ${of}`,
    failureMode: why,
    evidence,
    replayCommand: command,
    leastFix: isLimit
      ? "hold it where the next one would begin, over the whole life of the card, and say when it is reached"
      : "ask for many at once, keep what does not change, and hold back what comes too fast",
    test: `${command}, among what runs each night`,
    invariants: [],
    hinders: rule === undefined ? "conditions" : "release",
  };
}

function degradedFindings(condition: DegradedCondition, evidence: ReviewEvidence): ReviewFinding[] {
  const { title, runs, neverRecovered } = condition;
  const common = {
    severity: "P2",
    category: "degradation",
    component: `the condition ${condition.condition}`,
    replayCommand: undefined,
    invariants: [],
    hinders: "conditions",
  } as const;
  // What the scenarios say that the system bears is a counterexample like any other.
  const lost = condition.lost.filter((each) => !isPromised(condition, each, evidence));
  const [first] = lost;
  return [
    ...(first === undefined
      ? []
      : [
          {
            ...common,
            title: `${title}: ${first.invariant} is broken, and no scenario promises that it holds then`,
            failureMode: "work is lost or done twice on a bad day",
            evidence: `${first.message} (${first.scenario}, seed ${first.seed}; ${counted(lost.length, "run")})`,
            leastFix: "keep what is not done yet in a durable record, and go on from it when the condition is over",
            test: "this family of faults in the scenario: a run that breaks it then fails",
          },
        ]),
    ...(neverRecovered === 0
      ? []
      : [
          {
            ...common,
            title: `${title}: not all runs recover`,
            failureMode: "less is done than without it, also when it is long over",
            evidence: `${counted(neverRecovered, "run")} of ${runs} did not get to where they would have come.`,
            leastFix: "try again after the condition is over, without people",
            test: "a goal (`sometimes`), or an invariant at the end of the run, that all work is done",
          },
        ]),
  ];
}

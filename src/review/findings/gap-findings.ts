import { counted, percent } from "../../report/campaign-page/words.ts";
import type { CoverageGap } from "../coverage/module-coverage.ts";
import type { ReviewEvidence, ScenarioEvidence } from "../evidence.ts";
import type { PassBarResult } from "../pass-bar/pass-bar.ts";
import type { Standing } from "../standing/standing.ts";
import type { ReviewFinding } from "./finding.ts";

/** More runs than this share came to a bound: what must happen in the end was not judged often enough. */
const cutOffShareMax = 0.01;

/** What nobody has looked at, or cannot see. */
export function gapFindings(
  evidence: ReviewEvidence,
  standings: readonly Standing[],
  passBar: readonly PassBarResult[],
): ReviewFinding[] {
  const { generalRules = [] } = evidence.system;
  const isUnknown = evidence.system.generalRules !== undefined;
  const isAskedFor = ({ invariant }: Standing): boolean => !generalRules.includes(invariant);
  return [
    ...evidence.scenarios.flatMap(cutOffFinding),
    ...unseenMutants(evidence),
    ...notExercised(standings.filter(({ reason }) => reason === "not exercised").filter(isAskedFor)),
    ...notApplicable(standings, generalRules),
    ...passBar
      .filter(({ state }) => state === "not checked")
      .map((result) => (isUnknown ? notCheckedOfUnknown(result) : notChecked(result))),
    ...evidence.scenarios.flatMap(missedGoals),
    ...unusableFiles(evidence),
    ...moduleGaps(evidence),
    ...untriedJudges(evidence, standings),
    ...heavyTests(evidence),
  ];
}

function notExercised(standings: readonly Standing[]): ReviewFinding[] {
  const ids = standings.map(({ invariant }) => invariant);
  if (ids.length === 0) return [];
  const scenarios = [...new Set(standings.flatMap(({ silentIn }) => silentIn))];
  return [
    {
      title: ids.length === 1 ? `${ids[0]} was never judged` : `${ids.length} invariants were never judged`,
      severity: "P3",
      category: "coverage",
      component: `${scenarios.length === 1 ? "the scenario" : "the scenarios"} ${scenarios.join(", ")}`,
      failureMode: "nobody knows whether they hold",
      evidence: `No run had anything to judge for ${ids.join(", ")}.`,
      replayCommand: undefined,
      leastFix: "run more seeds, or add a scenario in which there is something to judge",
      test: "a scenario with a goal (`sometimes`) for what is judged: the campaign fails while it is never reached",
      invariants: ids,
      hinders: "conditions",
    },
  ];
}

/** A rule that any system is held to says nothing of one that never does what it speaks of. All of them together should. */
function notApplicable(standings: readonly Standing[], generalRules: readonly string[]): ReviewFinding[] {
  const general = standings.filter(({ invariant }) => generalRules.includes(invariant));
  const silent = general.filter(({ reason }) => reason === "not exercised");
  const isBlind = silent.length === general.length;
  return silent.map(({ invariant, rule, silentIn }) => ({
    title: isBlind ? `${invariant} was never judged` : `${invariant} does not apply, as far as was seen`,
    severity: "P3",
    category: "coverage",
    component: `the system of ${silentIn.join(", ")}`,
    failureMode: isBlind ? "nobody knows whether it holds" : "none, unless it is meant to do what the rule speaks of",
    evidence: `In no run did the system do what the rule speaks of. ${rule}`,
    replayCommand: undefined,
    leastFix: "more seeds or a longer run, or columns of the board and answers of the model that lead there",
    test: "a scenario of your own around the same files, in which it does",
    invariants: [invariant],
    hinders: isBlind ? "conditions" : "nothing",
  }));
}

/** A scenario of a user's own can have an invariant for it; what is run without one cannot. */
function notCheckedOfUnknown(result: PassBarResult): ReviewFinding {
  return {
    ...notChecked(result),
    component: "the system",
    evidence: "No rule that any system can be held to speaks of it.",
    leastFix: "judge it by an invariant, in a scenario of your own around the same files",
  };
}

function notChecked({ title }: PassBarResult): ReviewFinding {
  return {
    title: `The pass bar's rule "${title}" was not checked`,
    severity: "P3",
    category: "coverage",
    component: "the scenarios",
    failureMode: "nothing that was looked at would have shown it broken",
    evidence: "No invariant of these scenarios speaks of it.",
    replayCommand: undefined,
    leastFix: "add an invariant that judges it, or the core's own, where the system works a board like the core's",
    test: "the invariant, in a scenario that exercises it",
    invariants: [],
    hinders: "conditions",
  };
}

function missedGoals({ name, runs, goalsMissed, counterexamples }: ScenarioEvidence): ReviewFinding[] {
  // A search that ended at a failure has not had its chance.
  if (goalsMissed.length === 0 || counterexamples.length > 0) return [];
  return [
    {
      title: `${counted(goalsMissed.length, "goal")} of ${name} ${goalsMissed.length === 1 ? "was" : "were"} never reached`,
      severity: "P3",
      category: "coverage",
      component: `the scenario ${name}`,
      failureMode: "the runs prove less than the scenario says",
      evidence: `In ${counted(runs, "run")} never: ${goalsMissed.join("; ")}.`,
      replayCommand: undefined,
      leastFix: "run more seeds, or widen the scenario",
      test: "the same campaign with more seeds: it fails while a goal is not reached",
      invariants: [],
      hinders: "conditions",
    },
  ];
}

function cutOffFinding({ name, runs, runsCutOff }: ScenarioEvidence): ReviewFinding[] {
  if (runsCutOff <= runs * cutOffShareMax) return [];
  return [
    {
      title: `Runs of ${name} come to a bound before their end`,
      severity: "P2",
      category: "coverage",
      component: `the scenario ${name}`,
      failureMode: "what must happen in the end was not judged",
      evidence: `${counted(runsCutOff, "run")} of ${runs} (${percent(runsCutOff / runs)}) reached a bound.`,
      replayCommand: undefined,
      leastFix: "raise the bounds of the scenario, or find out why the system does not come to rest",
      test: "the same campaign: it fails while more than 1 % of the runs reach a bound",
      invariants: [],
      hinders: "conditions",
    },
  ];
}

function unseenMutants({ kept }: ReviewEvidence): ReviewFinding[] {
  return kept.mutants
    .filter(({ caughtBy }) => caughtBy === undefined)
    .map(({ id, title, scenario, signature }) => ({
      title: `Nobody notices the known bug ${id}`,
      severity: "P2",
      category: "tests",
      component: `the scenario ${scenario}`,
      failureMode: `a release in which ${title} would pass`,
      evidence: `Its kept case ends with: ${signature}.`,
      replayCommand: undefined,
      leastFix: "search it anew, and keep the case that is found; or find out which judge has gone blind",
      test: `stormlane run --mutant ${id}`,
      invariants: [],
      hinders: "conditions",
    }));
}

function unusableFiles({ kept: { folder, unusable } }: ReviewEvidence): ReviewFinding[] {
  if (unusable.length === 0) return [];
  return [
    {
      title: `${counted(unusable.length, "kept case")} cannot be run`,
      severity: "P3",
      category: "tests",
      component: `the folder ${folder ?? ""}`,
      failureMode: "what was mended once may break again unseen",
      evidence: unusable.join("; "),
      replayCommand: undefined,
      leastFix: "find the failures again from their seeds, or remove the files",
      test: "stormlane replay of each of them, on each change",
      invariants: [],
      hinders: "conditions",
    },
  ];
}

function moduleGaps({ modules = [] }: ReviewEvidence): ReviewFinding[] {
  const gaps = modules.filter((each) => each.gaps.length > 0);
  if (gaps.length === 0) return [];
  const kinds = Object.entries(gapWords).flatMap(([gap, words]) => {
    const named = gaps.filter((each) => each.gaps.some((own) => own === gap)).map(({ module }) => module);
    return named.length === 0 ? [] : [`${words}: ${named.join(", ")}`];
  });
  return [
    {
      title: `${counted(gaps.length, "module")} with gaps`,
      severity: "P3",
      category: "coverage",
      component: `${gaps.length} of ${counted(modules.length, "module")}`,
      failureMode: "a fault there may go unseen",
      evidence: `${kinds.join("; ")}.`,
      replayCommand: undefined,
      leastFix: "a scenario that runs it, an invariant that judges it then, or a mutant that breaks it",
      test: "a mutant of the module, with the scenario that finds it",
      invariants: [],
      hinders: "nothing",
    },
  ];
}

const gapWords: Readonly<Record<CoverageGap, string>> = {
  "never-run": "no scenario runs",
  "no-invariant": "nobody judges what is done by",
  "no-mutant": "no known bug has been put into",
};

/** A judge that has never found anything may be blind. */
function untriedJudges({ kept }: ReviewEvidence, standings: readonly Standing[]): ReviewFinding[] {
  const untried = standings.filter(({ mutants, isBuiltIn }) => isBuiltIn && mutants.length === 0);
  // Where no known bugs were put in, nothing is known of any judge.
  if (kept.mutants.length === 0 || untried.length === 0) return [];
  const ids = untried.map(({ invariant }) => invariant);
  return [
    {
      title: `No known bug breaks ${ids.join(", ")} first`,
      severity: "P3",
      category: "tests",
      component: "the catalogue of mutants",
      failureMode: "a judge that has gone blind would not be noticed by the kept cases",
      evidence: `${counted(kept.mutants.length, "known bug")} of ${kept.folder ?? ""}, and none is caught by these.`,
      replayCommand: undefined,
      leastFix: "a mutant that breaks nothing else",
      test: "its kept case",
      invariants: ids,
      hinders: "nothing",
    },
  ];
}

const testsMax = 5;

function heavyTests({ tests }: ReviewEvidence): ReviewFinding[] {
  if (tests === undefined || tests.heavy.length === 0) return [];
  return [
    {
      title: `${counted(tests.heavy.length, "heavy test")} outside the integration lane`,
      severity: "P3",
      category: "tests",
      component: "the test suite",
      failureMode: "people wait, and run the tests less often",
      evidence: tests.heavy
        .slice(0, testsMax)
        .map(({ title }) => title)
        .join("; "),
      replayCommand: undefined,
      leastFix: "make them smaller, or move them to the lane for slow tests",
      test: "the list of slow tests of this brief",
      invariants: [],
      hinders: "nothing",
    },
  ];
}

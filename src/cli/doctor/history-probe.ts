import { Explorer, type StrategyName } from "../../explore/explorer.ts";
import { installGuards } from "../../kernel/guards.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { signatureOf } from "../../sim/outcome.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { loadCatalogue } from "../catalogue.ts";

/** What to run somewhere else. Plain data: it crosses threads and processes. */
export interface ProbeOrder {
  readonly catalogueUrl: string;
  readonly strategy: StrategyName;
  readonly cases: readonly ProbeCase[];
  /** Whole histories, to find where two part. */
  readonly withLines: boolean;
}

export interface ProbeCase {
  readonly scenario: string;
  readonly seed: number;
}

export interface ProbedRun {
  readonly signature: string;
  readonly historyHash: string;
  readonly lines?: readonly string[];
}

/** Runs the cases in this thread. @returns one run for each case, in order */
export async function probeHistories(order: ProbeOrder): Promise<readonly ProbedRun[]> {
  const catalogue = await loadCatalogue(new URL(order.catalogueUrl));
  installGuards();
  const subjects = new Map<string, Subject>();
  const subjectOf = (name: string): Subject => {
    const known = subjects.get(name);
    if (known !== undefined) return known;
    const scenario = catalogue.scenarioWith(name, {});
    const subject = { scenario, explorer: new Explorer(scenario, order.strategy, runCaseNow) };
    subjects.set(name, subject);
    return subject;
  };
  const runs: ProbedRun[] = [];
  for (const { scenario, seed } of order.cases) {
    runs.push(await inMacrotask(() => probe(subjectOf(scenario), seed, order)));
  }
  return runs;
}

interface Subject {
  readonly scenario: Scenario;
  readonly explorer: Explorer;
}

function probe({ scenario, explorer }: Subject, seed: number, { withLines }: ProbeOrder): ProbedRun {
  const plan = explorer.plan(seed);
  const { history, verdict } = runCaseNow(scenario, plan.case, plan.exploration);
  const run = { signature: signatureOf(verdict), historyHash: history.hash() };
  return withLines ? { ...run, lines: [...history.lines()] } : run;
}

import { fullExplanationLines } from "../explain/explanation-lines.ts";
import type { Explanation } from "../explain/explanation.ts";
import { nearestHolding } from "../explain/nearest-holding.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { viewerPage } from "../report/viewer/viewer-page.ts";
import type { Outcome } from "../sim/outcome.ts";
import { runCaseNow } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { ownVersion } from "./own-package.ts";
import type { ReplayResult } from "./replay-result.ts";
import type { Repro } from "./repro-file.ts";

export interface ReplayViewerInput {
  readonly scenario: Scenario;
  readonly repro: Repro;
  readonly outcome: Outcome;
  readonly result: ReplayResult;
  readonly replayCommand: string;
  /** As told on a terminal, without colours. */
  readonly story: readonly string[];
  readonly explanation?: Explanation | undefined;
}

/** The viewer of a replayed run, beside the nearest run that holds. @returns the text of an HTML file */
export async function replayViewer(input: ReplayViewerInput): Promise<string> {
  const { scenario, repro, outcome, result, replayCommand, story, explanation } = input;
  const { verdict, history } = outcome;
  const neighbour =
    verdict.kind === "violated"
      ? await inMacrotask(() => nearestHolding(repro.case, history.events, { scenario, runCase: runCaseNow }))
      : undefined;
  const { seed } = repro.foundBy;
  return viewerPage({
    title: `${scenario.name}, seed ${seed}${repro.mutant === undefined ? "" : `, mutant ${repro.mutant}`}`,
    version: ownVersion(),
    case: outcome.realised(),
    events: history.events,
    ...(verdict.kind === "violated" ? { violation: verdict.violation } : {}),
    verdictText: result.text,
    replayCommand,
    story,
    ...(explanation === undefined ? {} : { explanation: fullExplanationLines(explanation) }),
    ...(neighbour === undefined ? {} : { neighbour }),
  });
}

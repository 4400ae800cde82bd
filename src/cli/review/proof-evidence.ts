import { join } from "node:path";
import type { Enumeration, Proof } from "../../explore/exhaustive/prove.ts";
import { failureOf } from "../../campaign/failure.ts";
import { UntoldTouch } from "../../kernel/kernel.ts";
import { budgetOfInvariant } from "../../limits/budgets/budgets.ts";
import type { ProofEvidence } from "../../review/evidence.ts";
import { signatureOf } from "../../sim/outcome.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { exhaustiveStrategy } from "../exhaustive-settings.ts";
import { boundsText, reasonText } from "../exhaustive-summary.ts";
import { buildScenario } from "../find-scenario.ts";
import { ownVersion, replayCommand } from "../own-package.ts";
import { killsMaxOf, proofProgressLine, proveInSlices } from "../prove-in-slices.ts";
import { writeRepro } from "../repro-file.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";
import { factsOfCase } from "./counterexample.ts";
import { provableNames } from "./review-settings.ts";

const enumeration: Enumeration = { kind: "source-sets" };

/** Runs every schedule of each small scenario of the system. */
export async function proofEvidence(options: EvidenceOptions): Promise<ProofEvidence[]> {
  const { run } = options.settings;
  const names = provableNames(
    run.catalogue,
    run.scenarios.map(({ scenario }) => scenario.name),
  );
  const proofs: ProofEvidence[] = [];
  for (const name of names) {
    if (options.interrupted.aborted) break;
    proofs.push(
      await prove(
        buildScenario(run.catalogue, name, { mutant: run.mutant, epic: undefined, budgets: run.budgets }),
        options,
      ),
    );
  }
  return proofs;
}

async function prove(scenario: Scenario, options: EvidenceOptions): Promise<ProofEvidence> {
  const { settings, host, interrupted } = options;
  const exercised = new Set<string>();
  const killsMax = killsMaxOf(scenario);
  const runsMax = settings.proofRunsMax;
  const common = { scenario: scenario.name, bounds: boundsText({ scenario, killsMax }, { enumeration, runsMax }) };
  const nothing = { schedules: 0, states: 0, exercised: [], counterexample: undefined };
  if (scenario.workloads.scripted.length === 0) {
    return { ...common, ...nothing, verdict: "unfit", reason: "it has no examples to go over" };
  }
  let proof: Proof;
  try {
    proof = await proveInSlices({
      scenario,
      runCase: (...args) => {
        const outcome = runCaseNow(...args);
        for (const [id, times] of Object.entries(outcome.checked)) if (times > 0) exercised.add(id);
        return outcome;
      },
      enumeration,
      killsMax,
      runsMax,
      interrupted,
      onProgress: (progress) => host.writeError(proofProgressLine(scenario.name, progress)),
    });
  } catch (error) {
    if (!(error instanceof UntoldTouch)) throw error;
    return { ...common, ...nothing, verdict: "unfit", reason: error.message };
  }
  return {
    ...common,
    verdict: proof.verdict,
    reason: proof.reason === undefined ? undefined : reasonText(proof.reason),
    schedules: proof.counts.schedules,
    states: proof.counts.states,
    exercised: [...exercised].filter((id) => budgetOfInvariant(id) === undefined).toSorted(),
    counterexample: proof.violation === undefined ? undefined : await keep(scenario, proof.violation, options),
  };
}

async function keep(
  scenario: Scenario,
  { outcome }: NonNullable<Proof["violation"]>,
  { settings, host }: EvidenceOptions,
): Promise<ProofEvidence["counterexample"]> {
  const { mutant, budgets, outFolder, outPath } = settings.run;
  const failure = failureOf(outcome, { seed: 0, strategy: exhaustiveStrategy }, signatureOf)!;
  const name = `${[scenario.name.replaceAll(/[/:]/g, "-"), ...(mutant === undefined ? [] : [mutant]), exhaustiveStrategy].join("-")}.json`;
  writeRepro(join(outPath, name), {
    stormlane: ownVersion(),
    format: 1,
    case: failure.case!,
    expected: { signature: failure.signature, invariant: failure.invariant, message: failure.message },
    foundBy: { seed: 0, strategy: exhaustiveStrategy },
    mutant,
    budgets,
  });
  return {
    scenario: scenario.name,
    kind: failure.kind,
    invariant: failure.invariant,
    signature: failure.signature,
    message: failure.message,
    foundBy: "the search over every schedule",
    runs: 1,
    ...(await factsOfCase(scenario, failure.case)),
    reproFile: join(outFolder, name),
    replayCommand: replayCommand(host, join(outFolder, name), true),
  };
}

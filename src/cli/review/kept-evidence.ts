import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { failureOf } from "../../campaign/failure.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Counterexample, KeptEvidence, MutantEvidence } from "../../review/evidence.ts";
import { signatureOf, type Outcome } from "../../sim/outcome.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { scenarioOfCase } from "../find-scenario.ts";
import { replayCommand, type CommandPlace } from "../own-package.ts";
import { replayRepro, scenarioOfRepro } from "../replay-repro.ts";
import { readRepro, type Repro } from "../repro-file.ts";
import { isSystemUrl } from "../system/system-url.ts";
import { UsageError } from "../usage-error.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";
import { factsOfCase } from "./counterexample.ts";

export const nothingKept: KeptEvidence = {
  folder: undefined,
  mended: 0,
  counterexamples: [],
  mutants: [],
  unusable: [],
};

/** Runs each kept case again: those of the system must hold by now, those of known bugs must be noticed. */
export async function keptEvidence({ settings, host, interrupted }: EvidenceOptions): Promise<KeptEvidence> {
  const { corpusFolder: folder, run } = settings;
  if (folder === undefined) return nothingKept;
  const counterexamples: Counterexample[] = [];
  const mutants: MutantEvidence[] = [];
  const unusable: string[] = [];
  const isSystem = isSystemUrl(host.catalogueUrl);
  let mended = 0;
  for (const name of filesOf(resolve(host.cwd, folder))) {
    if (interrupted.aborted) break;
    const file = join(folder, name);
    try {
      const repro = readRepro(resolve(host.cwd, file), file);
      // A folder may keep cases of several systems: another's is none of this one's business.
      if (isSystem && scenarioOfCase(run.catalogue, repro.case.scenario) === undefined) continue;
      const scenario = scenarioOfRepro(repro, file, run.catalogue);
      const { outcome, result } = await replayRepro(scenario, repro);
      if (repro.mutant !== undefined) {
        mutants.push(mutantEvidence(repro, outcome, run.catalogue.builtInMutants));
        continue;
      }
      mended++;
      if (outcome.verdict.kind === "held" && result.kind === "no-longer-reachable")
        unusable.push(`${file}: ${result.text}`);
      const failed = await failing({ scenario, repro, outcome, file, host });
      if (failed !== undefined) counterexamples.push(failed);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unusable.push(plainLine(error.message, 300));
    }
  }
  return { folder, mended, counterexamples, mutants, unusable };
}

function filesOf(path: string): string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .toSorted();
}

function mutantEvidence(
  { mutant, case: input }: Repro,
  outcome: Outcome,
  known: readonly { readonly id: string; readonly title: string }[],
): MutantEvidence {
  const { verdict } = outcome;
  return {
    id: mutant!,
    title: known.find(({ id }) => id === mutant)?.title ?? mutant!,
    scenario: input.scenario,
    caughtBy: verdict.kind === "violated" ? verdict.violation.invariant : undefined,
    signature: plainLine(signatureOf(verdict), 200),
  };
}

interface Replayed {
  readonly scenario: Scenario;
  readonly repro: Repro;
  readonly outcome: Outcome;
  readonly file: string;
  readonly host: CommandPlace;
}

async function failing({ scenario, repro, outcome, file, host }: Replayed): Promise<Counterexample | undefined> {
  const failure = failureOf(outcome, repro.foundBy, signatureOf);
  if (failure === undefined) return undefined;
  return {
    scenario: scenario.name,
    kind: failure.kind,
    invariant: failure.invariant,
    signature: plainLine(failure.signature, 200),
    message: plainLine(failure.message, 600),
    foundBy: `the kept case ${file}`,
    runs: 1,
    ...(await factsOfCase(scenario, repro.case)),
    reproFile: file,
    replayCommand: replayCommand(host, file, true),
  };
}

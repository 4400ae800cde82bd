import type { ReviewEvidence } from "../../review/evidence.ts";
import { measureCoverage } from "../coverage/measure-coverage.ts";
import type { ModuleCoverage } from "../../review/coverage/module-coverage.ts";
import { codeHash } from "../code-hash.ts";
import { commandLine } from "../own-package.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { campaignEvidence, type EvidenceOptions } from "./campaign-evidence.ts";
import { degradedEvidence } from "./degraded-evidence.ts";
import { limitsEvidence } from "./limits-evidence.ts";
import { keptEvidence, nothingKept } from "./kept-evidence.ts";
import { proofEvidence } from "./proof-evidence.ts";
import { recordedEvidence } from "./recorded-runs.ts";
import type { ReviewPart } from "./review-settings.ts";

/** All that a brief is made of, one part after the other; each says on standard error that it begins. */
export async function gatherEvidence(options: EvidenceOptions): Promise<ReviewEvidence> {
  const { settings, host, interrupted } = options;
  const code = await codeHash(host.catalogueUrl);
  const asks = (part: ReviewPart): boolean => settings.parts.has(part) && !interrupted.aborted;
  const say = (what: string): void => host.writeError(`review: ${what}\n`);

  say("the campaign");
  const scenarios = await campaignEvidence(options);
  if (asks("proofs")) say("every schedule of small scenarios");
  const proofs = asks("proofs") ? await proofEvidence(options) : [];
  const recorded = asks("foot-guns") || asks("budgets");
  if (recorded) say("what histories show");
  const histories = recorded ? await recordedEvidence(options) : undefined;
  // Kept cases are those of the system without a bug that somebody put into it.
  const isMutant = settings.run.mutant !== undefined;
  if (asks("kept") && !isMutant) say("kept cases");
  const kept = asks("kept") && !isMutant ? await keptEvidence(options) : nothingKept;
  if (asks("modules")) say("which modules the scenarios run");
  const modules = asks("modules") ? await modulesEvidence(options) : undefined;
  if (asks("degraded")) say("what happens while one thing is bad");
  const degraded = asks("degraded") ? await degradedEvidence(options) : undefined;
  if (asks("limits")) say("what load it bears");
  const limits = asks("limits") ? await limitsEvidence(options) : undefined;
  const { tests } = settings;
  return {
    system: {
      name: systemName(host.catalogueUrl, settings.run.mutant),
      mutant: settings.run.mutant,
      code,
      program: commandLine(host.cwd, []),
      strategy: settings.run.strategy,
      command: settings.command,
    },
    scenarios,
    proofs,
    kept,
    ...(histories !== undefined && asks("foot-guns") ? { footGuns: histories.footGuns } : {}),
    ...(histories !== undefined && asks("budgets") ? { budgets: histories.budgets } : {}),
    ...(degraded === undefined ? {} : { degraded }),
    ...(limits === undefined ? {} : { limits }),
    ...(modules === undefined ? {} : { modules }),
    ...(tests === undefined ? {} : { tests }),
  };
}

function systemName(catalogueUrl: URL, mutant: string | undefined): string {
  const isProject = configOfCatalogue(catalogueUrl) !== undefined;
  // Mutants are of the built-in core, also where a project names them.
  return isProject && mutant === undefined ? "this project's systems" : "the built-in core";
}

/** Of the first seeds of each scenario; few of them run nearly all that many do. */
function modulesEvidence(options: EvidenceOptions): Promise<ModuleCoverage[] | undefined> {
  const { settings, host, interrupted } = options;
  const { run, recordedMax } = settings;
  return measureCoverage({
    catalogueUrl: host.catalogueUrl,
    scenarios: run.scenarios.map(({ scenario }) => scenario.name),
    seeds: Math.min(recordedMax, ...run.scenarios.map(({ seeds }) => seeds.count)),
    strategy: run.strategy,
    interrupted,
  });
}

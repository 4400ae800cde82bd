import type { ReviewEvidence, ScenarioEvidence } from "../../review/evidence.ts";
import { measureCoverage } from "../coverage/measure-coverage.ts";
import type { ModuleCoverage } from "../../review/coverage/module-coverage.ts";
import { scenarioNames } from "../catalogue.ts";
import { codeHash } from "../code-hash.ts";
import { commandLine } from "../own-package.ts";
import { builtInPrefix } from "../project/find-config.ts";
import { generalRules } from "../system/system-judges.ts";
import { isSystemUrl } from "../system/system-url.ts";
import { campaignEvidence, type EvidenceOptions } from "./campaign-evidence.ts";
import { degradedEvidence } from "./degraded-evidence.ts";
import { limitsEvidence } from "./limits-evidence.ts";
import { keptEvidence, nothingKept } from "./kept-evidence.ts";
import { proofEvidence } from "./proof-evidence.ts";
import { recordedEvidence } from "./recorded-runs.ts";
import type { ReviewPart, ReviewSettings } from "./review-settings.ts";

/** All that a brief is made of, one part after the other; each says on standard error that it begins. */
export async function gatherEvidence(options: EvidenceOptions): Promise<ReviewEvidence> {
  const { settings, host, interrupted } = options;
  const code = await codeHash(host.catalogueUrl);
  const asks = (part: ReviewPart): boolean => settings.parts.has(part) && !interrupted.aborted;
  const isSystem = isSystemUrl(host.catalogueUrl);
  const say = (what: string): void => host.writeError(`review: ${what}\n`);

  say("the campaign");
  const scenarios = await campaignEvidence(options);
  // From here on runs are made in this thread, where nothing would end one that never comes back.
  const safe: EvidenceOptions = { ...options, settings: withSafeRuns(settings, scenarios) };
  if (asks("proofs")) say("every schedule of small scenarios");
  const proofs = asks("proofs") ? await proofEvidence(safe) : [];
  const recorded = asks("foot-guns") || asks("budgets");
  if (recorded) say("what histories show");
  const histories = recorded ? await recordedEvidence(safe) : undefined;
  // Kept cases are those of the system without a bug that somebody put into it.
  const isMutant = settings.run.mutant !== undefined;
  if (asks("kept") && !isMutant) say("kept cases");
  const kept = asks("kept") && !isMutant ? await keptEvidence(options) : nothingKept;
  if (asks("modules")) say("which modules the scenarios run");
  const modules = asks("modules") ? await modulesEvidence(safe) : undefined;
  if (asks("degraded")) say("what happens while one thing is bad");
  const degraded = asks("degraded") ? await degradedEvidence(safe) : undefined;
  if (asks("limits")) say("what load it bears");
  const limits = asks("limits") ? await limitsEvidence(options) : undefined;
  const { tests } = settings;
  return {
    system: {
      name: isSystem ? unmodifiedName(settings) : systemName(settings),
      mutant: settings.run.mutant,
      code,
      program: commandLine(host.cwd, []),
      strategy: settings.run.strategy,
      command: settings.command,
      ...(isSystem ? { generalRules } : {}),
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

/** Of the scenarios that have come back so far, the seeds that have. */
function withSafeRuns(settings: ReviewSettings, evidence: readonly ScenarioEvidence[]): ReviewSettings {
  const scenarios = settings.run.scenarios.flatMap(({ scenario, seeds }) => {
    const found = evidence.find(({ name }) => name === scenario.name);
    const comesBack = found?.counterexamples.every(({ kind }) => kind !== "livelock" && kind !== "died") ?? false;
    return comesBack ? [{ scenario, seeds: { ...seeds, count: Math.min(seeds.count, found!.runs) } }] : [];
  });
  return { ...settings, run: { ...settings.run, scenarios } };
}

/** A system has one scenario, and that its name. */
function unmodifiedName({ run: { scenarios } }: ReviewSettings): string {
  return `${scenarios.map(({ scenario }) => scenario.name).join(", ")}, unmodified`;
}

function systemName({ run: { catalogue, scenarios } }: ReviewSettings): string {
  const isBuiltIn = (name: string): boolean => name.startsWith(builtInPrefix);
  const isProject = scenarioNames(catalogue).some(isBuiltIn);
  return isProject && !scenarios.every(({ scenario }) => isBuiltIn(scenario.name))
    ? "this project's systems"
    : "the built-in core";
}

/** Of the first seeds of each scenario; few of them run nearly all that many do. */
function modulesEvidence(options: EvidenceOptions): Promise<ModuleCoverage[] | undefined> {
  const { settings, host, interrupted } = options;
  const { run, recordedMax } = settings;
  if (run.scenarios.length === 0) return Promise.resolve([]);
  return measureCoverage({
    catalogueUrl: host.catalogueUrl,
    scenarios: run.scenarios.map(({ scenario }) => scenario.name),
    seeds: Math.min(recordedMax, ...run.scenarios.map(({ seeds }) => seeds.count)),
    strategy: run.strategy,
    interrupted,
  });
}

import type { ReviewEvidence } from "../../review/evidence.ts";
import { codeHash } from "../code-hash.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { campaignEvidence, type EvidenceOptions } from "./campaign-evidence.ts";
import { keptEvidence, nothingKept } from "./kept-evidence.ts";
import { proofEvidence } from "./proof-evidence.ts";
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
  // Kept cases are those of the system without a bug that somebody put into it.
  const isMutant = settings.run.mutant !== undefined;
  if (asks("kept") && !isMutant) say("kept cases");
  const kept = asks("kept") && !isMutant ? await keptEvidence(options) : nothingKept;
  return {
    system: {
      name: systemName(host.catalogueUrl, settings.run.mutant),
      mutant: settings.run.mutant,
      code,
      command: settings.command,
    },
    scenarios,
    proofs,
    kept,
  };
}

function systemName(catalogueUrl: URL, mutant: string | undefined): string {
  const isProject = configOfCatalogue(catalogueUrl) !== undefined;
  // Mutants are of the built-in core, also where a project names them.
  return isProject && mutant === undefined ? "this project's systems" : "the built-in core";
}

import { replacedDecisions, type ReplacedDecision } from "../../review/coverage/replaced-decisions.ts";
import type { Mutant } from "../../../scenarios/mutants/mutant.ts";
import type { Catalogue } from "../catalogue.ts";

export interface MutantDecisions {
  readonly id: string;
  readonly replaced: readonly ReplacedDecision[];
}

/** What each mutant of the core replaces, in the modules that this thread has loaded. */
export async function coreMutants({ builtInMutants }: Catalogue): Promise<MutantDecisions[]> {
  const { defaultPolicies } = await import("../../orchestrator/policies.ts");
  return (builtInMutants as readonly Mutant[]).map((mutant) => ({
    id: mutant.id,
    replaced: replacedDecisions(defaultPolicies, mutant.apply(defaultPolicies)),
  }));
}

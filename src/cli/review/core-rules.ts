import { builtInCatalogueUrl, loadCatalogue } from "../catalogue.ts";

/** The core's own invariants: rule by id. A user's invariant of the same id may mean something else. */
export type CoreRules = ReadonlyMap<string, string>;

export async function loadCoreRules(): Promise<CoreRules> {
  const { builtInScenarios } = await loadCatalogue(builtInCatalogueUrl);
  return new Map(builtInScenarios.flatMap(({ invariants }) => invariants.map(({ id, rule }) => [id, rule] as const)));
}

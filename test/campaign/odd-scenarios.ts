import { oddScenarios } from "./toy-scenarios.ts";

/** A catalogue of toys that fail in other ways than by an invariant. */
export const builtInScenarios = oddScenarios;
export { builtInMutants, scenarioWith } from "./toy-scenarios.ts";

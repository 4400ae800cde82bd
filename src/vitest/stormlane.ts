/**
 * Scenarios as tests of a vitest suite: `stormlane/vitest`. Importing it also teaches `expect` the matcher `toHold`.
 * See `docs/vitest.md`.
 */
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { holdMatchers } from "./to-hold.ts";
import { vitest } from "./vitest-peer.ts";

export { simTest, type DefineSimTest, type SimTest } from "./sim-test.ts";
export type { NamedSimTestOptions, ScenarioOrName, SimTestOptions } from "./sim-test-options.ts";
export { SimulationFailure } from "./simulation-failure.ts";

declare module "vitest" {
  // The parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Of the outcome of `runCase`, that all of the scenario's invariants held to its end. Of a case, or of what stands
     * in a kept file, together with its scenario, that they do when it is run: then it gives a promise.
     */
    toHold(scenario?: Scenario): T extends Outcome ? R : Promise<void>;
  }
}

vitest.expect.extend(holdMatchers);

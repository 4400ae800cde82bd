/**
 * Scenarios as tests of a vitest suite: `stormlane/vitest`. Importing it also teaches `expect` the matcher `toHold`.
 * See `docs/vitest.md`.
 */
import { holdMatchers } from "./to-hold.ts";
import { vitest } from "./vitest-peer.ts";

export { simTest, type DefineSimTest, type SimTest } from "./sim-test.ts";
export type { NamedSimTestOptions, ScenarioOrName, SimTestOptions } from "./sim-test-options.ts";
export { SimulationFailure } from "./simulation-failure.ts";

vitest.expect.extend(holdMatchers);

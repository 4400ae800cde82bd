import { simTest, type NamedSimTestOptions } from "../../../src/vitest/stormlane.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

const scenario = toy("counter-locked");
const given = (options: object): NamedSimTestOptions =>
  ({ scenario, seeds: 20, reproFolder: process.env["KEPT_FOLDER"], ...options }) as NamedSimTestOptions;
const { faults } = scenario;

simTest("never meets its goal", given({ scenario: toy("counter-vacuous") }));
simTest("may never meet its goal", given({ scenario: toy("counter-vacuous"), allowVacuous: true }));
simTest("never ends", given({ scenario: { ...scenario, bounds: { stepsMax: 5, virtualMsMax: 1_000 } } }));
simTest("reaches for the real clock", given({ scenario: toy("counter-leaking") }));
simTest("is too slow", given({ seeds: 1_000_000, timeoutMs: 400 }));
simTest("has no place to keep anything", given({ scenario: toy("counter-racy"), reproFolder: "/proc/kept" }));
simTest("has no such option", given({ seed: 3 }));
simTest("has no scenario", given({ scenario: undefined }));
simTest("has half a scenario", given({ scenario: { ...scenario, invariants: undefined } }));
simTest("changes its faults", given({ faults: { ...faults, faultsMax: 0 } }));

import { afterEach, beforeEach, vi } from "vitest";
import { simTest } from "../../../src/vitest/stormlane.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

const scenario = toy("counter-locked");
const racy = toy("counter-racy");
const reproFolder = process.env["KEPT_FOLDER"]!;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

simTest(scenario, { seeds: 5 });
simTest.skip("is left out", { scenario: racy, seeds: 5 });
simTest.todo("will be written");
simTest.fails("finds the race", { scenario: racy, reproFolder });
simTest.concurrent("runs beside another", { scenario, seeds: 30 });
simTest.concurrent("runs beside one", { scenario, seeds: 30 });
simTest.skipIf(true)("is left out here", { scenario: racy, seeds: 5 });
simTest.runIf(true)("is run here", { scenario, seeds: 5 });
simTest.each([
  ["pct", false],
  ["surw", {}],
] as const)("holds under %s", (strategy, faults) => ({ scenario, seeds: 10, strategies: [strategy], faults }));
simTest.each([{ title: "few", seeds: 1 }])("holds for $title seeds", ({ seeds }) => ({ scenario, seeds }));
simTest("stops when its time is up", { scenario, timeBudgetMs: 200 });
simTest("runs a built-in scenario", { scenario: "stormlane:small-claim", seeds: 3 });

import { vi } from "vitest";
import { toy } from "../../campaign/toy-scenarios.ts";

// As a setup file would that is loaded before everything else.
vi.useFakeTimers();
const { simTest } = await import("../../../src/vitest/stormlane.ts");

simTest("begins too late", { scenario: toy("counter-locked"), seeds: 1, timeoutMs: 5_000 });

import { beforeAll, expect, test } from "vitest";
import { exploreSeeds } from "../../src/campaign/explore-seeds.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { toyScenario, writeRegister } from "../sim/toy-scenario.ts";

beforeAll(() => installGuards());

/** Runs some seeds, each of them twice, and gives the signatures of what was found. */
async function twice(scenario: Scenario<never>): Promise<string[]> {
  const segments = await inMacrotask(() =>
    exploreSeeds({
      scenario,
      explorer: new Explorer(scenario, "first-due", runCaseNow),
      runCase: runCaseNow,
      signatureOf,
      seeds: [0, 1, 2, 3, 4],
      failuresMax: 1,
      doubleRunsPpm: 1_000_000,
      withRows: false,
    }),
  );
  return segments.flatMap(({ failure }) => (failure === undefined ? [] : [failure.signature]));
}

function subject(main: (ports: Ports) => Promise<void>): Scenario<never> {
  return { ...toyScenario(main), invariants: [] } as unknown as Scenario<never>;
}

test("a subject that draws from Math.random is caught at the call", async () => {
  const found = await twice(
    subject(async (ports) => {
      await writeRegister(ports, Math.floor(Math.random() * 1_000_000));
    }),
  );
  expect(found).toEqual(["nondeterminism: Math.random (use ports.random.int)"]);
});

test("a subject whose memory outlives the run is caught by the second run", async () => {
  let outlives = 0;
  const found = await twice(
    subject(async (ports) => {
      await writeRegister(ports, ++outlives);
    }),
  );
  expect(found).toEqual(["nondeterminism: the second run differs"]);
});

test("the same subject without either is not", async () => {
  const found = await twice(
    subject(async (ports) => {
      await writeRegister(ports, ports.random.int("value", 1_000_000));
    }),
  );
  expect(found).toEqual([]);
});

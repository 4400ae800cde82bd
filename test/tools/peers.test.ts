import { describe, expect, test } from "vitest";
import { builtInMutants, scenarioWith } from "../../scenarios/index.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import type { PeerResult } from "../../src/trials/peer-trial.ts";
import { fakeTimers } from "../../tools/peers/fake-timers.ts";
import { fastCheckScheduler } from "../../tools/peers/fast-check-scheduler.ts";
import { peers as named, representative } from "../../tools/peers/kit.ts";
import type { Peer } from "../../tools/peers/peer.ts";
import { realTime } from "../../tools/peers/real-time.ts";
import { searchWithPeer } from "../../tools/peers/search-with-peer.ts";

const peers: readonly Peer[] = [fastCheckScheduler, fakeTimers, realTime];

/** @param runsMax counted in place of CPU time */
function search(peer: Peer, mutant: string, runsMax: number): Promise<PeerResult> {
  const { scenario, expects } = builtInMutants.find(({ id }) => id === mutant)!;
  return searchUntil(peer, { scenario, expects, mutant }, runsMax);
}

function searchUntil(
  peer: Peer,
  { scenario, expects, mutant }: { scenario: string; expects: readonly string[]; mutant?: string },
  runsMax: number,
): Promise<PeerResult> {
  let runs = 0;
  const trial = { peer: peer.name, scenario, expects, number: 1, cpuMsMax: runsMax, wallMsMax: 60_000 };
  return searchWithPeer(
    peer,
    { ...trial, mutant: mutant ?? "" },
    {
      scenario: scenarioWith(scenario, mutant === undefined ? {} : { mutant }),
      cpuMs: () => runs,
      onRun: () => void runs++,
    },
  );
}

test("the names that the command lists are those of the peers", () => {
  expect(named.map(({ name }) => name)).toEqual(peers.map(({ name }) => name));
  const ids = new Set(builtInMutants.map(({ id }) => id));
  expect(representative.filter((id) => !ids.has(id))).toEqual([]);
});

describe.each(peers.map((peer) => [peer.name, peer] as const))("%s", (_, peer) => {
  test("finds that nothing excludes other processes", { timeout: 60_000 }, async () => {
    const result = await search(peer, "F02", 20);
    expect(result).toMatchObject({ isFound: true, signature: expect.stringMatching(/^I[14]: /) });
  });

  test("does not take a fake that breaks for a run without a failure", async () => {
    const scenario: Scenario = {
      ...scenarioWith("concurrent-orchestrators", {}),
      build: (world) =>
        world.later("something new", 0, () => {
          throw new Error("not modelled");
        }),
    };
    const caps = { cpuMsMax: 3, wallMsMax: 60_000 };
    const trial = { peer: peer.name, mutant: "", scenario: scenario.name, expects: [], number: 1, ...caps };
    let runs = 0;
    const search = searchWithPeer(peer, trial, { scenario, cpuMs: () => runs, onRun: () => void runs++ });
    await expect(search).rejects.toThrow("not modelled");
  });

  test("finds nothing in the core as it is", { timeout: 60_000 }, async () => {
    const scenario = "concurrent-orchestrators";
    const result = await searchUntil(peer, { scenario, expects: ["I1", "I2", "I4"] }, 4);
    expect(result).toMatchObject({ isFound: false, runs: 4 });
    // In real time a machine that stands still for a while is a fault that nobody planned: a card may fail then.
    if (peer !== realTime) expect(result.others).toEqual([]);
  });
});

test.each([fastCheckScheduler, fakeTimers].map((peer) => [peer.name, peer] as const))(
  "%s comes to the same twice",
  { timeout: 60_000 },
  async (_, peer) => {
    const first = await search(peer, "F25b", 10);
    const second = await search(peer, "F25b", 10);
    expect([second.isFound, second.runs, second.signature]).toEqual([first.isFound, first.runs, first.signature]);
  },
);

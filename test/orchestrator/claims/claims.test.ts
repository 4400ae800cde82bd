import { describe, expect, test } from "vitest";
import { Explorer } from "../../../src/explore/explorer.ts";
import type { Invariant } from "../../../src/invariants/invariant.ts";
import { Claims } from "../../../src/orchestrator/claims/claims.ts";
import { RunStop } from "../../../src/orchestrator/runs/run-stop.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";

/** Takes turns with the others on one scope; in each turn it acts three times, each time asking the lease first. */
async function worker(ports: Ports, ttlMs: number): Promise<void> {
  const claims = new Claims({ folder: "/srv/claims", ttlMs });
  for (let turn = 0; turn < 40; turn++) {
    const acquired = await claims.acquire(ports, "EPIC-1");
    if (acquired.kind === "held") {
      const { lease } = acquired;
      lease.keep(ports.fork(`lease ${turn}`));
      try {
        for (let act = 0; act < 3; act++) {
          lease.require(5_000);
          ports.log.event("acted", { generation: lease.generation });
          await ports.clock.sleep(15_000, { key: "work" });
        }
      } catch (error) {
        if (!(error instanceof RunStop)) throw error;
      }
      await lease.release(ports);
    }
    await ports.clock.sleep(7_000, { key: "turn" });
  }
}

/** An act of an earlier generation after one of a later: two owners at once. */
const generationsNeverGoBack: Invariant = {
  id: "claims",
  rule: "Nobody acts for a generation once somebody has acted for a later one.",
  start(report) {
    let latest = 0;
    let acts = 0;
    return {
      kinds: ["note", "process"],
      observe(event) {
        // After a crash of the host its files, and so the count of generations, may be older.
        if (event.kind === "process" && event.what === "host-crash") latest = 0;
        if (event.kind !== "note" || event.name !== "acted") return;
        const generation = Number(event.fields["generation"]);
        acts += 1;
        if (generation < latest) report({ place: "act", message: `acted for ${generation} after ${latest}` });
        latest = Math.max(latest, generation);
      },
      checked: () => acts,
    };
  },
};

/** @param ttlsMs of the workers: while a new version is brought out, not all of them have the same */
const raceOf = (ttlsMs: readonly number[]): Scenario => ({
  name: "claim-race",
  about: "three workers, one scope",
  workloads: { scripted: [null], draw: () => null, refuse: () => undefined },
  build(world) {
    world.host().disk.makeFolder("/srv");
    for (const [index, ttlMs] of ttlsMs.entries()) {
      world.process("abc"[index]!, (ports) => worker(ports, ttlMs));
    }
  },
  faults: { families: ["disk", "crash", "clock"], faultsMax: 4, faultsUntilMs: 300_000, restartAfterMsMax: 5_000 },
  invariants: [generationsNeverGoBack],
  sometimes: [],
  bounds: { stepsMax: 100_000, virtualMsMax: 3_600_000 },
});

describe("claims", () => {
  const same = raceOf([60_000, 60_000, 60_000]);
  const mixed = raceOf([60_000, 60_000, 15_000]);

  test.each([
    ["sweep", "one term", same],
    ["random", "one term", same],
    ["timed", "one term", same],
    ["sweep", "terms of two versions", mixed],
    ["timed", "terms of two versions", mixed],
  ] as const)("let nobody act beside a later owner: %s, %s", async (strategy, _, scenario) => {
    const explorer = new Explorer(scenario, strategy, runCaseNow);
    const seen = { takeovers: 0, releases: 0, losses: 0 };
    await inMacrotask(() => {
      for (let seed = 0; seed < 120; seed++) {
        const plan = explorer.plan(seed);
        const outcome = runCaseNow(scenario, plan.case, plan.exploration);
        expect(outcome.verdict, `${strategy} ${seed}`).toEqual({ kind: "held" });
        for (const event of outcome.history.events) {
          if (event.kind !== "note") continue;
          if (event.name === "lease.acquired" && event.fields["takeover"] === true) seen.takeovers += 1;
          if (event.name === "lease.released") seen.releases += 1;
          if (event.name === "lease.lost") seen.losses += 1;
        }
      }
    });
    expect(seen.takeovers).toBeGreaterThan(0);
    // Only the sweep is sure to place a long pause inside a lease.
    if (strategy === "sweep") expect(seen.losses).toBeGreaterThan(0);
    expect(seen.releases).toBeGreaterThan(500);
  });
});

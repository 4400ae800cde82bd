import { beforeAll, describe, expect, test } from "vitest";
import { nearestHolding, type HoldingRun } from "../../src/explain/nearest-holding.ts";
import type { Invariant } from "../../src/invariants/invariant.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Case } from "../../src/sim/case.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

beforeAll(() => installGuards());

const twoLost: Invariant = {
  id: "W1",
  rule: "Not two are lost.",
  start(report) {
    let lost = 0;
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind === "note" && ++lost === 2) report({ place: "files", message: "Two are lost." });
      },
      checked: () => 1,
    };
  },
};

/** One process writes files one after the other, and says which it could not. */
const writer: Scenario = {
  name: "writer",
  about: "",
  workloads: { scripted: [["a"]], draw: () => ["a"], refuse: () => undefined },
  build(world, workload) {
    world.process("writer", async (ports) => {
      for (const file of workload as readonly string[]) {
        const written = await ports.files.write(`/${file}`, "text", { mode: "replace" });
        if (written.kind !== "ok" || file === "bad") ports.log.event("lost", { file });
      }
    });
  },
  faults: { families: ["disk"], faultsMax: 5, faultsUntilMs: 60_000, restartAfterMsMax: 1_000 },
  invariants: [twoLost],
  sometimes: [],
  bounds: { stepsMax: 2_000, virtualMsMax: 600_000 },
};

function writing(files: readonly string[], lost: readonly string[]): Case {
  return {
    scenario: "writer",
    drawSeed: 1,
    workload: files,
    faults: lost.map((file) => ({ site: `writer@0/main/disk.write(/${file})#0`, kind: "disk-fails", code: "EIO" })),
    preemptions: [],
    delays: [],
  };
}

function nearest(input: Case): Promise<HoldingRun | undefined> {
  return inMacrotask(() => {
    const { history } = runCaseNow(writer, input);
    return nearestHolding(input, history.events, { scenario: writer, runCase: runCaseNow });
  });
}

describe("the nearest run that holds", () => {
  test("is the one that begins like the failing one for longest", async () => {
    const found = await nearest(writing(["a", "b", "c"], ["a", "c"]));
    expect(found?.removed).toContain("/c");
    const whole = await inMacrotask(() => runCaseNow(writer, writing(["a", "b", "c"], ["a"])).history);
    expect(found?.events).toHaveLength(whole.events.length);
  });

  test("has an item less of the workload where nothing is forced", async () => {
    const found = await nearest(writing(["a", "bad", "b", "bad"], []));
    expect(found?.removed).toBe("[3] of the workload");
  });

  test("is none where every part can be missed", async () => {
    expect(await nearest(writing(["bad", "bad", "bad", "c"], ["c"]))).toBeUndefined();
  });
});

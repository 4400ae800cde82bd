import { startPoller } from "../../src/index.ts";
import type { BuiltIn } from "../board-world/built-in.ts";
import { smallScenario } from "../small-claim/small-board.ts";

/** See README.md. */
export const smallSpawner: BuiltIn = {
  name: "small-spawner",
  build({ policies, epic } = {}) {
    if (epic !== undefined) throw new RangeError("small-spawner has an epic of its own");
    return smallScenario({
      name: "small-spawner",
      about: "One orchestrator makes cards of a plan with two stories, and may be killed at any step.",
      lane: 5,
      stories: 2,
      workloads: [{ mandatoryFields: false }, { mandatoryFields: true }],
      artifacts: (prd) => ({ "prd.json": `${JSON.stringify(prd, null, 2)}\n` }),
      system: { spawner: startPoller },
      ...(policies === undefined ? {} : { policies }),
      faults: {
        families: ["crash"],
        faultsMax: 1,
        faultsUntilMs: 160_000,
        restartAfterMsMax: 1_000,
        victims: ["spawner"],
      },
      sometimes: [],
      virtualMsMax: 600_000,
      endsAtMs: 560_000,
    });
  },
  workloadForEpic: () => {
    throw new RangeError("small-spawner has an epic of its own");
  },
};

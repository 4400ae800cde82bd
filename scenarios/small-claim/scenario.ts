import { runCard, type OrchestratorConfig, type Policies, type Ports } from "../../src/index.ts";
import type { BuiltIn } from "../board-world/built-in.ts";
import { smallCardId, smallScenario } from "./small-board.ts";

async function considerOnce(ports: Ports, config: OrchestratorConfig, policies: Policies): Promise<void> {
  await runCard(ports, config, policies, smallCardId);
}

/** See README.md. */
export const smallClaim: BuiltIn = {
  name: "small-claim",
  build({ policies, epic } = {}) {
    if (epic !== undefined) throw new RangeError("small-claim has an epic of its own");
    return smallScenario({
      name: "small-claim",
      about: "Two orchestrators come to one card at once, and lock its design.",
      lane: 3,
      stories: 1,
      workloads: [{ mandatoryFields: false }],
      artifacts: () => ({ "DESIGN.md": "# Design\n\nA store, a service and a page.\n" }),
      system: { "worker-a": considerOnce, "worker-b": considerOnce },
      ...(policies === undefined ? {} : { policies }),
      faults: {
        families: [],
        faultsMax: 0,
        faultsUntilMs: 10_000,
        restartAfterMsMax: 1_000,
        victims: ["worker-a", "worker-b"],
      },
      sometimes: [],
      virtualMsMax: 600_000,
    });
  },
  workloadForEpic: () => {
    throw new RangeError("small-claim has an epic of its own");
  },
};

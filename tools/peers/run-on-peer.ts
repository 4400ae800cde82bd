import type { JsonValue } from "../../src/base/json.ts";
import { mix32 } from "../../src/base/digest.ts";
import { Swarm } from "../../src/explore/swarm.ts";
import type { FaultFamily } from "../../src/faults/fault.ts";
import type { FaultSource } from "../../src/faults/plan.ts";
import { History } from "../../src/history/history.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { Panel } from "../../src/invariants/panel.ts";
import { Draws, purpose } from "../../src/kernel/draws.ts";
import type { Kernel, RunEnd } from "../../src/kernel/kernel.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { World } from "../../src/sim/world.ts";
import type { PeerLoop, PeerLoopOptions } from "./peer-loop.ts";

export interface PeerRunOptions {
  readonly scenario: Scenario;
  /** Of the workload, of faults, and of what services draw. */
  readonly seed: number;
  readonly faults: FaultSource;
  readonly createLoop: (options: PeerLoopOptions) => PeerLoop;
}

export interface PeerRun {
  readonly violation: Violation | undefined;
  readonly end: RunEnd | undefined;
  readonly steps: number;
}

/** One run of a scenario in a peer's event loop, judged by the scenario's own invariants. */
export async function runOnPeer({ scenario, seed, faults, createLoop }: PeerRunOptions): Promise<PeerRun> {
  const panel = new Panel(scenario.invariants, scenario.sometimes, () => loop.stop("violated"));
  const history = new History(() => loop.nowUs, [panel]);
  const loop = createLoop({ seed, observer: history, ...scenario.bounds });
  const world = new World({ kernel: loop as unknown as Kernel, history, faults });
  scenario.build(world, workloadOf(scenario, seed));
  await loop.run();
  const isRegular = loop.end === undefined || loop.end.kind === "stopped";
  if (isRegular && panel.violations.length === 0) panel.finish({ atUs: loop.nowUs });
  return { violation: panel.violations[0], end: loop.end, steps: loop.stepsRun };
}

/** Half of the seeds take a workload that was written down, the others one that fast-check generates. */
function workloadOf({ workloads }: Scenario, seed: number): JsonValue {
  const { scripted } = workloads;
  const pick = new Draws(seed).int(0, workloadPurpose, 2 * Math.max(1, scripted.length));
  return scripted[pick] ?? workloads.draw(seed);
}

/** What a fake that somebody writes for a test can do: fail a call before or after its effect, answer badly, be late. */
const families: ReadonlySet<FaultFamily> = new Set(["delivery", "board", "model", "program"]);

/** Of these the scenario's own, as the simulation draws them. */
export function callFaults(scenario: Scenario, seed: number): FaultSource {
  const { faults } = scenario;
  return new Swarm(new Draws(mix32(seed, faultsSalt)), {
    ...faults,
    families: faults.families.filter((family) => families.has(family)),
  });
}

export const noFaults: FaultSource = { strike: () => undefined };

const workloadPurpose = purpose("workload");
const faultsSalt = 0xfa17;

import type { Fault, FaultSpec, Seam } from "../../faults/fault.ts";
import type { Outcome } from "../../sim/outcome.ts";
import { emptyCase } from "../explorer.ts";
import type { FirstFault } from "./first-faults.ts";
import type { Recovery } from "./recovery.ts";
import type { RunCase, SweepTarget } from "./sweep-target.ts";

/** What strikes in a recovery: each kind that leaves something half done, or makes the system begin once more. */
export function secondFaults(target: SweepTarget, recovery: Recovery): readonly Fault[] {
  return recovery.sites.flatMap(({ site, seam }) =>
    kindsAt(seam)
      .filter((spec) => target.reasonAgainst(site, spec) === undefined)
      .map((spec): Fault => ({ ...spec, site })),
  );
}

export function runWithTwoFaults(target: SweepTarget, first: FirstFault, second: Fault, runCase: RunCase): Outcome {
  const input = { ...emptyCase(target.scenario, 0, target.workload), faults: [first.fault, second] };
  return runCase(target.scenario, input, {});
}

function kindsAt(seam: Seam): readonly FaultSpec[] {
  switch (seam) {
    case "board":
    case "model":
      return [...crashes, answerLost, unavailable];
    case "service":
      return [...crashes, answerLost];
    case "disk-read":
    case "disk-write":
      return [...crashes, { kind: "disk-fails", code: "EIO" }];
    case "webhook":
      return [answerLost];
    case "spawn":
    case "clock":
      return crashes;
  }
}

const crashes: readonly FaultSpec[] = [
  { kind: "kill", when: "after", restartAfterMs: 2_000 },
  { kind: "host-crash", when: "during", restartAfterMs: 5_000 },
];
const answerLost: FaultSpec = { kind: "answer-lost" };
const unavailable: FaultSpec = { kind: "answered-with", status: 503, effect: "none", retryAfterS: 7 };

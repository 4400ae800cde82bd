import { prove, type Enumeration, type Proof, type ProofProgress } from "../explore/exhaustive/prove.ts";
import type { RunCase } from "../explore/explorer.ts";
import { inMacrotask } from "../kernel/settle.ts";
import type { Scenario } from "../sim/scenario.ts";

export interface SlicedProof {
  readonly scenario: Scenario;
  readonly runCase: RunCase;
  readonly enumeration: Enumeration;
  readonly killsMax: 0 | 1;
  /** Of all cases together. */
  readonly runsMax: number;
  readonly interrupted: AbortSignal;
  /** Now and then. */
  readonly onProgress: (progress: ProofProgress) => void;
}

/** Runs every schedule in this thread, in slices, so that an interruption comes through. */
export async function proveInSlices({ interrupted, onProgress, enumeration, ...what }: SlicedProof): Promise<Proof> {
  const proving = prove({
    ...what,
    enumeration,
    signal: interrupted,
    // Where every schedule is run, the equivalent ones are among them.
    ...(enumeration.kind === "none" ? {} : { verifyEvery }),
  });
  let toldMs = performance.now();
  for (;;) {
    const turn = await inMacrotask(() => {
      const endMs = performance.now() + sliceMs;
      let slice = proving.next();
      while (slice.done !== true && performance.now() < endMs) slice = proving.next();
      return slice;
    });
    if (turn.done === true) return turn.value;
    if (performance.now() - toldMs < progressEveryMs) continue;
    toldMs = performance.now();
    onProgress(turn.value);
  }
}

/** As a line of progress. */
export function proofProgressLine(scenario: string, { casesDone, cases, schedules }: ProofProgress): string {
  const of = cases === undefined ? "" : ` of ${cases}`;
  return `${scenario}: ${schedules} schedules, ${casesDone}${of} cases done\n`;
}

/** A process is killed in a scenario that lets anything go wrong. */
export function killsMaxOf({ faults }: Scenario): 0 | 1 {
  return faults.faultsMax === 0 ? 0 : 1;
}

/** Of so many schedules one is run again in another order: often enough to notice a footprint that is too small. */
const verifyEvery = 20;
const sliceMs = 200;
const progressEveryMs = 5_000;

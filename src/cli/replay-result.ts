import { secondRunDiffers } from "../campaign/explore-seeds.ts";
import { signatureOf, type Outcome } from "../sim/outcome.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Repro } from "./repro-file.ts";

/** What a replay came to, next to what was expected of it. */
export interface ReplayResult {
  readonly kind: "held" | "same-failure" | "another-failure" | "no-longer-reachable" | "no-longer-fails";
  readonly exitCode: number;
  readonly text: string;
}

/**
 * Judges in this order: same failure, another failure, no longer reachable (something that the case forces never came
 * to pass, so the run says nothing about the failure), no longer fails.
 *
 * @param difference where a second run differed from the first, when that is the failure
 */
export function judgeReplay({ expected }: Repro, outcome: Outcome, difference: string): ReplayResult {
  const actual = difference === "" ? signatureOf(outcome.verdict) : secondRunDiffers;
  const [unused] = outcome.unused;
  if (actual === expected.signature && actual === "held") {
    return unused === undefined
      ? { kind: "held", exitCode: exitCodes.held, text: "holds, as expected" }
      : unreachable(unused);
  }
  if (actual === expected.signature) {
    return {
      kind: "same-failure",
      exitCode: exitCodeOf(outcome),
      text: `same failure: ${actual}${difference && `: ${difference}`}`,
    };
  }
  if (actual !== "held") {
    const text = `another failure: ${actual}; expected was ${expected.signature}`;
    return { kind: "another-failure", exitCode: exitCodeOf(outcome), text };
  }
  if (unused !== undefined) return unreachable(unused);
  return {
    kind: "no-longer-fails",
    exitCode: exitCodes.held,
    text: `no longer fails: expected was ${expected.signature}`,
  };
}

function unreachable(unused: string): ReplayResult {
  return {
    kind: "no-longer-reachable",
    exitCode: exitCodes.failed,
    text: `no longer reachable at ${unused}: the code has changed so much that the run never came there, so nothing is known about the failure; run the scenario again over many seeds`,
  };
}

function exitCodeOf({ verdict }: Outcome): number {
  return verdict.kind === "broken" ? exitCodes.broken : exitCodes.failed;
}

import { approvedUnchanged } from "./approved-unchanged.ts";
import { SharedEvidence } from "./evidence.ts";
import { explainedCosts } from "./explained-costs.ts";
import type { Facts } from "./facts.ts";
import { floodControl } from "./flood-control.ts";
import type { Invariant } from "./invariant.ts";
import { boardCalls, promptSize } from "./limit-requests.ts";
import { stepTime } from "./limit-time.ts";
import { traceBytes, traceRetention } from "./limit-traces.ts";
import { childrenOfEpic, loopIterations, retriesOfCard } from "./limit-work.ts";
import { manyInstances } from "./many-instances.ts";
import { nothingLost } from "./nothing-lost.ts";
import { oneRunPerCause } from "./one-run-per-cause.ts";
import { rightAgent } from "./right-agent.ts";
import { sameGovernance } from "./same-governance.ts";
import { settlesVisibly } from "./settles-visibly.ts";
import { storiesKept } from "./stories-kept.ts";
import { testsUnchanged } from "./tests-unchanged.ts";
import { textStaysInside } from "./text-stays-inside.ts";

/**
 * All rules for orchestrators that work a board, for runs that come one after the other. Where one event breaks several
 * rules, the run is named after the first of them in this order.
 */
export function boardInvariants(facts: Facts): readonly Invariant[] {
  const shared = new SharedEvidence(facts);
  return [
    oneRunPerCause(shared),
    manyInstances(shared),
    storiesKept(shared),
    floodControl(shared),
    approvedUnchanged(shared),
    testsUnchanged(shared),
    sameGovernance(shared),
    textStaysInside(shared),
    rightAgent(shared),
    nothingLost(shared),
    explainedCosts(shared),
    settlesVisibly(shared),
    childrenOfEpic(shared),
    retriesOfCard(shared),
    loopIterations(shared),
    stepTime(shared),
    traceBytes(shared),
    traceRetention(shared),
    promptSize(shared),
    boardCalls(shared),
  ];
}

import type { Fault } from "../../faults/fault.ts";
import { describeFault } from "../../report/fault-words.ts";
import { plainLine } from "../../report/plain-line.ts";
import { describeSite } from "../../report/site-words.ts";
import type { Counterexample } from "../../review/evidence.ts";
import type { Case } from "../../sim/case.ts";
import { runCase } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { FailureReport } from "../failure-desk.ts";

/** A failure as a brief tells it: of its smallest case. */
export async function counterexampleOf(scenario: Scenario, report: FailureReport): Promise<Counterexample> {
  const { failure, runs, case: input, reproFile, replayCommand } = report;
  const { kind, invariant, signature, message, seed, strategy } = failure;
  return {
    scenario: scenario.name,
    kind,
    invariant,
    signature: plainLine(signature, signatureMax),
    message: plainLine(message, messageMax),
    foundBy: strategy === "" ? `seed ${seed}` : `seed ${seed} (${strategy})`,
    runs,
    ...(await factsOfCase(scenario, input)),
    reproFile,
    replayCommand,
  };
}

export type CaseFacts = Pick<Counterexample, "atEnd" | "faults" | "preemptions" | "delays">;

export async function factsOfCase(scenario: Scenario, input: Case | undefined): Promise<CaseFacts> {
  if (input === undefined) return { atEnd: false, faults: [], preemptions: 0, delays: 0 };
  const { verdict, history } = await runCase(scenario, input);
  return {
    atEnd: verdict.kind === "violated" && verdict.violation.eventIndex >= history.events.length,
    faults: input.faults.map(faultText),
    preemptions: input.preemptions.length,
    delays: input.delays.length,
  };
}

/** Operations are named by what cards and models say: on one line, and not for ever. */
function faultText({ site, kind, ...params }: Fault): string {
  return plainLine(`${describeFault(kind, params)}, at: ${describeSite(site)}`, messageMax);
}

const signatureMax = 200;
const messageMax = 600;

import type { FaultSource } from "../../faults/plan.ts";
import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Exploration } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { RunCase } from "../explorer.ts";
import type { RunEnding } from "./execution.ts";
import type { GuidedScheduler } from "./guided-scheduler.ts";
import type { RunSchedule } from "./search.ts";
import { lifeResource } from "./touched.ts";

export interface CaseRunOptions {
  readonly scenario: Scenario;
  readonly case: Case;
  readonly runCase: RunCase;
  /** What the run came to, without ids and times. */
  readonly describe: (outcome: Outcome) => string;
  /** Asked in place of the case's own plan. */
  readonly faults?: FaultSource;
  /** Every run that came to its end. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Runs a scenario's case under a guided schedule. */
export function runOfCase(options: CaseRunOptions): RunSchedule {
  const { scenario, case: input, runCase, describe, faults, onOutcome } = options;
  return (scheduler) => {
    const exploration = { scheduler, reader: readerFor(scheduler), ...(faults === undefined ? {} : { faults }) };
    const outcome = runCase(scenario, input, exploration);
    if (scheduler.abandoned) return abandoned;
    const { verdict } = outcome;
    if (verdict.kind === "broken") throw verdict.error;
    onOutcome?.(outcome);
    return { outcome: describe(outcome), verdict: verdictOf(verdict.kind) };
  };
}

const abandoned: RunEnding = { outcome: "abandoned", verdict: "cut" };

function verdictOf(kind: Outcome["verdict"]["kind"]): RunEnding["verdict"] {
  if (kind === "held") return "held";
  return kind === "limit" ? "cut" : "violated";
}

type Reader = NonNullable<Exploration["reader"]>;

/**
 * Judges read the history in order: two steps that both say something which judges compare with each other, whoever
 * said it, do not commute. Those are the notes, the changes of services, and what strikes processes. What is said of one
 * file alone is ordered by that file.
 */
function readerFor(scheduler: GuidedScheduler): Reader {
  return {
    observe(event) {
      switch (event.kind) {
        case "process":
          scheduler.touch({ id: lifeResource(event.process, event.incarnation), rw: "w" });
          // When one began or came to its end by itself says nothing about the others.
          if (event.what !== "start" && event.what !== "finish") scheduler.touch(judged);
          return;
        case "note":
          scheduler.touch(judged);
          return;
        case "change":
          if (event.change.store !== "disk") scheduler.touch(judged);
          return;
        default:
      }
    },
  };
}

const judged = { id: "judged", rw: "w" } as const;

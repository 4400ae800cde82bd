import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Exploration } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { RunCase } from "../explorer.ts";
import type { RunEnding } from "./execution.ts";
import type { GuidedScheduler } from "./guided-scheduler.ts";
import type { RunSchedule } from "./search.ts";
import { processResource } from "./touched.ts";

export interface CaseRunOptions {
  readonly scenario: Scenario;
  readonly case: Case;
  readonly runCase: RunCase;
  /** What the run came to, without ids and times. */
  readonly describe: (outcome: Outcome) => string;
  /** Every run that came to its end. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Runs a scenario's case under a guided schedule. */
export function runOfCase({ scenario, case: input, runCase, describe, onOutcome }: CaseRunOptions): RunSchedule {
  return (scheduler) => {
    const outcome = runCase(scenario, input, { scheduler, reader: readerFor(scheduler) });
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
          scheduler.touch({ id: processResource(event.process), rw: "w" });
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

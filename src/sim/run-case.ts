import { PlannedFaults, type FaultSource } from "../faults/plan.ts";
import { History, type HistoryReader } from "../history/history.ts";
import { Panel } from "../invariants/panel.ts";
import { Kernel, type RunEnd } from "../kernel/kernel.ts";
import type { Pace, Scheduler } from "../kernel/scheduler.ts";
import { inMacrotask } from "../kernel/settle.ts";
import type { Violation } from "../invariants/invariant.ts";
import type { Case, Delay, Preemption } from "./case.ts";
import { HeldSchedule } from "./held-schedule.ts";
import type { Outcome, Verdict } from "./outcome.ts";
import { PlannedPace } from "./planned-pace.ts";
import type { Scenario } from "./scenario.ts";
import { World } from "./world.ts";

/** What chooses while a case is explored. Each keeps the record of what it chose. */
export interface Exploration {
  readonly scheduler?: Scheduler & { preemptions(): readonly Preemption[] };
  readonly pace?: Pace & { delays(): readonly Delay[] };
  readonly faults?: FaultSource;
  readonly heartbeat?: Int32Array;
  /** Reads the history as it grows. */
  readonly reader?: HistoryReader;
}

/** Runs a case to its outcome. The same case gives the same history, byte for byte. */
export function runCase(scenario: Scenario, input: Case, exploration: Exploration = {}): Promise<Outcome> {
  return inMacrotask(() => runCaseNow(scenario, input, exploration));
}

/** The same, from inside a macrotask: many runs without leaving it. */
export function runCaseNow(scenario: Scenario, input: Case, exploration: Exploration = {}): Outcome {
  const planned = new PlannedFaults(input.faults);
  const held = new HeldSchedule(input.preemptions);
  const plannedPace = new PlannedPace(input.delays);
  const panel = new Panel(scenario.invariants, scenario.sometimes, () => kernel.stop("violated"));
  const readers = exploration.reader === undefined ? [panel] : [panel, exploration.reader];
  const history = new History(() => kernel.nowUs, readers);
  const kernel = new Kernel({
    seed: input.drawSeed,
    scheduler: exploration.scheduler ?? held,
    pace: exploration.pace ?? plannedPace,
    observer: history,
    ...scenario.bounds,
    ...(exploration.heartbeat === undefined ? {} : { heartbeat: exploration.heartbeat }),
  });
  const world = new World({ kernel, history, faults: exploration.faults ?? planned });
  scenario.build(world, input.workload);
  const end = kernel.runToEnd();
  const cameToItsEnd = panel.violations.length === 0 && (end.kind === "stopped" || end.kind === "quiescent");
  if (cameToItsEnd) panel.finish({ atUs: kernel.nowUs });
  return {
    verdict: verdictOf(end, panel.violations, history),
    end,
    history,
    sometimes: [...panel.hits],
    checked: panel.checked(),
    unused: exploration.faults === undefined ? [...planned.unreached(), ...held.unused(), ...plannedPace.unused()] : [],
    heldToTheEnd: cameToItsEnd && held.stillHolds(),
    realised: () => ({
      ...input,
      faults: [...world.struck],
      preemptions: exploration.scheduler?.preemptions() ?? held.used(),
      delays: exploration.pace?.delays() ?? plannedPace.used(),
    }),
    stats: {
      ops: kernel.operationsSent,
      steps: kernel.stepsRun,
      events: history.events.length,
      virtualMs: kernel.nowUs / 1000,
    },
  };
}

function verdictOf(end: RunEnd, violations: readonly Violation[], history: History): Verdict {
  switch (end.kind) {
    case "broken":
      return { kind: "broken", error: end.error };
    case "leak":
      return { kind: "nondeterminism", what: `${end.api} (use ${end.instead})`, site: end.site, stack: end.stack };
    case "ambiguous-site":
      return { kind: "nondeterminism", what: "ambiguous site", site: end.site, stack: "" };
    case "stopped":
    case "quiescent":
    case "limit":
    case "deadlock":
      break;
  }
  const violation = violations[0];
  if (violation !== undefined) return { kind: "violated", violation };
  if (end.kind === "limit") return { kind: "limit", limit: end.limit, value: end.value };
  if (end.kind === "deadlock") {
    return {
      kind: "violated",
      violation: {
        invariant: "deadlock",
        rule: "Every process goes on or ends.",
        place: end.waiting.join(", "),
        message: `${end.waiting.join(", ")} waits for something that can no longer happen.`,
        atUs: history.events.at(-1)?.atUs ?? 0,
        eventIndex: history.events.length,
      },
    };
  }
  return { kind: "held" };
}

import type { JsonValue } from "../base/json.ts";
import { Explorer, type Plan, type RunCase } from "../explore/explorer.ts";
import type { Fault } from "../faults/fault.ts";
import { noFaults, PlannedFaults, type FaultSource } from "../faults/plan.ts";
import { Draws, purpose } from "../kernel/draws.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { agreementWith, type Speakers } from "./divergence.ts";
import { LoggedFaultSource } from "./logged-fault-source.ts";
import type { LoggedFault, ShownKinds } from "./logged-fault.ts";
import { showsSymptom, type Symptom } from "./symptom.ts";
import type { Timeline } from "./timeline.ts";

/** What is known of an incident: a case with open places, and what it must come to. */
export interface Incident extends Speakers {
  readonly scenario: Scenario;
  /** Those that the logs allow, the likeliest first; absent: the scenario's own. */
  readonly workloads: readonly JsonValue[] | undefined;
  readonly faults: readonly LoggedFault[];
  readonly shown: ShownKinds;
  readonly symptom: Symptom;
  readonly timeline: Timeline;
}

/** A case that shows the symptom. */
export interface Find {
  readonly seed: number;
  readonly strategy: string;
  /** All that shaped the run. */
  readonly case: Case;
  readonly place: string;
  readonly message: string;
  readonly invariant: string;
  /** How many events the orchestrator said in it as it did in the logs, before they part. */
  readonly agreed: number;
  /** Which faults of the case stand for which of the logs. */
  readonly struck: readonly { readonly logged: LoggedFault; readonly fault: Fault }[];
}

/**
 * Tries cases by seed: what the logs show is the same in each, what they do not show is drawn as a campaign draws it. Only the
 * symptom's invariants judge, so that nothing else ends a run before. Call it inside a macrotask.
 */
export class IncidentSearch {
  /** In how many runs each fault of the logs came about, by its place in the list. */
  readonly placed: number[];
  runs = 0;

  private readonly incident: Incident;
  private readonly runCase: RunCase;
  private readonly judged: Scenario;
  private readonly explorer: Explorer;

  constructor(incident: Incident, runCase: RunCase) {
    this.incident = incident;
    this.runCase = runCase;
    this.judged = judgedBySymptom(incident);
    this.explorer = new Explorer(this.judged, "portfolio", runCase);
    this.placed = incident.faults.map(() => 0);
  }

  attempt(seed: number): Find | undefined {
    const { faults, shown, people, nameOf } = this.incident;
    const plan = this.explorer.plan(seed);
    const draws = new Draws(seed);
    const source = new LoggedFaultSource({ faults, shown, people, nameOf, draws, others: this.others(plan, draws) });
    const input: Case = { ...plan.case, faults: [] };
    const outcome = this.runCase(this.judged, input, { ...plan.exploration, faults: source, reader: source });
    this.runs++;
    for (const { logged } of source.struck) this.placed[faults.indexOf(logged)]!++;
    const violation = symptomIn(outcome, this.incident.symptom);
    if (violation === undefined) return undefined;
    const { invariant, place, message } = violation;
    const { agreed } = agreementWith(this.incident.timeline, outcome.history.events, this.incident);
    return {
      seed,
      strategy: plan.strategy,
      case: outcome.realised(),
      agreed,
      place,
      message,
      invariant,
      struck: source.struck,
    };
  }

  /** Whether a case shows the symptom. */
  shows(input: Case): boolean {
    return symptomIn(this.runCase(this.judged, input, {}), this.incident.symptom) !== undefined;
  }

  /** Where the logs show faults, half of the runs have no others: most incidents need no more. */
  private others({ case: input, exploration }: Plan, draws: Draws): FaultSource {
    const isEnough = this.incident.faults.length > 0 && draws.int(0, othersPurpose, 2) === 0;
    return isEnough ? noFaults : (exploration.faults ?? new PlannedFaults(input.faults));
  }
}

const othersPurpose = purpose("others");

function judgedBySymptom({ scenario, workloads, symptom }: Incident): Scenario {
  const judged: Scenario = {
    ...scenario,
    invariants: scenario.invariants.filter(({ id }) => symptom.invariants.includes(id)),
    sometimes: [],
  };
  if (workloads === undefined) return judged;
  const draw = (seed: number): JsonValue => workloads[seed % workloads.length]!;
  return { ...judged, workloads: { scripted: workloads, draw, refuse: (value) => scenario.workloads.refuse(value) } };
}

function symptomIn({ verdict }: Outcome, symptom: Symptom) {
  return verdict.kind === "violated" && showsSymptom(symptom, verdict.violation) ? verdict.violation : undefined;
}

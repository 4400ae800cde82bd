import type { JsonValue } from "../base/json.ts";
import { emptyCase, type RunCase } from "../explore/explorer.ts";
import type { Scenario } from "../sim/scenario.ts";
import { boardWorkload, openWorkloads, type BoardWorkload } from "./board-workload.ts";
import { agreementWith, faultBehind, type Speakers } from "./divergence.ts";
import { findLoggedFaults, shownKinds } from "./find-logged-faults.ts";
import type { LoggedFault } from "./logged-fault.ts";
import type { LogContents } from "./read-logs.ts";
import type { Incident } from "./search.ts";
import { findSymptoms, type Symptom } from "./symptom.ts";
import type { Timeline } from "./timeline.ts";

/** What the logs leave of an incident: a case with open places, and how it came about. */
export interface PreparedIncident extends Incident {
  /** Where the workload is from: `given`; read out of the `logs`; or the scenario's own, with the reason. */
  readonly workloadFrom:
    | { readonly kind: "given" }
    | { readonly kind: "logs"; readonly board: BoardWorkload }
    | { readonly kind: "scenario"; readonly why: string };
  /** Events that the orchestrator said in the logs as it says them undisturbed. */
  readonly agreed: number;
  /** Earlier faults of logs that show more than a case can hold. */
  readonly faultsLeftOut: number;
  /** What else in the logs looks wrong than the symptom that is looked for. */
  readonly otherSymptoms: readonly Symptom[];
}

export interface PreparationOptions extends Speakers {
  readonly contents: Pick<LogContents, "snapshot">;
  readonly timeline: Timeline;
  readonly scenario: Scenario;
  /** The user's own; one that the scenario takes. */
  readonly workload?: JsonValue;
  /** Of the first epic; read out of the logs unless given. */
  readonly plan?: JsonValue;
  /** The user's own; found in the logs unless given. */
  readonly symptom?: Symptom;
}

/**
 * Builds the case with open places: the workload as the board had it, in the variants that the logs allow and of which an
 * undisturbed run says most of what the logs say; the faults that the logs show; and one more where they go otherwise than
 * undisturbed and no fault that they show is why. Call it inside a macrotask.
 */
export function prepareIncident(options: PreparationOptions, runCase: RunCase): PreparedIncident {
  const { contents, timeline, scenario, people, nameOf } = options;
  const workloadFrom = findWorkload(options);
  const shown = shownKinds(timeline);
  const all = findLoggedFaults(timeline, scenario.faults);
  const known = all.slice(-faultsMax);
  const candidates =
    workloadFrom.kind === "given"
      ? [options.workload!]
      : workloadFrom.kind === "logs"
        ? openWorkloads(workloadFrom.board)
        : scenario.workloads.scripted.slice(0, 1);
  const unjudged: Scenario = { ...scenario, invariants: [], sometimes: [] };
  const compared = candidates.map((workload) => {
    const { history } = runCase(unjudged, emptyCase(scenario, 0, workload), {});
    return { workload, agreement: agreementWith(timeline, history.events, options) };
  });
  const agreed = Math.max(0, ...compared.map(({ agreement }) => agreement.agreed));
  const likeliest = compared.filter(({ agreement }) => agreement.agreed === agreed);
  const first = likeliest[0];
  // Where next to nothing is the same, the logs are of a system that says other things, and nothing follows from it.
  const behind =
    first === undefined || agreed < agreedMin
      ? undefined
      : faultBehind(first.agreement, timeline, { known, shown, settings: scenario.faults });
  const faults: readonly LoggedFault[] = behind === undefined ? known : [...known, behind];
  const judgedIds = scenario.invariants.map(({ id }) => id);
  const symptoms = findSymptoms(timeline, contents.snapshot).filter(({ invariants }) =>
    invariants.some((id) => judgedIds.includes(id)),
  );
  const symptom = options.symptom ?? symptoms[0] ?? anything(judgedIds);
  return {
    scenario,
    workloads: workloadFrom.kind === "scenario" ? undefined : likeliest.map(({ workload }) => workload),
    faults,
    shown,
    symptom,
    timeline,
    people,
    nameOf,
    workloadFrom,
    agreed,
    faultsLeftOut: all.length - known.length,
    otherSymptoms: symptoms.filter((each) => each !== symptom),
  };
}

const agreedMin = 2;
const faultsMax = 40;

function findWorkload({
  workload,
  plan,
  timeline,
  contents,
  scenario,
}: PreparationOptions): PreparedIncident["workloadFrom"] {
  if (workload !== undefined) return { kind: "given" };
  const board = boardWorkload(timeline, contents.snapshot, plan);
  if (board === undefined) return { kind: "scenario", why: "no log names a card" };
  const refusal = scenario.workloads.refuse(board.workload);
  if (refusal === undefined) return { kind: "logs", board };
  return { kind: "scenario", why: "what the logs tell of a board is no workload of this scenario" };
}

function anything(invariants: readonly string[]): Symptom {
  return { invariants, place: [], from: "no log says what was wrong, so any violation counts" };
}

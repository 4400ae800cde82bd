import type { NoteEvent, OpIdentity } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { textField } from "./note-fields.ts";
import type { RunView } from "./run-view.ts";

/** L4. */
export function stepTime(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L4",
    rule: "An agent asks no model and starts no program when its step has lasted longer than it may.",
    start: (evidence, report) => stepJudge(evidence, report),
  });
}

interface Step {
  readonly agent: string;
  readonly startedUs: number;
}

/** By how much two clocks may differ in what they call the same time. */
const driftShare = 0.01;

function stepJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { limits, programs } = evidence.facts;
  const limitUs = limits.stepMsMax * 1_000 * (1 + driftShare);
  const names = new Set(programs);
  const steps = new Map<RunView, Step>();
  let judged = 0;

  function observeNote(note: NoteEvent): void {
    if (note.name !== "agent.started" && note.name !== "agent.finished" && note.name !== "run.finished") return;
    const run = evidence.runs.ofTask(note);
    if (run === undefined) return;
    if (note.name === "agent.started") steps.set(run, { agent: textField(note, "agent"), startedUs: note.atUs });
    else steps.delete(run);
  }

  function observeSent(op: OpIdentity, atUs: number): void {
    if (op.name !== "model.complete" && !names.has(programOf(op.name))) return;
    const run = evidence.runs.ofOperation(op);
    const step = run === undefined ? undefined : steps.get(run);
    if (run === undefined || step === undefined) return;
    judged++;
    const lastedUs = atUs - step.startedUs;
    if (lastedUs <= limitUs) return;
    report({
      place: `${run.card} lane ${run.lane} ${step.agent}`,
      message: `${step.agent} still began ${op.name} for ${op.key} ${Math.round(lastedUs / 1e6)} s after its start.`,
      expected: limits.stepMsMax,
      actual: Math.round(lastedUs / 1_000),
    });
  }

  return {
    kinds: ["note", "sent"],
    observe(event) {
      if (event.kind === "note") observeNote(event);
      else if (event.kind === "sent") observeSent(event.op, event.atUs);
    },
    checked: () => judged,
  };
}

/** As `git` of `git.commit`. */
function programOf(name: string): string {
  const dot = name.indexOf(".");
  return dot === -1 ? name : name.slice(0, dot);
}

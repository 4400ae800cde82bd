import type { ChangeEvent, NoteEvent } from "../history/event.ts";
import { workspaceOf, workspaceOfRun, type Approval } from "./approvals.ts";
import type { PathChange } from "./disk-view.ts";
import { idOf } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { laneRules } from "./lanes.ts";
import { textField } from "./note-fields.ts";

/** G1. */
export function approvedUnchanged(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "G1",
    rule: "Approved artifacts are never silently changed: who changes them does not go on, and what others changed is put back before its next use.",
    start: (evidence, report) => approvalJudge(evidence, report),
  });
}

function approvalJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const hashes = new Map<string, string>();
  let judged = 0;

  function judgePaths(): void {
    for (const change of evidence.pathChanges) {
      const approval = evidence.approvals.at(change.path);
      if (approval === undefined || !evidence.isSystem(change.by)) continue;
      judged++;
      if (change.digest === approval.digest || clearsThePlace(change, approval)) continue;
      report({
        place: approval.place,
        message: `${change.by} itself changed ${approval.place} after its approval.`,
        expected: approval.digest ?? null,
        actual: change.digest ?? change.how,
      });
    }
  }

  /** Only a run of the lane to which people moved the card back may open what was approved there. */
  function judgeReopening({ op }: ChangeEvent): void {
    for (const { place, path } of evidence.reopened) {
      judged++;
      const run = op && evidence.runs.ofTask({ process: op.process, incarnation: op.incarnation, task: op.taskName });
      const card = run && evidence.board.cards.get(run.cardId);
      const workspace = workspaceOf(evidence.facts, card);
      const opens = run && card && laneRules[run.lane]?.reopens(idOf(card));
      if (opens !== undefined && path === `${workspace}/${opens}`) {
        // The record counts, not what is said of it: who wrote it may have been cut off before it could tell.
        hashes.delete(place);
        continue;
      }
      report({
        place,
        message: `${place} was opened again by ${run === undefined ? "no run" : `a run of lane ${run.lane} for ${run.card}`}.`,
        expected: "a run of the lane to which people moved the card back",
      });
    }
  }

  /** A run that ends well has used what it found; it must have put back what was wrong when it began. */
  function judgeUse(note: NoteEvent): void {
    const run = evidence.runs.ofTask(note);
    const workspace = run === undefined ? undefined : workspaceOfRun(evidence.facts, evidence.board, run.cardId);
    if (run === undefined || workspace === undefined || textField(note, "outcome") !== "done") return;
    for (const approval of evidence.approvals.of(workspace)) {
      judged++;
      const { deviation } = approval;
      if (deviation !== undefined && deviation.atUs < run.startedUs) report(usedAsIs(approval, run));
    }
  }

  function judgeLock(note: NoteEvent): void {
    const place = placeOf(note);
    const hash = textField(note, "hash");
    const first = hashes.get(place);
    judged++;
    if (first === undefined) hashes.set(place, hash);
    else if (first !== hash) {
      report({
        place,
        message: `${place} was approved a second time, with other content, and was not opened again before.`,
        expected: first,
        actual: hash,
      });
    }
  }

  return {
    kinds: ["change", "note"],
    observe(event) {
      if (event.kind === "change") {
        judgePaths();
        judgeReopening(event);
      } else if (event.kind === "note" && event.name === "run.finished") judgeUse(event);
      else if (event.kind === "note" && event.name === "artifact.locked") judgeLock(event);
    },
    checked: () => judged,
  };
}

/** What others put in the place of the approved file, a folder perhaps, goes before the file comes back. */
function clearsThePlace(change: PathChange, { deviation }: Approval): boolean {
  return change.how === "removed" && deviation !== undefined && deviation.by !== change.by;
}

function placeOf(note: NoteEvent): string {
  return `${textField(note, "workspace")}/${textField(note, "path")}`;
}

function usedAsIs(approval: Approval, run: { readonly card: string; readonly lane: number }): Finding {
  const { by, how } = approval.deviation!;
  return {
    place: approval.place,
    message: `${approval.place} was ${how} by ${by} after its approval, and the run of lane ${run.lane} for ${run.card} ended well all the same.`,
    expected: "put back and reported before its first use",
    actual: `still ${how}`,
  };
}

import type { GitChange } from "../history/changes.ts";
import type { NoteEvent, OpIdentity } from "../history/event.ts";
import { cardsOfRun } from "./batch.ts";
import { idOf, nameOf, type CardView } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { laneRule, ralphLane, sourcePath, type LaneRule } from "./lanes.ts";
import { textField } from "./note-fields.ts";
import type { RunView } from "./run-view.ts";
import { workspaceOf, workspaceOfTree } from "./approvals.ts";

/** O1. */
export function rightAgent(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "O1",
    rule: "A run is for the lane its card was in when it was looked at, and leaves that lane's artifacts or a visible failure.",
    start: (evidence, report) => dispatchJudge(evidence, report),
  });
}

function dispatchJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  /** When each process looked last: at a card by its name, at the whole board under the empty name. */
  const looks = new Map<string, number>();
  /** Sources that were committed, as absolute paths. */
  const committed = new Set<string>();
  /** `card/tag`: failures that were shown. */
  const shown = new Set<string>();
  let judged = 0;

  function observeSent(op: OpIdentity, atUs: number): void {
    if (op.name === "board.getTask") looks.set(`${op.process} ${op.key}`, atUs);
    else if (op.name === "board.getAllTasks") looks.set(`${op.process} `, atUs);
  }

  function judgeStart(note: NoteEvent): void {
    const run = evidence.runs.ofTask(note)!;
    const card = evidence.board.cards.get(run.cardId);
    judged++;
    const place = `${run.card} lane ${run.lane}`;
    if (card === undefined || laneRule(evidence.facts, run.lane) === undefined) {
      report({ place, message: `${run.process} began a run for ${place}, which no agent belongs to.` });
      return;
    }
    const lookedUs = Math.max(
      looks.get(`${run.process} ${nameOf(card)}`) ?? -1,
      looks.get(`${run.process} ${run.card}`) ?? -1,
      looks.get(`${run.process} `) ?? -1,
    );
    const sinceUs = lookedUs === -1 ? run.startedUs : lookedUs;
    const wasThere = card.stays.some(
      (stay) => stay.lane === run.lane && stay.dateMoved === run.dateMoved && stay.untilUs >= sinceUs,
    );
    if (wasThere) return;
    const lane = card.stays.find((stay) => stay.untilUs >= sinceUs)?.lane ?? 0;
    report({
      place,
      message: `${run.process} began a run of lane ${run.lane} for ${run.card}, which was in lane ${lane} when it last looked.`,
      expected: lane,
      actual: run.lane,
    });
  }

  function judgeFinish(note: NoteEvent): void {
    const run = evidence.runs.ofTask(note);
    const card = run === undefined ? undefined : evidence.board.cards.get(run.cardId);
    const rule = run === undefined ? undefined : laneRule(evidence.facts, run.lane);
    if (run === undefined || card === undefined || rule === undefined || card.state === "removed") return;
    const outcome = textField(note, "outcome");
    if (outcome !== "done" && outcome !== "failed") return;
    judged++;
    const missing =
      outcome === "done"
        ? cardsOfRun(evidence, run)
            .map((each) => missingOf(run, each, rule))
            .find((each) => each !== undefined)
        : missingOfFailure(card, rule);
    if (missing === undefined) return;
    report({
      place: `${run.card} lane ${run.lane}`,
      message: `${run.process} acknowledged lane ${run.lane} of ${run.card} as ${outcome}, but there is no ${missing}.`,
      expected: missing,
    });
  }

  function missingOf(run: RunView, card: CardView, rule: LaneRule): string | undefined {
    const id = idOf(card);
    const missing = rule.attachments(id).find((name) => (card.attachments.get(name) ?? 0) < 1);
    if (missing !== undefined) return `attachment ${missing}`;
    if (run.lane !== ralphLane) return undefined;
    const source = sourcePath(id);
    return committed.has(`${workspaceOf(evidence.facts, card) ?? ""}/${source}`) ? undefined : `commit of ${source}`;
  }

  function missingOfFailure(card: CardView, rule: LaneRule): string | undefined {
    if (!shown.has(`${card.id}/${rule.failedTag}`)) return `tag ${rule.failedTag}`;
    return card.comments.some((comment) => evidence.isSystem(comment.by.process)) ? undefined : "comment";
  }

  return {
    kinds: ["sent", "note", "change"],
    stores: ["git", "board"],
    observe(event) {
      switch (event.kind) {
        case "sent":
          observeSent(event.op, event.atUs);
          return;
        case "note":
          if (event.name === "run.started") judgeStart(event);
          else if (event.name === "run.finished") judgeFinish(event);
          return;
        case "change": {
          const { change } = event;
          if (change.type === "commit") {
            const { repository, changed } = change as unknown as GitChange;
            for (const path of Object.keys(changed)) committed.add(`${workspaceOfTree(repository)}/${path}`);
          } else if (change.type === "tags.set") {
            for (const tag of (change as unknown as { tags: readonly string[] }).tags)
              shown.add(`${change["card"] as number}/${tag}`);
          }
          return;
        }
        default:
      }
    },
    checked: () => judged,
  };
}

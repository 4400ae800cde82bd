import type { ChangeEvent, NoteEvent } from "../history/event.ts";
import { stayOf } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import { peopleNotes } from "./facts.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { epicOf, laneRules, spawnLane, storyOf } from "./lanes.ts";
import { textField, textsField } from "./note-fields.ts";
import { originOf } from "./origin.ts";

/** I3. */
export function floodControl(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "I3",
    rule: "An epic over the limit of stories gets no card at all and says so; a story spawns nothing.",
    start: (evidence, report) => floodJudge(evidence, report),
  });
}

function floodJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.childrenPerEpicMax;
  const storiesByEpic = new Map<string, Set<string>>();
  const floods = new Set<string>();
  const failedFloods = new Set<string>();
  let judged = 0;

  function observeNote(note: NoteEvent): void {
    if (note.name === peopleNotes.planApproved) {
      judged++;
      if (textsField(note, "stories").length > limit) floods.add(textField(note, "epic"));
    }
    if (note.name !== "run.finished" || note.fields["lane"] !== spawnLane) return;
    const epic = textField(note, "card");
    if (!floods.has(epic)) return;
    judged++;
    const outcome = textField(note, "outcome");
    if (outcome === "failed") failedFloods.add(epic);
    if (outcome !== "done") return;
    report({
      place: epic,
      message: `The fan-out of ${epic} was acknowledged as done, although its plan is over the limit of ${limit} stories.`,
      expected: "a visible refusal",
      actual: outcome,
    });
  }

  function observeCreation(event: ChangeEvent): void {
    const card = evidence.board.cards.get(event.change["card"] as number);
    const origin = originOf(event.op);
    if (card === undefined || origin.repeated || !evidence.isSystem(origin.process)) return;
    judged++;
    const reference = storyOf(card.createdFor) === undefined ? card.reference : card.createdFor;
    const epic = epicOf(reference);
    const original = card.copyOf === undefined ? undefined : evidence.board.cards.get(card.copyOf);
    const run = evidence.runs.ofTask({ ...origin, task: event.op?.taskName ?? "" });
    if (
      (original !== undefined && isChild(original.metadata)) ||
      (run !== undefined && storyOf(run.card) !== undefined)
    ) {
      report({
        place: epic,
        message: `${origin.process} made a card for a story of ${epic}: stories have no stories.`,
      });
      return;
    }
    const stories = storiesByEpic.get(epic) ?? new Set();
    storiesByEpic.set(epic, stories.add(reference));
    if (!floods.has(epic) && stories.size <= limit) return;
    report({
      place: epic,
      message: `${origin.process} made a card for ${epic}, whose plan is over the limit of ${limit} stories.`,
      expected: 0,
      actual: stories.size,
    });
  }

  return {
    kinds: ["note", "change"],
    stores: ["board"],
    observe(event) {
      if (event.kind === "note") observeNote(event);
      if (event.kind === "change" && event.change.type === "card.created") observeCreation(event);
    },
    finish() {
      const { failedTag } = laneRules[spawnLane]!;
      for (const epic of failedFloods) {
        const card = evidence.board.byReference(epic);
        if (card === undefined || stayOf(card).lane !== spawnLane) continue;
        judged++;
        if (card.tags.includes(failedTag) && card.comments.some(({ text }) => text.includes(String(limit)))) continue;
        report({
          place: epic,
          message: `${epic} was refused for its ${limit}+ stories, but the card does not say so.`,
          expected: `the tag ${failedTag} and a comment that names the limit`,
        });
      }
    },
    checked: () => judged,
  };
}

function isChild(metadata: ReadonlyMap<string, string>): boolean {
  return metadata.has("atomic_id");
}

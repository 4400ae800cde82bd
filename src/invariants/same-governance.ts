import type { ChangeEvent, NoteEvent } from "../history/event.ts";
import { workspaceOf, workspaceOfRun } from "./approvals.ts";
import { cardsOfRun } from "./batch.ts";
import { idOf, nameOf, stayOf } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import {
  allLaneRules,
  epicOf,
  laneRules,
  planPath,
  ralphLane,
  spawnLane,
  staleTag,
  storyOf,
  testPath,
} from "./lanes.ts";
import { textField } from "./note-fields.ts";
import { originOf } from "./origin.ts";

/** G3. */
export function sameGovernance(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "G3",
    rule: "Whatever triggers a run: people alone move cards, what they set stays, and nothing is built on what is not approved.",
    start: (evidence, report) => gateJudge(evidence, report),
  });
}

function gateJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { facts, board, approvals } = evidence;
  /** Tags that people gave a card, and when. */
  const peopleTags = new Map<number, Map<string, number>>();
  const tagsBefore = new Map<number, readonly string[]>();
  /** When a process asked for the tags of a card, by its name, the last time. */
  const tagReads = new Map<string, number>();
  /** What the card of a story was made, or last revised, from. */
  const planEntries = new Map<number, string>();
  let judged = 0;

  function judgeTags(event: ChangeEvent): void {
    const card = board.cards.get(event.change["card"] as number);
    if (card === undefined) return;
    const before = tagsBefore.get(card.id) ?? [];
    tagsBefore.set(card.id, card.tags);
    const given = peopleTags.get(card.id) ?? new Map<string, number>();
    const { process } = originOf(event.op);
    if (!evidence.isSystem(process)) {
      for (const tag of card.tags) if (!before.includes(tag) && !agentTags.has(tag)) given.set(tag, event.atUs);
      for (const tag of given.keys()) if (!card.tags.includes(tag)) given.delete(tag);
      if (given.size > 0) peopleTags.set(card.id, given);
      return;
    }
    const readUs = tagReads.get(`${process} ${nameOf(card)}`) ?? -Infinity;
    for (const [tag, setUs] of given) {
      judged++;
      if (card.tags.includes(tag)) continue;
      given.delete(tag);
      // The board replaces all tags at once: who has read them just before cannot do better.
      if (setUs > readUs && event.atUs - readUs <= staleUsMax) continue;
      report({
        place: `${nameOf(card)} tag ${tag}`,
        message: `${process} wrote the tags of ${nameOf(card)} as they were long before, and took away ${tag}, which people had set.`,
        expected: [...card.tags, tag].toSorted(),
        actual: card.tags,
      });
    }
  }

  function judgeMove(event: ChangeEvent): void {
    const card = board.cards.get(event.change["card"] as number);
    const { process } = originOf(event.op);
    if (card === undefined) return;
    judged++;
    if (!evidence.isSystem(process)) return;
    report({
      place: nameOf(card),
      message: `${process} moved ${nameOf(card)} to ${event.change["to"] as string}; only people may.`,
      expected: "a move by people",
      actual: process,
    });
  }

  function judgeCreation(event: ChangeEvent): void {
    const card = board.cards.get(event.change["card"] as number);
    const { process } = originOf(event.op);
    if (card === undefined || !evidence.isSystem(process)) return;
    const epic = epicOf(storyOf(card.createdFor) === undefined ? nameOf(card) : card.createdFor);
    const workspace = workspaceOf(facts, board.byReference(epic) ?? board.lastOf(epic));
    judged++;
    if (workspace !== undefined && approvals.at(`${workspace}/${planPath}`) !== undefined) return;
    report({
      place: epic,
      message: `${process} made a card for ${epic}, whose plan is not approved.`,
      expected: `${planPath} approved first`,
    });
  }

  /** A story that the plan describes otherwise since: its card says so, before it counts as revised. */
  function judgeRevision(event: ChangeEvent): void {
    const card = board.cards.get(event.change["card"] as number);
    if (card === undefined || event.change["name"] !== planEntryField) return;
    const before = planEntries.get(card.id);
    const entry = event.change["value"] as string;
    planEntries.set(card.id, entry);
    // A copy of the epic without a key is nobody's yet: a fan-out that goes on takes it for any story.
    if (before === undefined || before === entry || storyOf(nameOf(card)) === undefined) return;
    judged++;
    const isTold = card.comments.some(
      ({ by, text }) => evidence.isSystem(by.process) && /plan was approved again/.test(text),
    );
    const isMarked = stayOf(card).lane <= spawnLane || card.tags.includes(staleTag);
    if (isTold && isMarked) return;
    report({
      place: `${nameOf(card)} revised`,
      message: `The plan says something else of ${nameOf(card)} since, and its card does not ${isTold ? "bear the tag for it" : "say so"}.`,
      expected: `a comment, and the tag ${staleTag} where work was begun`,
      actual: card.tags,
    });
  }

  function judgeFinish(note: NoteEvent): void {
    const run = evidence.runs.ofTask(note);
    const rule = run === undefined ? undefined : laneRules[run.lane];
    if (run === undefined || rule === undefined || textField(note, "outcome") !== "done") return;
    const workspace = workspaceOfRun(facts, board, run.cardId);
    if (workspace === undefined) return;
    for (const card of cardsOfRun(evidence, run)) {
      const path = run.lane === ralphLane ? testPath(idOf(card)) : rule.approves(idOf(card));
      if (path === undefined) continue;
      judged++;
      if (approvals.at(`${workspace}/${path}`) !== undefined) continue;
      report({
        place: `${run.card} lane ${run.lane}`,
        message: `The run of lane ${run.lane} for ${run.card} (by ${run.process}) ended well, but ${path} is not approved.`,
        expected: `${path} approved`,
      });
    }
  }

  return {
    kinds: ["change", "note", "sent"],
    observe(event) {
      if (event.kind === "sent" && event.op.name === "board.getTaskTags") {
        tagReads.set(`${event.op.process} ${event.op.key}`, event.atUs);
      }
      if (event.kind === "note" && event.name === "run.finished") judgeFinish(event);
      if (event.kind !== "change") return;
      if (event.change.type === "card.moved") judgeMove(event);
      else if (event.change.type === "tags.set") judgeTags(event);
      else if (event.change.type === "card.created") judgeCreation(event);
      else if (event.change.type === "metadata.saved") judgeRevision(event);
    },
    checked: () => judged,
  };
}

/** The field of a story's card that names its entry in the plan. */
const planEntryField = "plan_entry";

/** A call that is repeated until it is answered may take so long from its reading to its writing. */
const staleUsMax = 45_000_000;

const agentTags: ReadonlySet<string> = new Set(
  allLaneRules.flatMap((rule) => [rule.startedTag, rule.completedTag, rule.failedTag]),
);

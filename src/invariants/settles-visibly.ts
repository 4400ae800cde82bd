import type { ProgramChange } from "../history/changes.ts";
import type { ChangeEvent, HistoryEvent, NoteEvent } from "../history/event.ts";
import { workspaceOf } from "./approvals.ts";
import { nameOf, stayOf, type CardView } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import { peopleNotes } from "./facts.ts";
import { exceedsBudget, writesOver, type StruckFault } from "./fault-budget.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import {
  allLaneRules,
  doneLane,
  epicOf,
  fileId,
  laneRule,
  ralphLane,
  spawnLane,
  staleTag,
  startedTags,
  storyOf,
} from "./lanes.ts";
import { textField } from "./note-fields.ts";
import type { LeaseView } from "./run-view.ts";

/** V1. */
export function settlesVisibly(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "V1",
    rule: "In the end every card is done, waits visibly at a gate, or shows a failure that its faults explain, and nothing is left held.",
    start: (evidence, report) => endJudge(evidence, report),
  });
}

function endJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { facts, board, runs, disk } = evidence;
  /** Epics of which no plan can be carried out. */
  const hopeless = new Set<string>();
  const asked = new Set<string>();
  /** By epic: how many fixes of the coder's the Ralph loop has left over when nothing goes wrong. */
  const spareFixes = new Map<string, number>();
  let judged = 0;

  function judgeCard(card: CardView, atUs: number): void {
    judged++;
    const { lane } = stayOf(card);
    const name = nameOf(card);
    const place = `${name} lane ${lane}`;
    const started = card.tags.find((tag) => startedTags.has(tag));
    if (started !== undefined) {
      // Whoever looked last may have looked just before a run was tried again.
      if (runs.leases.some((lease) => lease.scope === epicOf(name) && isAtWork(lease, atUs))) return;
      report({ place, message: `${name} still says ${started}, and nobody works on it.`, actual: card.tags });
      return;
    }
    const rule = laneRule(facts, lane);
    if (lane === doneLane) return;
    // In a lane without agents a failure is that of the lane that the card was taken back from.
    const failedTags = rule === undefined ? allFailedTags : [rule.failedTag];
    if (failedTags.some((tag) => card.tags.includes(tag))) {
      judgeFailure(card, place);
      return;
    }
    if (waitsAtGate(card, lane) || waitsForRework(card)) return;
    report({
      place,
      message: `${name} is in lane ${lane} with ${tagWords(card)}: neither done, nor waiting for people, nor failed.`,
      expected: "done, waiting at a gate, or a visible failure",
      actual: card.tags,
    });
  }

  function judgeFailure(card: CardView, place: string): void {
    const name = nameOf(card);
    if (!card.comments.some((comment) => evidence.isSystem(comment.by.process))) {
      report({ place, message: `${name} shows a failure without a word of why.`, expected: "a comment" });
      return;
    }
    if (hopeless.has(epicOf(name))) return;
    const faults = faultsOf(card);
    const { lane } = stayOf(card);
    const survived = survivedIn(lane, epicOf(name));
    if (exceedsBudget(facts, faults, survived) || waitsForApproval(card, faults)) return;
    report({
      place,
      message: `${name} failed in lane ${lane} although only ${faults.length} faults came near it.`,
      expected: `no failure within the fault budget: ${survived} faults that count`,
      actual: card.comments.at(-1)!.text.slice(0, 300),
    });
  }

  /** What a program wrote over is not approved any more: an attempt that begins after that finds the gate closed. */
  function waitsForApproval(card: CardView, faults: readonly StruckFault[]): boolean {
    const failure = card.comments.findLast(({ by, text }) => evidence.isSystem(by.process) && text.startsWith("**"));
    return failure?.text.includes("a gate of the work package is closed") === true && faults.some(writesOver);
  }

  /** A fix that a fault spoils is one of those that are allowed: a coder that needs them all has none to lose. */
  function survivedIn(lane: number, epic: string): number {
    const spare = lane === ralphLane ? spareFixes.get(epic) : undefined;
    return Math.min(facts.faultsPerCardSurvived, spare ?? facts.faultsPerCardSurvived);
  }

  /** Those whose site names the card or its epic, and those of what all cards share. */
  function faultsOf(card: CardView): readonly StruckFault[] {
    const epic = epicOf(nameOf(card));
    const others = [...asked].filter((each) => each !== epic);
    return evidence.faults.filter(({ site }) => site.includes(epic) || !others.some((other) => site.includes(other)));
  }

  /** What it was made from is not approved any more: people have to move it back, and are told so. */
  function waitsForRework(card: CardView): boolean {
    return (
      card.tags.includes(staleTag) &&
      card.comments.some(({ by, text }) => evidence.isSystem(by.process) && /stale/.test(text))
    );
  }

  /** What an agent has completed waits for people; so do new stories, and stories at a lane without agents. */
  function waitsAtGate(card: CardView, lane: number): boolean {
    const rule = laneRule(facts, lane);
    const isStory = storyOf(nameOf(card)) !== undefined;
    if (rule === undefined) return isStory || !asked.has(nameOf(card));
    return card.tags.includes(rule.completedTag) || (isStory && lane === spawnLane);
  }

  function judgeLease(lease: LeaseView, atUs: number): void {
    judged++;
    const later = runs.leases.some((each) => each.scope === lease.scope && each.generation > lease.generation);
    const struck = evidence.faults.some(
      ({ site, atUs }) => site.includes(`(claim:${lease.scope})`) && atUs >= lease.acquiredUs,
    );
    // A run may end at any moment: also while somebody looks after the scope for a blink.
    if (lease.state !== "held" || later || struck || !runs.isAlive(lease) || isAtWork(lease, atUs)) return;
    report({
      place: `lease of ${lease.scope}`,
      message: `${lease.process} still holds the lease of ${lease.scope} (generation ${lease.generation}).`,
      expected: "released",
    });
  }

  function isAtWork(lease: LeaseView, atUs: number): boolean {
    if (lease.state !== "held" || !runs.isAlive(lease)) return false;
    return atUs - Math.max(lease.acquiredUs, runs.awakeSinceUs(lease.process)) < stuckUsMin;
  }

  /** Of the main work tree, and of those of stories: a later run of the same one must not pass by. */
  function judgeLockFile(card: CardView): void {
    const workspace = workspaceOf(facts, card);
    if (workspace === undefined || storyOf(nameOf(card)) !== undefined) return;
    judged++;
    for (const [path, madeUs] of lockFiles) {
      if (!path.startsWith(`${workspace}/.git/`)) continue;
      const story = /\/\.git\/worktrees\/([^/]+)\/index\.lock$/.exec(path)?.[1];
      if (disk.has(path) && isPassedBy(epicOf(nameOf(card)), story, madeUs)) {
        report({
          place: path.slice(facts.projectsFolder.length + 1),
          message: `${path} was left behind, and later runs in that workspace did not clear it.`,
          expected: "no lock file",
        });
      }
    }
  }

  /** @param story as it stands in file names; undefined for the main work tree */
  function isPassedBy(epic: string, story: string | undefined, madeUs: number): boolean {
    return runs.runs.some(
      (run) =>
        run.scope === epic &&
        run.startedUs > madeUs &&
        run.outcome === "done" &&
        laneRule(facts, run.lane)?.runsGit === true &&
        (story === undefined || fileId(storyOf(run.card) ?? run.card) === story),
    );
  }

  function judgePrograms(atUs: number): void {
    for (const { name, startedUs } of programs.values()) {
      judged++;
      if (atUs - startedUs < programUsMax) continue;
      report({
        place: `program ${name}`,
        message: `${name} was started and still runs, and nobody waits for it.`,
        expected: "no program left",
      });
    }
  }

  function observeProgram(event: ChangeEvent): void {
    const { type, pid, name } = event.change as unknown as ProgramChange;
    if (type === "program.started") programs.set(pid, { name, startedUs: event.atUs });
    else programs.delete(pid);
  }

  /** Those that run, by pid. */
  const programs = new Map<number, { readonly name: string; readonly startedUs: number }>();
  /** When the lock files that are there were made. */
  const lockFiles = new Map<string, number>();

  function observeNote(note: NoteEvent): void {
    if (note.name !== peopleNotes.epicAsked) return;
    const reference = textField(note, "reference");
    asked.add(reference);
    if (note.fields["mayFail"] === true) hopeless.add(reference);
    const coderTries = note.fields["coderTries"];
    if (typeof coderTries === "number") spareFixes.set(reference, facts.limits.ralphIterationsMax - coderTries);
  }

  return {
    kinds: ["note", "change"],
    stores: ["disk", "program"],
    observe(event: HistoryEvent) {
      if (event.kind === "note") observeNote(event);
      if (event.kind !== "change") return;
      if (event.change.store === "program") observeProgram(event);
      for (const { path, digest } of evidence.pathChanges) {
        if (path.endsWith("/index.lock") && lockFile.test(path) && digest !== undefined)
          lockFiles.set(path, event.atUs);
      }
    },
    finish({ atUs }) {
      for (const card of board.open()) {
        judgeCard(card, atUs);
        judgeLockFile(card);
      }
      for (const lease of runs.leases) judgeLease(lease, atUs);
      judgePrograms(atUs);
    },
    checked: () => judged,
  };
}

/** Of a work tree, the main one or a story's. */
const lockFile = /\/\.git\/(?:worktrees\/[^/]+\/)?index\.lock$/;

const allFailedTags: readonly string[] = allLaneRules.map(({ failedTag }) => failedTag);

const stuckUsMin = 60_000_000;
/** Longer than any time limit of a program. */
const programUsMax = 400_000_000;

function tagWords(card: CardView): string {
  return card.tags.length === 0 ? "no tags" : `the tags ${card.tags.join(", ")}`;
}

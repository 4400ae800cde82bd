import type { GitChange } from "../history/changes.ts";
import type { AnsweredEvent, ChangeEvent, NoteEvent, OpIdentity } from "../history/event.ts";
import { workspaceOf, workspaceOfTree } from "./approvals.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { fileId, ralphLane, reviewLane, storyOf, testPath } from "./lanes.ts";
import { textField } from "./note-fields.ts";

/** G2. */
export function testsUnchanged(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "G2",
    rule: "No commit holds a changed test, and no test result counts that was got with changed tests.",
    start: (evidence, report) => testJudge(evidence, report),
  });
}

/** The tests of one card, as the run at work last used them. */
interface TestUse {
  readonly task: string;
  underWay: boolean;
  changed: boolean;
}

function testJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  /** By the card's reference. */
  const uses = new Map<string, TestUse>();
  let judged = 0;

  function testOf(reference: string): string | undefined {
    const card = evidence.board.byReference(reference);
    const workspace = workspaceOf(evidence.facts, card);
    if (card === undefined || workspace === undefined) return undefined;
    return `${workspace}/${testPath(fileId(card.metadata.get("atomic_id") ?? storyOf(reference) ?? reference))}`;
  }

  function deviates(reference: string): boolean {
    const path = testOf(reference);
    return path !== undefined && evidence.approvals.at(path)?.deviation !== undefined;
  }

  function beginUse(op: OpIdentity): void {
    if (op.name !== "pytest") return;
    uses.set(op.key, { task: taskOf(op), underWay: true, changed: deviates(op.key) });
  }

  function endUse({ op, detail }: AnsweredEvent): void {
    if (op.name !== "pytest.read" || detail !== "end") return;
    const use = uses.get(op.key);
    if (use !== undefined && use.task === taskOf(op)) use.underWay = false;
  }

  function watchPaths(): void {
    if (evidence.pathChanges.length === 0) return;
    for (const [reference, use] of uses) if (use.underWay && deviates(reference)) use.changed = true;
  }

  function judgeCommit(event: ChangeEvent): void {
    const { repository, changed } = event.change as unknown as GitChange;
    judged++;
    const root = workspaceOfTree(repository);
    const workspace = root.slice(root.lastIndexOf("/") + 1);
    for (const path of Object.keys(changed)) {
      if (!isProtected(path)) continue;
      report({
        place: `${workspace}/${path}`,
        message: `A commit in ${workspace} holds ${path}, which is no source of a story.`,
        expected: "sources alone",
        actual: Object.keys(changed).toSorted(),
      });
    }
  }

  function judgeAcceptance(note: NoteEvent): void {
    const run = evidence.runs.ofTask(note);
    if (run === undefined || textField(note, "outcome") !== "done") return;
    if (run.lane !== ralphLane && run.lane !== reviewLane) return;
    const task = `${run.process}@${run.incarnation}/${run.task}`;
    for (const [reference, use] of uses) {
      if (use.task !== task) continue;
      judged++;
      if (!use.changed) continue;
      report({
        place: `${reference} lane ${run.lane}`,
        message: `The run of lane ${run.lane} for ${run.card} was accepted on a test result of ${reference} that was got with changed tests.`,
        expected: "tests as approved, from the start of the test run to its end",
      });
    }
  }

  return {
    kinds: ["sent", "answered", "change", "note"],
    stores: ["disk", "git"],
    observe(event) {
      switch (event.kind) {
        case "sent":
          beginUse(event.op);
          return;
        case "answered":
          endUse(event);
          return;
        case "change":
          if (event.change.store === "disk") watchPaths();
          else if (event.change.type === "commit") judgeCommit(event);
          return;
        case "note":
          if (event.name === "run.finished") judgeAcceptance(event);
          return;
        default:
      }
    },
    checked: () => judged,
  };
}

/** Tests, and the files by which a test run can be turned into another one. */
function isProtected(path: string): boolean {
  return !path.startsWith("src/") || /(^|\/)(conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml)$/.test(path);
}

function taskOf(op: OpIdentity): string {
  return `${op.process}@${op.incarnation}/${op.taskName}`;
}

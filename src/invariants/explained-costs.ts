import type { ChangeEvent, OpIdentity } from "../history/event.ts";
import { nameOf } from "./board-view.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { originOf } from "./origin.ts";
import type { RunView } from "./run-view.ts";

/** C1. */
export function explainedCosts(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "C1",
    rule: "Model calls, programs and comments for each card stay within what its causes, and the troubles on the way, explain.",
    start: (evidence, report) => costJudge(evidence, report),
  });
}

/** What was spent for one cause, over all its attempts. */
interface Spending {
  completions: number;
  coders: number;
  tests: number;
}

/** Model answers that one cause asks for, when none is refused. */
const purposesPerCause = 1;

function costJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const { limits } = evidence.facts;
  /** By cause and card. */
  const byCause = new Map<string, Spending>();
  /** `card number/marker` to how often the comment was written. */
  const comments = new Map<string, number>();
  const unclear = new Map<string, number>();
  let judged = 0;

  function runOf(op: OpIdentity): RunView | undefined {
    return evidence.runs.ofOperation(op);
  }

  function spend(op: OpIdentity, what: keyof Spending, limit: (attempts: number) => number, words: string): void {
    const run = runOf(op);
    if (run === undefined) return;
    judged++;
    // In a batch each story has its own share.
    const card = cardOf(op);
    const account = `${run.cause} ${card}`;
    const spending = byCause.get(account) ?? { completions: 0, coders: 0, tests: 0 };
    byCause.set(account, spending);
    spending[what]++;
    const attempts = evidence.runs.ofCause(run.cause).length;
    const explained = limit(attempts) + (unclear.get(`${card} ${what}`) ?? 0);
    if (spending[what] <= explained) return;
    report({
      place: `${card} lane ${run.lane} ${what}`,
      message: `${spending[what]} ${words} for lane ${run.lane} of ${card} in ${attempts} attempts; ${explained} are explained.`,
      expected: explained,
      actual: spending[what],
    });
  }

  function judgeComment(event: ChangeEvent): void {
    const card = evidence.board.cards.get(event.change["card"] as number);
    const origin = originOf(event.op);
    if (card === undefined || origin.repeated || !evidence.isSystem(origin.process)) return;
    judged++;
    const marker = markerOf(event.change["text"] as string);
    const name = nameOf(card);
    const key = `${card.id}/${marker}`;
    const count = (comments.get(key) ?? 0) + 1;
    comments.set(key, count);
    const explained = 1 + (unclear.get(`${event.op?.key ?? ""} comment`) ?? 0);
    if (count <= explained) return;
    report({
      place: `${name} comment`,
      message: `The same comment stands ${count} times on ${name}; what went wrong explains ${explained}.`,
      expected: explained,
      actual: count,
    });
  }

  function judgeAttempts(run: RunView): void {
    judged++;
    // One more than allowed is the attempt that only shows the failure; it may be repeated until it is shown.
    const allowed = limits.attemptsPerCauseMax + 1 + evidence.faults.length;
    const attempts = evidence.runs.ofCause(run.cause).length;
    if (attempts <= allowed) return;
    report({
      place: `${run.card} lane ${run.lane} attempts`,
      message: `Lane ${run.lane} of ${run.card} was begun ${attempts} times.`,
      expected: allowed,
      actual: attempts,
    });
  }

  function noteUnclear(op: OpIdentity, clear: boolean): void {
    if (clear) return;
    const what = op.name === "board.createComment" ? `${op.key} comment` : undefined;
    const isCompletion = op.name === "model.complete" && runOf(op) !== undefined;
    const key = what ?? (isCompletion ? `${cardOf(op)} completions` : undefined);
    if (key !== undefined) explain(key);
  }

  function explain(key: string): void {
    unclear.set(key, (unclear.get(key) ?? 0) + 1);
  }

  return {
    kinds: ["sent", "answered", "change", "note", "fault"],
    stores: ["board", "model"],
    observe(event) {
      switch (event.kind) {
        case "sent":
          if (event.op.name === "codex.exec") {
            spend(event.op, "coders", (attempts) => limits.ralphIterationsMax + attempts - 1, "runs of the coder");
          } else if (event.op.name === "pytest") {
            spend(event.op, "tests", (attempts) => limits.ralphIterationsMax + 2 * attempts, "test runs");
          }
          return;
        case "answered":
          if (event.op.name === "board.createComment" || event.op.name === "model.complete") {
            noteUnclear(event.op, event.outcome === "ok" && event.detail === "200");
          }
          return;
        case "fault": {
          // A failure of the board itself answers 200 all the same.
          const key = /\/board\.createComment\((.*)\)#\d+$/.exec(event.site)?.[1];
          if (key !== undefined) explain(`${key} comment`);
          return;
        }
        case "change":
          if (event.change.type === "comment.created") judgeComment(event);
          else if (event.change.type === "completion" && event.op !== undefined && !originOf(event.op).repeated) {
            const limit = (attempts: number): number => purposesPerCause * limits.modelTriesMax + attempts - 1;
            spend(event.op, "completions", limit, "answers of the model");
          }
          return;
        case "note":
          if (event.name === "run.started") judgeAttempts(evidence.runs.ofTask(event)!);
          // What was put back makes one result worthless: the tests are run once more.
          else if (event.name === "artifact.restored") explain(`${event.fields["card"] as string} tests`);
          return;
        default:
      }
    },
    checked: () => judged,
  };
}

/** Whose work it was: the key of a program is the card's reference, that of a question has it between role and purpose. */
function cardOf({ name, key }: OpIdentity): string {
  return name === "model.complete" ? key.slice(key.indexOf("/") + 1, key.lastIndexOf("/")) : key;
}

/** The line by which a comment is found again, or all of it. */
function markerOf(text: string): string {
  const last = text.slice(text.lastIndexOf("\n") + 1);
  return last.startsWith("[") ? last : text;
}

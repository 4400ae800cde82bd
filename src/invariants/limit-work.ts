import type { ChangeEvent, NoteEvent, OpIdentity } from "../history/event.ts";
import { boardInvariant, type Evidence, type SharedEvidence } from "./evidence.ts";
import type { Finding, Invariant, Judge } from "./invariant.ts";
import { epicOf, ralphLane, storyOf } from "./lanes.ts";
import { textField } from "./note-fields.ts";
import { originOf } from "./origin.ts";
import type { RunView } from "./run-view.ts";

/** L1. */
export function childrenOfEpic(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L1",
    rule: "An epic has had cards for no more stories, in its whole life, than it may.",
    start: (evidence, report) => childrenJudge(evidence, report),
  });
}

function childrenJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.childrenPerEpicMax;
  const storiesByEpic = new Map<string, Set<string>>();
  let judged = 0;

  /** A card that a run made, or that it gave the reference of a story. */
  function observe({ op, change }: ChangeEvent): void {
    if (change.type !== "card.created" && change.type !== "card.updated") return;
    if (!evidence.isSystem(originOf(op).process)) return;
    const reference = change["reference"] as string;
    const story = storyOf(reference);
    if (story === undefined) return;
    const epic = epicOf(reference);
    const stories = storiesByEpic.get(epic) ?? new Set();
    storiesByEpic.set(epic, stories);
    if (stories.has(story)) return;
    stories.add(story);
    judged++;
    if (stories.size <= limit) return;
    report({
      place: `${epic} stories`,
      message: `${epic} has come to ${stories.size} stories with cards; ${limit} are allowed.`,
      expected: limit,
      actual: stories.size,
    });
  }

  return {
    kinds: ["change"],
    stores: ["board"],
    observe: (event) => event.kind === "change" && observe(event),
    checked: () => judged,
  };
}

/** L2. */
export function retriesOfCard(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L2",
    rule: "Agents begin in no more attempts of one cause than are allowed.",
    start: (evidence, report) => retryJudge(evidence, report),
  });
}

function retryJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.attemptsPerCauseMax;
  const attempts = new Map<string, Set<RunView>>();
  let judged = 0;

  function begin(run: RunView): void {
    const begun = attempts.get(run.cause) ?? new Set();
    attempts.set(run.cause, begun);
    if (begun.has(run)) return;
    begun.add(run);
    judged++;
    if (begun.size <= limit) return;
    report({
      place: `${run.card} lane ${run.lane} attempts`,
      message: `Agents of lane ${run.lane} began in ${begun.size} attempts for ${run.card}; ${limit} are allowed.`,
      expected: limit,
      actual: begun.size,
    });
  }

  function observe(note: NoteEvent): void {
    // What a damaged record counted is lost, and who reads it says so.
    if (note.name === "record.corrupt") attempts.delete(textField(note, "cause"));
    if (note.name !== "agent.started") return;
    const run = evidence.runs.ofTask(note);
    if (run !== undefined) begin(run);
  }

  return {
    kinds: ["note"],
    observe: (event) => event.kind === "note" && observe(event),
    checked: () => judged,
  };
}

/** L3. */
export function loopIterations(shared: SharedEvidence): Invariant {
  return boardInvariant(shared, {
    id: "L3",
    rule: "A coder is asked for no more fixes of a story, for one cause, than are allowed, and once more for each attempt that was cut off.",
    start: (evidence, report) => iterationJudge(evidence, report),
  });
}

/** By attempt: how often it asked a coder. */
type Asked = Map<RunView, number>;

function iterationJudge(evidence: Evidence, report: (finding: Finding) => void): Judge {
  const limit = evidence.facts.limits.ralphIterationsMax;
  /** By cause and story. */
  const askedFor = new Map<string, Asked>();
  let judged = 0;

  function ask(op: OpIdentity, story: string): void {
    const run = evidence.runs.ofOperation(op);
    if (run?.lane !== ralphLane) return;
    const account = `${run.cause} ${story}`;
    const asked: Asked = askedFor.get(account) ?? new Map();
    askedFor.set(account, asked);
    asked.set(run, (asked.get(run) ?? 0) + 1);
    judged++;
    const fixes = [...asked.values()].reduce((sum, count) => sum + count, 0);
    // What an attempt learned last is lost with it when it is cut off before that is written down.
    const allowed = limit + [...asked.keys()].filter((each) => each !== run && isCutOff(each)).length;
    if (fixes <= allowed) return;
    report({
      place: `${story} lane ${run.lane} fixes`,
      message: `A coder was asked ${fixes} times to fix ${story}; ${allowed} are explained.`,
      expected: allowed,
      actual: fixes,
    });
  }

  return {
    kinds: ["sent", "change"],
    stores: ["model"],
    observe(event) {
      if (event.kind === "sent") {
        if (coderPrograms.has(event.op.name)) ask(event.op, event.op.key);
      } else if (event.kind === "change" && event.change.type === "completion" && event.change["role"] === "coder") {
        if (event.op === undefined || originOf(event.op).repeated) return;
        const key = event.change["key"] as string;
        ask(event.op, key.slice(0, key.lastIndexOf("/")));
      }
    },
    checked: () => judged,
  };
}

/** Command line tools that may write code, as their starts are named. */
const coderPrograms: ReadonlySet<string> = new Set(["codex.exec", "claude.exec", "gemini.exec", "opencode.exec"]);

function isCutOff({ outcome }: RunView): boolean {
  return outcome !== "done" && outcome !== "failed";
}

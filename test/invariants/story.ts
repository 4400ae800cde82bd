import type { JsonObject } from "../../src/base/json.ts";
import type { BoardChange, DiskChange, GitChange } from "../../src/history/changes.ts";
import type { HistoryEvent, OpIdentity, ProcessEvent } from "../../src/history/event.ts";
import { boardInvariants } from "../../src/invariants/board-invariants.ts";
import type { Facts } from "../../src/invariants/facts.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { Panel } from "../../src/invariants/panel.ts";

export const facts: Facts = {
  people: ["people"],
  projectsFolder: "/srv/projects",
  stateFolder: "/srv/state",
  programs: ["git", "pytest", "codex"],
  limits: {
    childrenPerEpicMax: 3,
    attemptsPerCauseMax: 2,
    modelTriesMax: 2,
    ralphIterationsMax: 2,
    stepMsMax: 60_000,
    promptTokensMax: 100,
    boardCallsPerRunMax: 3,
    traceBytesPerRunMax: 100,
    traceFilesMax: 3,
    traceBytesKeptMax: 250,
  },
  faultsPerCardSurvived: 1,
};

/** What a run of the builder needs to know; the rest has a default. */
export interface RunWords {
  readonly card: string;
  readonly lane: number;
  readonly attempt?: number;
  readonly generation?: number;
}

/**
 * A history told by hand: a small board, some processes, their deeds in order. Time moves by a second with each telling
 * unless `wait` moves it further.
 */
export class Story {
  readonly events: HistoryEvent[] = [];
  private nowUs = 0;
  private nextOp = 0;
  private nextCard = 1;
  private readonly ids = new Map<string, number>();
  private readonly lanes = new Map<number, { lane: number; dateMoved: number }>();
  private readonly runs = new Map<string, JsonObject>();

  /** An epic at work: asked for, with a workspace, in a lane. */
  static ofEpic(lane: number): Story {
    return new Story()
      .note("people", "epic.asked", { reference: "E1", mayFail: false })
      .card("E1", lane)
      .field("E1", "dirname", "e1");
  }

  wait(seconds: number): this {
    this.nowUs += seconds * 1_000_000;
    return this;
  }

  /** @param by the process whose call makes the card; people unless given */
  card(
    reference: string,
    lane: number,
    by: { process?: string; copyOf?: string; for?: string; task?: string } = {},
  ): this {
    const card = this.nextCard++;
    if (!this.ids.has(reference)) this.ids.set(reference, card);
    const dateMoved = this.seconds();
    this.lanes.set(card, { lane, dateMoved });
    const name = by.copyOf === undefined ? "board.createTask" : "board.duplicateTaskToProject";
    const op = this.op(by.process ?? "people", name, by.for ?? reference, by.task);
    return this.change(op, {
      store: "board",
      type: "card.created",
      card,
      project: 1,
      title: `Title of ${reference}`,
      reference,
      column: columnOf(lane),
      tags: [],
      ...(by.copyOf === undefined ? {} : { copyOf: this.id(by.copyOf) }),
      dateMoved,
    });
  }

  /** The number of the card that was made last, for cards that share a reference. */
  get lastCard(): number {
    return this.nextCard - 1;
  }

  key(card: number, reference: string, by: string): this {
    this.ids.set(reference, card);
    const op = this.op(by, "board.updateTask", reference);
    const title = `Title of ${reference}`;
    return this.change(op, { store: "board", type: "card.updated", card, title, reference, fields: ["reference"] });
  }

  move(reference: string, to: number, by = "people"): this {
    const card = this.id(reference);
    const from = this.lanes.get(card)!.lane;
    const dateMoved = this.seconds();
    this.lanes.set(card, { lane: to, dateMoved });
    const op = this.op(by, "board.moveTaskPosition", reference);
    return this.change(op, {
      store: "board",
      type: "card.moved",
      card,
      from: columnOf(from),
      to: columnOf(to),
      dateMoved,
    });
  }

  tags(reference: string, tags: readonly string[], by = "poller-a"): this {
    const op = this.op(by, "board.setTaskTags", reference);
    return this.change(op, { store: "board", type: "tags.set", card: this.id(reference), tags });
  }

  comment(reference: string, text: string, by = "poller-a"): this {
    const op = this.op(by, "board.createComment", reference);
    return this.change(op, { store: "board", type: "comment.created", card: this.id(reference), comment: 1, text });
  }

  attach(reference: string, name: string, by = "poller-a"): this {
    const op = this.op(by, "board.createTaskFile", `${reference}/${name}`);
    const file = { file: 1, name, sizeBytes: 1, digest: "d" };
    return this.change(op, { store: "board", type: "file.created", card: this.id(reference), ...file });
  }

  field(reference: string, name: string, value: string, by = "people"): this {
    const op = this.op(by, "board.saveTaskMetadata", reference);
    return this.change(op, { store: "board", type: "metadata.saved", card: this.id(reference), name, value });
  }

  close(card: number, by: string): this {
    return this.change(this.op(by, "board.closeTask", "x"), { store: "board", type: "card.closed", card });
  }

  write(path: string, digest: string, by = "poller-a", sizeBytes = 1): this {
    return this.change(undefined, { store: "disk", type: "file.written", path, digest, sizeBytes, by });
  }

  remove(path: string, by: string): this {
    return this.change(undefined, { store: "disk", type: "file.removed", path, by });
  }

  rename(from: string, to: string, by = "poller-a"): this {
    return this.change(undefined, { store: "disk", type: "file.renamed", from, to, by });
  }

  link(path: string, target: string, by: string): this {
    return this.change(undefined, { store: "disk", type: "link.made", path, target, by });
  }

  /** The file is written and approved: the record of the approval stands on the disk. */
  approve(path: string, digest = "approved"): this {
    return this.write(`/srv/projects/e1/.agentleeops/tmp/x`, digest)
      .rename("/srv/projects/e1/.agentleeops/tmp/x", `/srv/projects/e1/${path}`)
      .write("/srv/projects/e1/.agentleeops/tmp/y", "record")
      .rename("/srv/projects/e1/.agentleeops/tmp/y", `${approvals}/${recordName(path, 1, "lock")}`);
  }

  /** An approved file is opened again, by whoever: the record of it stands on the disk. */
  reopen(path: string, by: string, run?: RunWords): this {
    const op = this.op(by, "disk.rename", path, run === undefined ? undefined : taskOf(run));
    const written = { path: `${approvals}/${recordName(path, 2, "unlock")}`, digest: "record", sizeBytes: 1, by };
    return this.change(op, { store: "disk", type: "file.written", ...written });
  }

  commit(paths: readonly string[]): this {
    const changed = Object.fromEntries(paths.map((path) => [path, "digest"]));
    const change: GitChange = {
      store: "git",
      type: "commit",
      repository: "/srv/projects/e1",
      branch: "feat/S1",
      commit: "c",
      message: "m",
      changed,
    };
    return this.change(this.op("program:git", "run", "poller-a@0/card/git.commit(E1/S1)#0"), change);
  }

  completion(key: string, by = "poller-a", task?: string): this {
    const op = this.op(by, "model.complete", `planner/${key}`, task);
    const counts = { promptTokens: 1, completionTokens: 1, finish: "stop" };
    return this.change(op, { store: "model", type: "completion", role: "planner", key, promptDigest: "p", ...counts });
  }

  /** A look at a card, then a run for it. The task is named after card, lane and attempt, as the core does it. */
  start(process: string, run: RunWords, incarnation = 0): this {
    this.sent(process, "board.getTask", run.card, "look");
    const fields = this.runFields(run);
    this.runs.set(`${process} ${run.card}`, fields);
    return this.note(process, "run.started", fields, { task: taskOf(run), incarnation });
  }

  finish(process: string, run: RunWords, outcome: string, incarnation = 0): this {
    const started = this.runs.get(`${process} ${run.card}`)!;
    const fields = { cause: started["cause"]!, card: run.card, lane: run.lane, outcome, reason: "" };
    return this.note(process, "run.finished", fields, { task: taskOf(run), incarnation });
  }

  sent(process: string, name: string, key: string, task?: string): this {
    return this.push({ kind: "sent", atUs: this.nowUs, op: this.op(process, name, key, task) });
  }

  answered(
    process: string,
    op: { name: string; key: string; task?: string },
    outcome: "ok" | "fail" | "unknown",
    detail: string,
  ): this {
    return this.push({
      kind: "answered",
      atUs: this.nowUs,
      op: this.op(process, op.name, op.key, op.task),
      outcome,
      detail,
    });
  }

  fault(site: string, fault = "answer-lost", params: JsonObject = {}): this {
    return this.push({ kind: "fault", atUs: this.nowUs, site, fault, params, effect: "done" });
  }

  process(process: string, what: ProcessEvent["what"], incarnation = 0): this {
    return this.push({ kind: "process", atUs: this.nowUs, process, incarnation, what, reason: "" });
  }

  note(process: string, name: string, fields: JsonObject, at: { task?: string; incarnation?: number } = {}): this {
    const { task = "main", incarnation = 0 } = at;
    return this.push({ kind: "note", atUs: this.nowUs, process, incarnation, task, name, fields });
  }

  change(op: OpIdentity | undefined, change: BoardChange | DiskChange | GitChange | JsonObject): this {
    return this.push({ kind: "change", atUs: this.nowUs, op, change: change as never });
  }

  /** What the network delivers a second time. */
  repeated(site: string): OpIdentity {
    return this.op("network", "duplicate", site);
  }

  op(process: string, name: string, key: string, task = "main"): OpIdentity {
    const id = this.nextOp++;
    const site = `${process}@0/${task}/${name}(${key})#0`;
    return { id, site, process, incarnation: 0, taskName: task, name, key, occurrence: 0 };
  }

  id(reference: string): number {
    return this.ids.get(reference)!;
  }

  private runFields({ card, lane, attempt = 1, generation = 0 }: RunWords): JsonObject {
    const cardId = this.id(card);
    const { dateMoved } = this.lanes.get(cardId)!;
    return {
      card,
      cardId,
      lane,
      dateMoved,
      cause: `${cardId}/${lane}/${dateMoved}`,
      trigger: "poller",
      generation,
      attempt,
      scope: card.split("/")[0]!,
      leaseTtlMs: 60_000,
    };
  }

  private seconds(): number {
    return Math.floor(this.nowUs / 1_000_000);
  }

  private push(event: HistoryEvent): this {
    this.events.push(event);
    this.nowUs += 1_000_000;
    return this;
  }
}

const approvals = "/srv/projects/e1/.agentleeops/approvals";

function recordName(path: string, generation: number, kind: "lock" | "unlock"): string {
  return `${encodeURIComponent(path)}@000${generation}-${kind}-${"0".repeat(16)}-${"0".repeat(64)}.json`;
}

/** As the core names the task of a run. */
export function taskOf({ card, lane, attempt = 1 }: RunWords): string {
  return `card ${card} lane ${lane} attempt ${attempt}`;
}

/** What one invariant alone finds in a history, the end included. */
export function judge(
  id: string,
  story: Story,
): { readonly violations: readonly Violation[]; readonly checked: number } {
  const invariants = boardInvariants(facts).filter((each) => each.id === id);
  const panel = new Panel(invariants, [], () => {});
  story.events.forEach((event, index) => panel.observe(event, index));
  panel.finish({ atUs: (story.events.at(-1)?.atUs ?? 0) + 1_000_000 });
  return { violations: panel.violations, checked: panel.checked()[id]! };
}

export function placesOf(id: string, story: Story): readonly string[] {
  return judge(id, story).violations.map((violation) => violation.place);
}

function columnOf(lane: number): string {
  return `${lane}. Lane`;
}

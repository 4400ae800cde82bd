import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import type { Board, CardHandle } from "../board/board.ts";
import type { CardRow, LinkTypeRow } from "../board/rows.ts";
import type { OrchestratorConfig } from "../config.ts";
import type { LaneProgram } from "../decide/lanes.ts";
import { isStory, labelOf, scopeOf } from "../decide/reference.ts";
import type { Limits } from "../limits.ts";
import type { ModelPort } from "../llm/model-port.ts";
import type { TraceFiles } from "../llm/trace-files.ts";
import type { Policies } from "../policies.ts";
import { openWorkspace, type Workspace } from "../workspace/workspace.ts";
import { causeName, type Cause } from "./run-record.ts";
import { addSpending, nothingSpent, type Spending } from "./spending.ts";
import type { OpenRecord, RunRecords } from "./run-records.ts";
import type { RunMeter } from "./run-meter.ts";
import { fail, need, tryLater } from "./run-stop.ts";

export interface RunOptions {
  readonly ports: Ports;
  readonly config: OrchestratorConfig;
  readonly policies: Policies;
  readonly board: Board;
  readonly model: ModelPort;
  readonly lease: RunMeter;
  readonly records: RunRecords;
  readonly record: OpenRecord;
  readonly projectId: number;
  /** The column of each lane, by lane. */
  readonly columnOfLane: (lane: number) => number | undefined;
  readonly laneOfColumn: (columnId: number) => number | undefined;
  readonly card: CardRow;
  readonly reference: string;
  readonly lane: LaneProgram;
  readonly cause: Cause;
  readonly attempt: number;
  /** The run of the epic whose stories are worked together; this one is a part of it, for one story. */
  readonly batch?: Run;
}

/** One run under its lease: what its agents have at hand. Each thing is read once, when it is first asked for. */
export class Run {
  readonly ports: Ports;
  readonly config: OrchestratorConfig;
  readonly policies: Policies;
  readonly board: Board;
  readonly model: ModelPort;
  readonly lease: RunMeter;
  readonly records: RunRecords;
  readonly record: OpenRecord;
  readonly projectId: number;
  readonly columnOfLane: (lane: number) => number | undefined;
  readonly laneOfColumn: (columnId: number) => number | undefined;
  readonly card: CardRow;
  readonly handle: CardHandle;
  readonly reference: string;
  readonly scope: string;
  readonly lane: LaneProgram;
  readonly cause: Cause;
  readonly attempt: number;
  readonly batch: Run | undefined;
  /** Set when the run's first tag change has read them. */
  tagsAtDispatch: readonly string[] | undefined;

  /** Made when the first is written. */
  traces: TraceFiles | undefined;

  private spent: Spending | undefined;
  private readMetadata: Readonly<Record<string, string>> | undefined;
  private readLinkTypes: readonly LinkTypeRow[] | undefined;
  private opened: Workspace | undefined;
  private readonly options: RunOptions;

  constructor(options: RunOptions) {
    this.ports = options.ports;
    this.config = options.config;
    this.policies = options.policies;
    this.board = options.board;
    this.model = options.model;
    this.lease = options.lease;
    this.records = options.records;
    this.record = options.record;
    this.projectId = options.projectId;
    this.columnOfLane = options.columnOfLane;
    this.laneOfColumn = options.laneOfColumn;
    this.card = options.card;
    this.reference = options.reference;
    this.scope = scopeOf(options.reference);
    this.handle = { id: options.card.id, label: labelOf(options.card) };
    this.lane = options.lane;
    this.cause = options.cause;
    this.attempt = options.attempt;
    this.batch = options.batch;
    this.opened = options.batch?.opened;
    this.options = options;
  }

  /** The part of a batch that works one story, on the story's card and under the epic's cause. */
  ofStory(card: CardRow): Run {
    const record = this.record.within(card.reference);
    return new Run({ ...this.options, card, reference: card.reference, record, batch: this });
  }

  get limits(): Limits {
    return this.policies.limits;
  }

  get causeName(): string {
    return causeName(this.cause);
  }

  /** An earlier attempt of the cause may have left effects. */
  get resumed(): boolean {
    return this.attempt > 1;
  }

  /** By which a comment of this run is found again. */
  marker(name: string): string {
    const what = this.batch === undefined ? name : `${name} with ${this.batch.reference}`;
    return `[${this.reference}/lane-${this.lane.lane}/${what} ${this.cause.dateMoved}]`;
  }

  async metadata(): Promise<Readonly<Record<string, string>>> {
    this.readMetadata ??= need(await this.board.getTaskMetadata(this.handle), "read the card's fields");
    return this.readMetadata;
  }

  /** What the card has cost so far, in all its lanes. */
  async spending(): Promise<Answer<Spending>> {
    if (this.spent !== undefined) return { kind: "ok", value: this.spent };
    const read = await this.records.loadSpending(this.ports, this.card.id, this.reference);
    if (read.kind === "ok") this.spent = read.value;
    return read;
  }

  /** Not synced: a crash of the host may forget the last, and nothing else. */
  async spend(more: Partial<Spending>): Promise<void> {
    const spent = { ...nothingSpent, ...more };
    if (this.spent !== undefined) this.spent = addSpending(this.spent, spent);
    await this.records.noteSpending(this.ports, { cardId: this.card.id, reference: this.reference, spent });
  }

  async linkTypes(): Promise<readonly LinkTypeRow[]> {
    this.readLinkTypes ??= need(await this.board.getAllLinks(), "read the types of links");
    return this.readLinkTypes;
  }

  async workspace(): Promise<Workspace> {
    if (this.opened !== undefined) return this.opened;
    const metadata = await this.metadata();
    // People may move a story's card before the spawner, cut off in between, has come back to give it its fields.
    if (isStory(this.reference) && metadata["atomic_id"] === undefined)
      tryLater("the story's card is not complete yet");
    const { workspaces } = this.policies;
    const dirname = workspaces.dirnameOf(metadata, this.card);
    if (!workspaces.isDirname(dirname)) {
      fail(
        "the card's fields are not valid",
        `\`dirname\` is ${JSON.stringify(dirname.slice(0, 120))}; it must match ^[a-z0-9][a-z0-9-]*$`,
        "Correct the field `dirname`, then move the card back into this lane.",
      );
    }
    const mode = metadata["context_mode"] ?? "";
    if (mode !== "" && mode !== "NEW" && mode !== "FEATURE") {
      fail(
        "the card's fields are not valid",
        `\`context_mode\` is ${JSON.stringify(mode.slice(0, 120))}; it must be NEW or FEATURE`,
        "Correct the field `context_mode`, then move the card back into this lane.",
      );
    }
    const answer = await openWorkspace({
      ports: this.ports,
      guard: this.lease,
      diskMarginMs: this.limits.diskMarginMs,
      ratchetPolicy: this.policies.ratchet,
      writeFile: workspaces.writeFile,
      artifactBytesMax: this.limits.artifactBytesMax,
      projectsFolder: this.config.projectsFolder,
      ledgersFolder: `${this.config.stateFolder}/approvals`,
      dirname,
      mode: mode === "FEATURE" ? "FEATURE" : "NEW",
      scope: this.scope,
      generation: this.lease.generation,
      resumed: this.resumed || this.lease.takeover,
    });
    this.opened = need(answer, "open the workspace");
    return this.opened;
  }
}

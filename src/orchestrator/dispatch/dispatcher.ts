import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { BoardConnection, type Board } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import { Claims, type Acquired } from "../claims/claims.ts";
import type { Lease } from "../claims/lease.ts";
import { openLease } from "../claims/open-lease.ts";
import type { OrchestratorConfig } from "../config.ts";
import { lanePrograms, planApprovedLane, type LaneProgram } from "../decide/lanes.ts";
import { isStory, labelOf, referenceOf, scopeOf } from "../decide/reference.ts";
import type { Guard } from "../guard.ts";
import { ModelClient } from "../llm/model-client.ts";
import type { ModelPort } from "../llm/model-port.ts";
import type { AdmissionChecks, Policies, Trigger } from "../policies.ts";
import { freshRecord, type Cause, type RunRecord } from "../runs/run-record.ts";
import { OpenRecord, RunRecords } from "../runs/run-records.ts";
import { RunMeter } from "../runs/run-meter.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import { Run, type RunOptions } from "../runs/run.ts";
import { Alarm } from "./alarm.ts";
import { laneProgramOf } from "../work-package/follow-card.ts";
import { Columns } from "./columns.ts";
import type { Listing } from "./listing.ts";
import { followRun, tellRefusals } from "./follow-run.ts";
import { Memo } from "./memo.ts";
import { performRun, type RunOutcome } from "./perform-run.ts";
import { RunSlots } from "./run-slots.ts";
import { wakefulPorts } from "./wakeful-ports.ts";
import { WatchedModel } from "./watched-model.ts";

/** What became of a card that a trigger brought. */
export type Considered =
  | RunOutcome
  /** Nothing to do: no program, a memory or a record says so, or people work there. */
  | { readonly kind: "ignored"; readonly reason: string }
  /** Somebody else works for the scope. */
  | { readonly kind: "busy" }
  /** The board or the disk failed before anything was begun. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** In those behind it people alone work. */
const lastAgentLane = lanePrograms.length - 1;

/** Failures of listing the board, and of questions with all their requests. */
const boardFailuresMin = 3;
const modelFailuresMin = 2;

/** Where every run begins, whatever the trigger. One for each process. */
export class Dispatcher {
  readonly config: OrchestratorConfig;
  readonly policies: Policies;
  readonly records: RunRecords;
  readonly claims: Claims;
  readonly memo = new Memo();
  /** Since the process began. */
  boardCalls = 0;
  readonly boardAlarm = new Alarm("board", boardFailuresMin);

  private readonly root: Ports;
  private readonly stop: AbortSignal;
  private readonly connection: BoardConnection;
  private readonly model: ModelPort;
  private knownProjectId: number | undefined;
  private knownColumns: Columns | undefined;

  private readonly slots: RunSlots;

  /**
   * @param root the process's own handle: runs are forked from it, so that their names do not depend on the trigger
   * @param stop nobody waits to try again any more
   * @param slots shared by all dispatchers of a process
   */
  constructor(
    root: Ports,
    config: OrchestratorConfig,
    policies: Policies,
    stop: AbortSignal,
    slots = new RunSlots(policies.limits.concurrentRunsMax),
  ) {
    const { limits, retry } = policies;
    this.root = root;
    this.slots = slots;
    this.stop = stop;
    this.config = config;
    this.policies = policies;
    this.connection = new BoardConnection({
      config: config.board,
      triesMax: limits.boardTriesMax,
      retryDelayMs: (tries, ports) => retry.boardDelayMs(ports, tries),
      onRequest: () => {
        this.boardCalls++;
      },
    });
    const model = new ModelClient({
      config: config.models,
      requestsMax: limits.modelRequestsMax,
      questionMsMax: limits.modelQuestionMsMax,
      breaker: { failuresMax: limits.modelFailuresMax, openMs: limits.modelAwayMs },
      retryDelayMs: (tries, ports, retryAfterMs) => retry.modelDelayMs(ports, tries, retryAfterMs, limits),
      runTool: (ports, call) => policies.programs.run(ports, { ...call, outputBytesMax: limits.outputBytesMax }),
    });
    this.model = new WatchedModel(model, { failuresMin: modelFailuresMin, stop });
    this.records = new RunRecords(`${config.stateFolder}/runs`);
    this.claims = new Claims({ folder: `${config.stateFolder}/claims`, ttlMs: config.leaseTtlMs });
  }

  /** The board as one task sees it. With a guard, nothing is written once the right to act is lost. */
  openBoard(ports: Ports, guard?: Guard): Board {
    return this.connection.open(wakefulPorts(ports, this.stop), guard);
  }

  /** Learns what stays the same while the process lives. Call until it is `ok`. */
  async prepare(ports: Ports): Promise<Answer<void>> {
    for (const folder of ["approvals", "claims", "runs"]) {
      const made = await ports.files.makeFolder(`${this.config.stateFolder}/${folder}`, { key: folder });
      if (made.kind !== "ok") return { kind: "fail", reason: made.error.code };
    }
    const synced = await ports.files.sync(this.config.stateFolder, { key: "state" });
    if (synced.kind !== "ok") return { kind: "fail", reason: synced.error.code };
    const board = this.openBoard(ports);
    const project = await board.getProjectId(this.config.board.project);
    if (project.kind !== "ok") return project;
    if (project.value === null)
      return { kind: "fail", reason: `the board has no project ${this.config.board.project}` };
    this.knownProjectId = project.value;
    return this.readColumns(board);
  }

  get projectId(): number {
    if (this.knownProjectId === undefined)
      throw new RunStop({ kind: "transient", reason: "not prepared", unknown: false });
    return this.knownProjectId;
  }

  get columns(): Columns {
    if (this.knownColumns === undefined)
      throw new RunStop({ kind: "transient", reason: "not prepared", unknown: false });
    return this.knownColumns;
  }

  async readColumns(board: Board): Promise<Answer<void>> {
    const rows = await board.getColumns(this.projectId);
    if (rows.kind !== "ok") return rows;
    this.knownColumns = new Columns(rows.value, board.ports.clock.monotonicMs());
    return { kind: "ok", value: undefined };
  }

  private get isSingleCard(): boolean {
    return this.config.mode === "single-card";
  }

  /** What a lane asks for; undefined where people alone work. */
  programOf(lane: number, trigger: Trigger = "poller"): LaneProgram | undefined {
    const program = this.policies.lanes.programOf(lane, trigger);
    return this.isSingleCard && program !== undefined ? laneProgramOf("single-card", lane) : program;
  }

  /** Whether the package of a card, as it was seen in a lane of people, has not been taken there yet. */
  isToFollow(row: CardRow): boolean {
    const lane = this.columns.laneOf(row.column_id);
    if (!this.isSingleCard || lane === undefined || lane <= lastAgentLane || row.is_active === 0) return false;
    return this.memo.get({ cardId: row.id, lane, dateMoved: row.date_moved })?.state !== "acknowledged";
  }

  /** What a card as it was seen asks for, without asking anybody. */
  cheapAnswer(
    row: CardRow,
    nowMs: number,
    trigger: Trigger,
  ): { readonly cause: Cause; readonly program: LaneProgram } | undefined {
    const lane = this.columns.laneOf(row.column_id);
    const program = lane === undefined ? undefined : this.programOf(lane, trigger);
    if (program === undefined || row.is_active === 0) return undefined;
    // The stories of an approved plan wait for people: what brought them there is done.
    if (!this.isSingleCard && program.lane === planApprovedLane && isStory(row.reference)) return undefined;
    const cause = { cardId: row.id, lane: program.lane, dateMoved: row.date_moved };
    if (!this.policies.admission.checks(trigger).memory) return { cause, program };
    const memory = this.memo.get(cause);
    if (memory?.state === "acknowledged") return undefined;
    if (memory !== undefined && this.isEarly(memory.notBeforeMs, nowMs)) return undefined;
    return { cause, program };
  }

  /** Tags that people may have spoiled with an old form are checked when their card is seen. */
  noteModification(row: CardRow): void {
    const lane = this.columns.laneOf(row.column_id);
    if (lane === undefined) return;
    this.memo.noteModification({ cardId: row.id, lane, dateMoved: row.date_moved }, row.date_modification);
  }

  /**
   * Takes the lease of the card's scope, makes sure that there is something to do, and does it.
   *
   * @param listing that the row is from
   */
  async consider(ports: Ports, row: CardRow, trigger: Trigger, listing?: Listing): Promise<Considered> {
    const cheap = this.cheapAnswer(row, ports.clock.nowMs(), trigger);
    if (cheap === undefined) {
      if (this.isToFollow(row)) await this.follow(ports, row);
      return { kind: "ignored", reason: "nothing to do" };
    }
    const scope = scopeOf(referenceOf(row));
    const checks = this.policies.admission.checks(trigger);
    if (!this.slots.take()) {
      ports.log.event("limit.reached", {
        limit: "concurrentRunsMax",
        card: referenceOf(row),
        value: this.policies.limits.concurrentRunsMax,
      });
      return { kind: "busy" };
    }
    try {
      return await this.considerInSlot(ports, row, { trigger, scope, cheap, checks, listing });
    } finally {
      this.slots.giveBack();
    }
  }

  private async considerInSlot(
    ports: Ports,
    row: CardRow,
    at: {
      readonly trigger: Trigger;
      readonly scope: string;
      readonly cheap: { readonly cause: Cause; readonly program: LaneProgram };
      readonly checks: AdmissionChecks;
      readonly listing: Listing | undefined;
    },
  ): Promise<Considered> {
    const { trigger, scope, cheap, checks, listing } = at;
    const acquired = checks.lease
      ? await this.acquire(ports, { scope, row, program: cheap.program })
      : ({ kind: "held", lease: openLease(scope, this.config.leaseTtlMs) } as const);
    if (acquired.kind === "busy") return { kind: "busy" };
    const { lease } = acquired;
    try {
      return await this.considerAlone(ports, row, { trigger, lease, cause: cheap.cause, listing });
    } catch (error) {
      if (!(error instanceof RunStop)) throw error;
      return { kind: "unavailable", reason: error.message };
    } finally {
      await lease.release(ports);
    }
  }

  /** Takes a card's package to a lane where no agent works. No cause is served: doing it again changes nothing. */
  private async follow(ports: Ports, row: CardRow): Promise<void> {
    const acquired = await this.claims.acquire(ports, scopeOf(referenceOf(row)));
    if (acquired.kind === "busy") return;
    const { lease } = acquired;
    try {
      const board = this.openBoard(ports, lease);
      const card = need(await board.getTask({ id: row.id, label: labelOf(row) }), "read the card");
      if (card === null || scopeOf(referenceOf(card)) !== lease.scope || !this.isToFollow(card)) return;
      const lane = this.columns.laneOf(card.column_id)!;
      const cause = { cardId: card.id, lane, dateMoved: card.date_moved };
      const reference = referenceOf(card);
      const open = new OpenRecord(this.records, ports, lease.generation, freshRecord(cause, reference));
      const program = { lane, agents: [], startedTag: "", completedTag: "", failedTag: "" };
      const run = new Run({
        ...this.surroundings(ports, this.meter(ports, lease, open)),
        record: open,
        card,
        reference,
        lane: program,
        cause,
        attempt: 1,
      });
      await tellRefusals(run, await followRun(run));
      // No tags are to be checked in this lane.
      this.memo.acknowledge(cause, reference, { checkedS: Number.MAX_SAFE_INTEGER });
    } catch (error) {
      if (!(error instanceof RunStop)) throw error;
      ports.log.event("follow.failed", { card: referenceOf(row), reason: error.message });
    } finally {
      await lease.release(ports);
    }
  }

  private meter(ports: Ports, lease: Lease, record: OpenRecord): RunMeter {
    return new RunMeter(lease, { ports, limits: this.policies.limits, record });
  }

  /** What a run has at hand beside its card. */
  private surroundings(
    ports: Ports,
    lease: RunMeter,
  ): Omit<RunOptions, "record" | "card" | "reference" | "lane" | "cause" | "attempt"> {
    return {
      ports,
      config: this.config,
      policies: this.policies,
      board: this.openBoard(ports, lease),
      model: this.model,
      lease,
      records: this.records,
      projectId: this.projectId,
      columnOfLane: (lane) => this.columns.columnOf(lane),
      laneOfColumn: (columnId) => this.columns.laneOf(columnId),
    };
  }

  private acquire(ports: Ports, at: { scope: string; row: CardRow; program: LaneProgram }): Promise<Acquired> {
    return this.policies.claim.acquire({
      ports,
      scope: at.scope,
      claims: this.claims,
      board: this.openBoard(ports),
      card: at.row,
      program: at.program,
      ttlMs: this.config.leaseTtlMs,
    });
  }

  private async considerAlone(
    ports: Ports,
    row: CardRow,
    run: {
      readonly trigger: Trigger;
      readonly lease: Lease;
      readonly cause: Cause;
      readonly listing: Listing | undefined;
    },
  ): Promise<Considered> {
    const { trigger, lease, cause, listing } = run;
    const board = this.openBoard(ports, lease);
    const checks = this.policies.admission.checks(trigger);
    await this.refreshColumns(board);
    let card = row;
    if (checks.card) {
      const read = need(await board.getTask({ id: row.id, label: labelOf(row) }), "read the card");
      if (read === null || !this.isStill(read, cause)) return { kind: "stale", reason: "the card has moved on" };
      card = read;
    }
    // Read under another name of the card, the lease would be that of another scope.
    if (scopeOf(referenceOf(card)) !== lease.scope)
      return { kind: "stale", reason: "the card has another reference now" };
    const program = this.cheapAnswer(card, ports.clock.nowMs(), trigger)?.program;
    if (program === undefined) return { kind: "ignored", reason: "nothing to do" };
    if (checks.copy && (await this.isCopy(board, card, listing)))
      return { kind: "ignored", reason: "a copy without a key" };

    const reference = referenceOf(card);
    const record = checks.record
      ? need(await this.records.load(ports, cause, reference), "read the record")
      : undefined;
    const facts = {
      program,
      record,
      nowMs: ports.clock.nowMs(),
      attemptsMax: this.policies.limits.attemptsPerCauseMax,
      waitMsMax: this.waitMsMax,
      recovery: (open: RunRecord) => this.policies.recovery.decide(open),
    };
    const decision = await this.policies.decision.decide(facts, { trigger, board, card });
    switch (decision.kind) {
      case "acknowledged":
        this.memo.acknowledge(cause, reference, record ?? {});
        return { kind: "ignored", reason: "done already" };
      case "wait":
        this.memo.wait(cause, reference, decision.untilMs);
        return { kind: "ignored", reason: "too early" };
      case "ignore":
        return { kind: "ignored", reason: decision.reason };
      case "run":
      case "report": {
        const { attempt } = decision;
        const begun = { ...(record ?? freshRecord(cause, reference)), attempts: attempt, status: "open" as const };
        const handle = this.root.fork(`card ${labelOf(card)} lane ${program.lane} attempt ${attempt}`);
        return await this.begin(handle, {
          board,
          card,
          program,
          cause,
          trigger,
          lease,
          begun,
          report: decision.kind === "report",
        });
      }
    }
  }

  private async begin(
    ports: Ports,
    run: {
      readonly board: Board;
      readonly card: CardRow;
      readonly program: LaneProgram;
      readonly cause: Cause;
      readonly trigger: Trigger;
      readonly lease: Lease;
      readonly begun: RunRecord;
      readonly report: boolean;
    },
  ): Promise<RunOutcome> {
    const { lease, begun, cause } = run;
    const reference = referenceOf(run.card);
    // The attempt is on disk before anything happens for it: a crash is then counted too.
    lease.require(this.policies.limits.diskMarginMs);
    need(await this.records.save(ports, begun, lease.generation), "begin the run");
    lease.keep(ports.fork("lease"));
    const record = new OpenRecord(this.records, ports, lease.generation, begun);
    const outcome = await performRun({
      ...this.surroundings(ports, this.meter(ports, lease, record)),
      record,
      card: run.card,
      reference,
      lane: run.program,
      cause,
      attempt: begun.attempts,
      trigger: run.trigger,
      reportOnly: run.report,
    });
    if (outcome.kind === "done" || outcome.kind === "failed") {
      this.memo.acknowledge(cause, reference, outcome);
    }
    if (outcome.kind === "retry") this.memo.wait(cause, reference, outcome.notBeforeMs);
    return outcome;
  }

  /**
   * Two cards with an epic's reference: the older one is the epic. While the spawner makes cards by copying, a copy is
   * for some moments exactly this, in the same column, with nothing else to tell it by.
   */
  private async isCopy(board: Board, card: CardRow, listing: Listing | undefined): Promise<boolean> {
    if (card.reference === "" || isStory(card.reference) || listing?.hasElder(card) === false) return false;
    const first = need(await board.getTaskByReference(this.projectId, card.reference), "look for the epic");
    return first !== null && first.id < card.id && first.is_active !== 0;
  }

  private isStill(card: CardRow, cause: Cause): boolean {
    return (
      card.is_active !== 0 &&
      card.project_id === this.projectId &&
      card.date_moved === cause.dateMoved &&
      this.columns.laneOf(card.column_id) === cause.lane
    );
  }

  /** People rename columns while we run: what a column was called an hour ago must not decide what runs now. */
  private async refreshColumns(board: Board): Promise<void> {
    const ageMs = board.ports.clock.monotonicMs() - this.columns.readAtMs;
    if (ageMs > this.policies.limits.columnsAgeMsMax) need(await this.readColumns(board), "read the columns");
  }

  private isEarly(notBeforeMs: number, nowMs: number): boolean {
    const waitMs = notBeforeMs - nowMs;
    return waitMs > 0 && waitMs <= this.waitMsMax;
  }

  /** Twice the longest wait that the retry policy asks for. */
  private get waitMsMax(): number {
    return 2 * (this.policies.limits.settleMs + 120_000);
  }
}

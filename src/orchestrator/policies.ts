import type { Ports } from "../ports/ports.ts";
import {
  allOfABatch,
  approvedTestsOnly,
  boundedPrograms,
  closedReview,
  harmlessTraces,
  onceForEachCause,
  onePathCommits,
  recordedApproval,
  strictAnswers,
  type AnswerPolicy,
  type ApprovalPolicy,
  type BatchPolicy,
  type CodePolicy,
  type CommentPolicy,
  type ProgramPolicy,
  type ReviewPolicy,
  type TestPolicy,
  type TracePolicy,
} from "./agent-policies.ts";
import { readModifyWrite, type TagPolicy } from "./cards/change-tags.ts";
import type { Board } from "./board/board.ts";
import type { CardRow } from "./board/rows.ts";
import type { Acquired, Claims } from "./claims/claims.ts";
import { backoffMs } from "./decide/backoff.ts";
import { decide, type Decision, type Facts } from "./decide/decide.ts";
import { lanePrograms, type LaneProgram } from "./decide/lanes.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import type { RunRecord } from "./runs/run-record.ts";
import { carefulSpawn, type SpawnPolicy } from "./spawn/spawn-policy.ts";
import { strictRatchet, type RatchetPolicy } from "./workspace/ratchet-files.ts";
import { namedWorkspace, type WorkspacePolicy } from "./workspace/workspace-policy.ts";

/** The decisions that make the core correct, each as a value that can be replaced. Stateless. */
export interface Policies {
  readonly limits: Limits;
  readonly claim: ClaimPolicy;
  readonly admission: AdmissionPolicy;
  readonly decision: DecisionPolicy;
  readonly recovery: RecoveryPolicy;
  readonly lanes: LanePolicy;
  readonly retry: RetryPolicy;
  readonly tags: TagPolicy;
  readonly spawn: SpawnPolicy;
  readonly ratchet: RatchetPolicy;
  readonly approval: ApprovalPolicy;
  readonly tests: TestPolicy;
  readonly code: CodePolicy;
  readonly review: ReviewPolicy;
  readonly comments: CommentPolicy;
  readonly batch: BatchPolicy;
  readonly workspaces: WorkspacePolicy;
  readonly programs: ProgramPolicy;
  readonly answers: AnswerPolicy;
  readonly traces: TracePolicy;
}

export type Trigger = "webhook" | "poller" | "manual";

/** How a run makes sure that it is alone. */
export interface ClaimPolicy {
  acquire(request: ClaimRequest): Promise<Acquired>;
}

export interface ClaimRequest {
  readonly ports: Ports;
  /** The epic's reference. */
  readonly scope: string;
  readonly claims: Claims;
  readonly board: Board;
  readonly card: CardRow;
  readonly program: LaneProgram;
  readonly ttlMs: number;
}

/** What a trigger asks before it starts a run. */
export interface AdmissionPolicy {
  checks(trigger: Trigger): AdmissionChecks;
}

export interface AdmissionChecks {
  /** Nobody else works for the scope. */
  readonly lease: boolean;
  /** The card is still where the trigger saw it. */
  readonly card: boolean;
  /** The record on disk, which all processes share; without it, this process's memory alone. */
  readonly record: boolean;
  /** Of what this process remembers of the cause: that it is done, or too early. Saves calls, and nothing else. */
  readonly memory: boolean;
  /** The card is not a copy of an epic that another run is about to make a story of. */
  readonly copy: boolean;
}

/** What a card asks for, given what is known on disk of its cause. */
export interface DecisionPolicy {
  decide(facts: Facts, about: Decided): Decision | Promise<Decision>;
}

/** What a decision is about, for who wants to know more than the record. */
export interface Decided {
  readonly trigger: Trigger;
  readonly board: Board;
  readonly card: CardRow;
}

/** Which agents a lane has. */
export interface LanePolicy {
  programOf(lane: number, trigger: Trigger): LaneProgram | undefined;
}

/** What an open record means that an earlier run left. */
export interface RecoveryPolicy {
  decide(record: RunRecord): "resume" | "leave";
}

export interface RetryPolicy {
  /**
   * Until the next attempt of a cause.
   *
   * @param attempt the one that failed, >= 1
   * @param unknown an effect of it may still happen
   */
  runDelayMs(ports: Ports, attempt: number, unknown: boolean, limits: Limits): number;
  /** Until a call of the board is repeated. */
  boardDelayMs(ports: Ports, tries: number): number;
  /** Until a request to the model is repeated. */
  modelDelayMs(ports: Ports, tries: number, retryAfterMs: number | undefined, limits: Limits): number;
  /** Until the board is listed again after failures in a row. */
  pollDelayMs(ports: Ports, failures: number, pollIntervalMs: number): number;
}

const runBackoff = { baseMs: 4_000, capMs: 60_000 };
const boardBackoff = { baseMs: 200, capMs: 2_000 };
const modelBackoff = { baseMs: 1_000, capMs: 16_000 };
const pollCapMs = 60_000;

const backoffRetry: RetryPolicy = {
  runDelayMs(ports, attempt, unknown, limits) {
    const delayMs = backoffMs(runBackoff, attempt, (bound) => ports.random.int("run.backoff", bound));
    // What may still happen must have happened before anybody looks for it.
    return unknown ? limits.settleMs + delayMs : delayMs;
  },
  boardDelayMs: (ports, tries) => backoffMs(boardBackoff, tries, (bound) => ports.random.int("board.backoff", bound)),
  modelDelayMs(ports, tries, retryAfterMs, limits) {
    const told = Math.min(retryAfterMs ?? 0, limits.retryAfterMsMax);
    return told + backoffMs(modelBackoff, tries, (bound) => ports.random.int("model.backoff", bound));
  },
  pollDelayMs(ports, failures, pollIntervalMs) {
    const backoff = { baseMs: pollIntervalMs, capMs: Math.max(pollCapMs, pollIntervalMs) };
    return backoffMs(backoff, failures, (bound) => ports.random.int("poll.backoff", bound));
  },
};

export const defaultPolicies: Policies = {
  limits: defaultLimits,
  claim: { acquire: ({ claims, ports, scope }) => claims.acquire(ports, scope) },
  admission: { checks: () => ({ lease: true, card: true, record: true, memory: true, copy: true }) },
  decision: { decide },
  recovery: { decide: () => "resume" },
  lanes: { programOf: (lane) => lanePrograms[lane] },
  retry: backoffRetry,
  tags: readModifyWrite,
  spawn: carefulSpawn,
  ratchet: strictRatchet,
  approval: recordedApproval,
  tests: approvedTestsOnly,
  code: onePathCommits,
  review: closedReview,
  comments: onceForEachCause,
  batch: allOfABatch,
  workspaces: namedWorkspace,
  programs: boundedPrograms,
  answers: strictAnswers,
  traces: harmlessTraces,
};

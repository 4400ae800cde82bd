import { unreachable } from "../../base/assert.ts";
import type { JsonObject } from "../../base/json.ts";
import { comment, failureComment } from "../agents/report.ts";
import { lanePrograms, planApprovedLane, type AgentName } from "../decide/lanes.ts";
import type { Trigger } from "../policies.ts";
import type { Failure } from "../runs/run-record.ts";
import { Run, type RunOptions } from "../runs/run.ts";
import { need, RunStop, type Stop } from "../runs/run-stop.ts";
import { endLeftChildren } from "../runs/left-children.ts";
import { planTags } from "../work-package/follow-card.ts";
import { agentTable } from "./agent-table.ts";
import { bringInCode, followRun, refuseClosedGate } from "./follow-run.ts";

export type RunOutcome =
  | { readonly kind: "done"; readonly reason: string; readonly confirmAfterMs: number }
  | { readonly kind: "failed"; readonly reason: string; readonly confirmAfterMs: number }
  | { readonly kind: "retry"; readonly reason: string; readonly notBeforeMs: number }
  | { readonly kind: "interrupted" | "stale"; readonly reason: string };

export interface RunRequest extends RunOptions {
  readonly trigger: Trigger;
  /** Only the failure is to be shown; no agent may run. */
  readonly reportOnly: boolean;
}

/** One attempt of one cause, from its first log line to its last. The attempt is on disk, the lease is kept. */
export async function performRun(request: RunRequest): Promise<RunOutcome> {
  const run = new Run(request);
  const { cause, lease } = run;
  run.ports.log.event("run.started", {
    card: run.reference,
    cardId: cause.cardId,
    lane: cause.lane,
    dateMoved: cause.dateMoved,
    cause: run.causeName,
    trigger: request.trigger,
    generation: lease.generation,
    attempt: run.attempt,
    scope: lease.scope,
    leaseTtlMs: lease.ttlMs,
  });
  const outcome = await attempt(run, request.reportOnly);
  const finished: JsonObject = {
    cause: run.causeName,
    card: run.reference,
    lane: cause.lane,
    outcome: outcome.kind,
    reason: outcome.reason,
  };
  run.ports.log.event("run.finished", finished);
  return outcome;
}

async function attempt(run: Run, reportOnly: boolean): Promise<RunOutcome> {
  try {
    if (reportOnly) return await showFailure(run, knownFailure(run));
    return await runAgents(run);
  } catch (error) {
    return await afterStop(run, stopOfError(error));
  }
}

async function runAgents(run: Run): Promise<RunOutcome> {
  if (run.resumed || run.lease.takeover) {
    await endLeftChildren(run.ports, { records: run.records, lease: run.lease, diskMarginMs: run.limits.diskMarginMs });
  }
  await showStarted(run);
  if (isAlone(run)) await runGated(run);
  else for (const name of run.lane.agents) await runAgent(run, name);
  const { startedTag, completedTag, failedTag } = run.lane;
  await changeTags(run, { add: [completedTag], remove: [startedTag, failedTag] });
  return acknowledge(run, { kind: "done", reason: "" });
}

/** A card with a work package: through the gates of its lane, and its package shows what the agents left. */
async function runGated(run: Run): Promise<void> {
  const followed = await followRun(run);
  for (const name of run.lane.agents) {
    refuseClosedGate(followed, name);
    await runAgent(run, name);
  }
  if (run.lane.agents.some((name) => name === "ralph" || name === "codeReview")) await bringInCode(run);
  await followRun(run);
}

async function runAgent(run: Run, agent: AgentName): Promise<void> {
  run.lease.beginAgent(agent);
  run.ports.log.event("agent.started", { card: run.reference, agent });
  await agentTable[agent](run);
  run.ports.log.event("agent.finished", { card: run.reference, agent });
}

/** No other run of this card is alive: whatever else says that it was started is left over. */
async function showStarted(run: Run): Promise<void> {
  const { startedTag, completedTag, failedTag } = run.lane;
  const leftOver = lanePrograms.flatMap((program) => (program === undefined ? [] : [program.startedTag]));
  if (isAlone(run)) leftOver.push(...tagsOfLockedPlan(run.lane.lane));
  const remove = [completedTag, failedTag, ...leftOver.filter((tag) => tag !== startedTag)];
  run.tagsAtDispatch = await changeTags(run, { add: [startedTag], remove });
}

function isAlone({ config }: Run): boolean {
  return config.mode === "single-card";
}

/** A card that came back before the lane where its plan is locked does not say so any more. */
function tagsOfLockedPlan(lane: number): readonly string[] {
  const { startedTag, completedTag, failedTag } = planTags;
  return lane < planApprovedLane ? [startedTag, completedTag, failedTag] : [startedTag];
}

async function changeTags(
  run: Run,
  change: { add: readonly string[]; remove: readonly string[] },
): Promise<readonly string[]> {
  const answer = await run.policies.tags.write({
    board: run.board,
    projectId: run.projectId,
    card: run.handle,
    atDispatch: run.tagsAtDispatch,
    ...change,
  });
  return need(answer, "change the tags");
}

/** The record is what counts; tags and comments before it are only what people see. */
async function acknowledge(
  run: Run,
  outcome: { kind: "done" | "failed"; reason: string; failure?: Failure },
): Promise<RunOutcome> {
  const confirmAfterMs = run.ports.clock.nowMs() + run.limits.settleMs;
  run.lease.require(run.limits.diskMarginMs);
  const saved = await run.record.save({
    status: outcome.kind,
    intents: {},
    notBeforeMs: 0,
    confirmAfterMs,
    ...(outcome.failure === undefined ? {} : { failure: outcome.failure }),
  });
  need(saved, "acknowledge the run");
  return { kind: outcome.kind, reason: outcome.reason, confirmAfterMs };
}

async function afterStop(run: Run, stop: Stop): Promise<RunOutcome> {
  switch (stop.kind) {
    case "lost":
      return { kind: "interrupted", reason: stop.reason };
    case "stale":
      return { kind: "stale", reason: stop.reason };
    case "failure":
      try {
        return await showFailure(run, stop.failure);
      } catch (error) {
        return await retryLater(run, stopOfError(error), stop.failure);
      }
    case "transient":
      return await retryLater(run, stop, run.record.value.failure);
    default:
      return unreachable(stop);
  }
}

/** What the card shows when a person has to act: what, why, and what to do. */
async function showFailure(run: Run, failure: Failure): Promise<RunOutcome> {
  const { what, why, advice } = failure;
  run.lease.exempt();
  await comment(run, failureComment, `**${run.lane.failedTag}**: ${what}.\n\nWhy: ${why}\n\nWhat to do: ${advice}`);
  await changeTags(run, { add: [run.lane.failedTag], remove: [run.lane.startedTag, run.lane.completedTag] });
  return acknowledge(run, { kind: "failed", reason: `${what}: ${why}`.slice(0, 500), failure });
}

function knownFailure(run: Run): Failure {
  const { failure } = run.record.value;
  if (failure !== undefined) return failure;
  const limit = run.limits.attemptsPerCauseMax;
  run.ports.log.event("limit.reached", { limit: "attemptsPerCauseMax", card: run.reference, value: run.attempt - 1 });
  const why = lastTrouble(run) ?? "see the log";
  return {
    what: `the work did not succeed in ${limit} attempts`,
    why: `the last one ended because ${why}`,
    advice: "Look after the services that it needs, then move the card back into this lane.",
  };
}

async function retryLater(run: Run, stop: Stop, failure: Failure | undefined): Promise<RunOutcome> {
  if (stop.kind === "lost") return { kind: "interrupted", reason: stop.reason };
  if (stop.kind === "stale") return { kind: "stale", reason: stop.reason };
  // A failure while showing a failure: the first one stands.
  const reason = stop.kind === "failure" ? stop.failure.why : stop.reason;
  const unknown = stop.kind === "transient" && stop.unknown;
  const delayMs = run.policies.retry.runDelayMs(run.ports, run.attempt, unknown, run.limits);
  const notBeforeMs = run.ports.clock.nowMs() + delayMs;
  try {
    run.lease.require(run.limits.diskMarginMs);
    // Without this the next attempt comes too early, but it comes.
    await run.record.save({
      notBeforeMs,
      intents: { ...run.record.value.intents, trouble: reason.slice(0, 500) },
      ...(failure === undefined ? {} : { failure }),
    });
    await removeStarted(run);
  } catch (error) {
    const second = stopOfError(error);
    if (second.kind === "lost") return { kind: "interrupted", reason: second.reason };
  }
  return { kind: "retry", reason, notBeforeMs };
}

/** As good as it goes: the next attempt sets the tags again. */
async function removeStarted(run: Run): Promise<void> {
  if (run.tagsAtDispatch?.includes(run.lane.startedTag) !== true) return;
  await changeTags(run, { add: [], remove: [run.lane.startedTag] });
}

function lastTrouble(run: Run): string | undefined {
  const trouble = run.record.intent("trouble");
  return typeof trouble === "string" ? trouble : undefined;
}

/** Anything else is a bug of ours: nobody may catch it and go on. */
function stopOfError(error: unknown): Stop {
  if (error instanceof RunStop) return error.stop;
  throw error;
}

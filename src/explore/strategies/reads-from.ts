import type { Step } from "../../kernel/step.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import type { Access, AccessTrace, SharedAccesses } from "./access-trace.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import type { Stream } from "./stream.ts";

/** The access is to find the resource as this write left it: nobody writes it in between. */
export interface Observation {
  readonly resource: string;
  readonly by: Access;
  /** Undefined: as it was at first. */
  readonly of: Access | undefined;
}

export interface ReadsFromOptions {
  readonly observations: readonly Observation[];
  readonly fairFromUs: number;
  /** Takes down what this run does. */
  readonly trace?: AccessTrace;
}

/**
 * Reads-from constraints: a run in which some accesses come upon other writes than they would by default. Either the access
 * waits for the write, or what would overwrite it waits for the access; everything else goes on in the default order.
 * An observation that cannot be had is given up: when nothing but what it holds may come next.
 *
 * Source: Wolff, Shi, Duck, Mathur, Roychoudhury, "Greybox Fuzzing for Concurrency Testing", ASPLOS 2024 (reads-from
 * fuzzing, RFF). Theirs keeps a corpus over the whole campaign; here each seed grows a chain of its own, so that it stands
 * for one case whatever was run before.
 */
export class ReadsFrom extends ChoosingScheduler {
  private readonly pending: PendingObservation[];
  private readonly trace: AccessTrace | undefined;
  private readonly candidates: Step[] = [];

  constructor({ observations, fairFromUs, trace }: ReadsFromOptions) {
    super(fairFromUs);
    this.pending = observations.map((observation) => ({ observation, isWritten: observation.of === undefined }));
    this.trace = trace;
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    const step = this.pending.length === 0 ? first : this.firstFree(queue, first);
    if (this.pending.length > 0) this.settle(step);
    this.trace?.add(step);
    return step;
  }

  private firstFree(queue: StepQueue, first: Step): Step {
    if (!this.isHeld(first)) return first;
    let best: Step | undefined;
    for (const step of candidatesOf(queue, this.candidates)) {
      if ((best === undefined || comesBefore(step, best)) && !this.isHeld(step)) best = step;
    }
    return best ?? first;
  }

  private isHeld(step: Step): boolean {
    return this.pending.some((each) => holds(each, step));
  }

  /** What the step means to the observations: some have what they need, some had to let it go. */
  private settle(step: Step): void {
    for (let index = this.pending.length - 1; index >= 0; index--) {
      const each = this.pending[index]!;
      const { by, of } = each.observation;
      if (isAccess(step, by) || holds(each, step)) this.pending.splice(index, 1);
      else if (of !== undefined && isAccess(step, of)) each.isWritten = true;
    }
  }
}

interface PendingObservation {
  readonly observation: Observation;
  /** Whether the write has happened that is to be observed. */
  isWritten: boolean;
}

function holds({ observation, isWritten }: PendingObservation, step: Step): boolean {
  if (isAccess(step, observation.by)) return !isWritten;
  return isWritten && step.touches.some(({ id, rw }) => rw === "w" && id === observation.resource);
}

function isAccess(step: Step, access: Access): boolean {
  return (
    step.operation.siteHash === access.siteHash && step.stage === access.stage && step.operation.site === access.site
  );
}

/**
 * Draws an access of a run and a write that it did not come upon, but might: one by another task, with none by its own in
 * between, that waiting can bring about. The neighbours of the write that it did come upon, and none at all, are as likely
 * as all others together: of a hundred alike writers one is enough.
 *
 * @returns undefined when the access that was drawn has no other write to come upon
 */
export function drawObservation(shared: readonly SharedAccesses[], stream: Stream): Observation | undefined {
  if (shared.length === 0) return undefined;
  const { resource, accesses } = shared[stream.below(shared.length)]!;
  const at = stream.below(accesses.length);
  const by = accesses[at]!;
  const earlier = writesBefore(accesses, at);
  const later = writesAfter(accesses, at);
  const options: (readonly (Access | undefined)[])[] = [
    later.slice(0, 1),
    earlier.slice(0, 1),
    earlier.at(-1) === undefined && earlier.length > 0 ? [undefined] : [],
    [...later, ...earlier],
  ].filter((writes) => writes.length > 0);
  if (options.length === 0) return undefined;
  const writes = options[stream.below(options.length)]!;
  return { resource, by, of: writes[stream.below(writes.length)] };
}

/** What it might have come upon instead, nearest first; undefined, the last, stands for none. */
function writesBefore(accesses: readonly Access[], at: number): readonly (Access | undefined)[] {
  const { task, dueUs } = accesses[at]!;
  const writes: Access[] = [];
  for (let index = at - 1; index >= 0; index--) {
    const access = accesses[index]!;
    if (!access.isWrite) continue;
    writes.push(access);
    // It cannot look behind its own task's, which come before it in any schedule, nor behind one that cannot wait for it.
    if (access.task === task || access.latestUs < dueUs) return writes.slice(1);
  }
  return writes.length === 0 ? [] : [...writes.slice(1), undefined];
}

/** Nearest first. */
function writesAfter(accesses: readonly Access[], at: number): readonly Access[] {
  const { task, latestUs } = accesses[at]!;
  const writes: Access[] = [];
  for (let index = at + 1; index < accesses.length; index++) {
    const access = accesses[index]!;
    if (access.task === task || access.dueUs > latestUs) break;
    if (!access.isWrite) continue;
    writes.push(access);
  }
  return writes;
}

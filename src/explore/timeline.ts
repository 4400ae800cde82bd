import { hash32, hex32, mix32 } from "../base/digest.ts";
import type { Footprint } from "../base/footprint.ts";
import type { Step } from "../kernel/step.ts";
import type { Exploration } from "../sim/run-case.ts";

/**
 * Takes fingerprints of timelines, one run after the other: at each resource, which process handed it over to which, by
 * what kinds of operation, in order. Two runs have the same one when their processes met in the same order everywhere,
 * whatever the times; a replay has that of its run.
 *
 * A process takes a resource over when it reads what another one wrote last, or writes what another one wrote last or
 * has read since. Readers between two writes stand in no order, and a process counts there once for each kind of
 * operation: how often somebody looks, and who looks first, changes nothing. Nor do resources stand in any order: the
 * fingerprint is a sum over them.
 */
export class TimelineRecorder {
  /** Of this run: a small map is faster than one that outlives the run, whose names are cold. */
  private readonly resources = new Map<string, Resource>();
  /** Of names of processes and operations: they are few. */
  private readonly hashes = new Map<string, number>();

  /** A run begins. */
  begin(): void {
    this.resources.clear();
  }

  /** Adds what the step touches. Call it before the step happens. */
  add(step: Step): void {
    const { touches, operation } = step;
    if (touches.length === 0) return;
    const { process, name } = operation;
    const by = mix32(this.hash(process), this.hash(name));
    for (const footprint of touches) this.touch(footprint, process, by);
  }

  /** Of the run so far: 16 hexadecimal digits. */
  fingerprint(): string {
    let high = 0;
    let low = 0;
    for (const [id, { isShared, chain, met }] of this.resources) {
      if (!isShared) continue;
      const nameHash = hash32(withoutTimes(id));
      high = (high + mix32(nameHash, mix32(chain.high, met.high))) >>> 0;
      low = (low + mix32(mix32(chain.low, met.low), nameHash)) >>> 0;
    }
    return hex32(high) + hex32(low);
  }

  /** @param by names the process and the kind of its operation */
  private touch({ id, rw }: Footprint, process: string, by: number): void {
    let resource = this.resources.get(id);
    if (resource === undefined) this.resources.set(id, (resource = new Resource()));
    if (rw === "w") resource.write(process, by);
    else resource.read(process, by);
  }

  private hash(name: string): number {
    let hash = this.hashes.get(name);
    if (hash === undefined) this.hashes.set(name, (hash = hash32(name)));
    return hash;
  }
}

/** The same exploration, whose steps the recorder is shown. For cases without preemptions of their own. */
export function recordTimeline(exploration: Exploration, recorder: TimelineRecorder): Exploration {
  recorder.begin();
  const inner = exploration.scheduler;
  const next: ChoosingScheduler["next"] = (queue) => {
    const step = inner === undefined ? queue.pop() : inner.next(queue);
    if (step !== undefined) recorder.add(step);
    return step;
  };
  if (inner === undefined) return { ...exploration, scheduler: { next, preemptions: () => [] } };
  return {
    ...exploration,
    scheduler: {
      next,
      preemptions: () => inner.preemptions(),
      entered: (process, incarnation) => inner.entered?.(process, incarnation),
      ...(inner.touch === undefined ? {} : { touch: inner.touch }),
    },
  };
}

type ChoosingScheduler = NonNullable<Exploration["scheduler"]>;

/** A name without the times and digests in it: they differ by latencies and by drawn texts. Counters stay. */
export function withoutTimes(name: string): string {
  return name.replace(/[0-9a-f]{10,}/g, (digits) => (/^0*[0-9]{1,8}$/.test(digits) ? digits : "*"));
}

/** Two numbers of 32 bits that are mixed apart from each other. */
interface Lanes {
  high: number;
  low: number;
}

/** Who had one resource in a run. */
class Resource {
  /** Of the hand-overs up to the last write, in order. */
  readonly chain: Lanes = { high: 0, low: 0 };
  /** Of those since then: a sum, as readers stand in no order. */
  readonly met: Lanes = { high: 0, low: 0 };
  isShared = false;

  private writer: string | undefined;
  private writtenBy = 0;
  /** Since the last write, and how each read, at the same place. */
  private readonly readers: string[] = [];
  private readonly readBy: number[] = [];

  read(process: string, by: number): void {
    for (let index = 0; index < this.readers.length; index++) {
      if (this.readBy[index] === by && this.readers[index] === process) return;
    }
    this.readers.push(process);
    this.readBy.push(by);
    if (this.writer !== undefined && this.writer !== process) this.handOver(this.writtenBy, by);
  }

  write(process: string, by: number): void {
    let isRead = false;
    for (let index = 0; index < this.readers.length; index++) {
      isRead = true;
      if (this.readers[index] !== process) this.handOver(this.readBy[index]!, by);
    }
    if (!isRead && this.writer !== undefined && this.writer !== process) this.handOver(this.writtenBy, by);
    const { chain, met } = this;
    if (met.high !== 0 || met.low !== 0) {
      chain.high = mix32(chain.high, met.high);
      chain.low = mix32(met.low, chain.low);
    }
    this.writer = process;
    this.writtenBy = by;
    this.forgetReaders();
  }

  private handOver(from: number, to: number): void {
    const { met } = this;
    met.high = (met.high + mix32(from, to)) >>> 0;
    met.low = (met.low + mix32(to ^ lowLane, from)) >>> 0;
    this.isShared = true;
  }

  private forgetReaders(): void {
    this.met.high = 0;
    this.met.low = 0;
    if (this.readers.length === 0) return;
    this.readers.length = 0;
    this.readBy.length = 0;
  }
}

const lowLane = 0x5bd1e995;

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
    const by = mix32(this.hash(process), this.hash(name)) | 0;
    for (const footprint of touches) this.touch(footprint, process, by);
  }

  /** Of the run so far: 16 hexadecimal digits. */
  fingerprint(): string {
    let high = 0;
    let low = 0;
    for (const [id, resource] of this.resources) {
      if (!resource.isShared) continue;
      const nameHash = hash32(withoutTimes(id));
      high = (high + mix32(nameHash, resource.high)) >>> 0;
      low = (low + mix32(resource.low, nameHash)) >>> 0;
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

/**
 * Who had one resource in a run. Hashes have two lanes that are mixed apart from each other, as signed numbers of 32
 * bits: those are kept without an object of their own.
 */
class Resource {
  isShared = false;
  /** Of the hand-overs up to the last write, in order. */
  private chainHigh = 0;
  private chainLow = 0;
  /** Of those since then: a sum, as readers stand in no order. */
  private metHigh = 0;
  private metLow = 0;
  private writer: string | undefined;
  private writtenBy = 0;
  /** Since the last write. */
  private readers: Reader[] | undefined;

  get high(): number {
    return mix32(this.chainHigh, this.metHigh);
  }

  get low(): number {
    return mix32(this.chainLow, this.metLow);
  }

  read(process: string, by: number): void {
    if (this.readers === undefined) this.readers = [{ process, by }];
    else {
      for (const reader of this.readers) if (reader.by === by && reader.process === process) return;
      this.readers.push({ process, by });
    }
    if (this.writer !== undefined && this.writer !== process) this.handOver(this.writtenBy, by);
  }

  write(process: string, by: number): void {
    if (this.readers === undefined) {
      if (this.writer !== undefined && this.writer !== process) this.handOver(this.writtenBy, by);
    } else {
      for (const reader of this.readers) if (reader.process !== process) this.handOver(reader.by, by);
      this.readers = undefined;
    }
    if (this.metHigh !== 0 || this.metLow !== 0) {
      this.chainHigh = mix32(this.chainHigh, this.metHigh) | 0;
      this.chainLow = mix32(this.metLow, this.chainLow) | 0;
      this.metHigh = 0;
      this.metLow = 0;
    }
    this.writer = process;
    this.writtenBy = by;
  }

  private handOver(from: number, to: number): void {
    this.metHigh = (this.metHigh + mix32(from, to)) | 0;
    this.metLow = (this.metLow + mix32(to ^ lowLane, from)) | 0;
    this.isShared = true;
  }
}

/** `by` names the process and the kind of its operation. */
interface Reader {
  readonly process: string;
  readonly by: number;
}

const lowLane = 0x5bd1e995;

import { sha256 } from "../base/digest.ts";
import { canonicalJson, isJsonArray, isJsonObject, type JsonValue } from "../base/json.ts";
import type { Fault } from "../faults/fault.ts";
import type { Case } from "../sim/case.ts";
import type { WorkloadSource } from "../sim/scenario.ts";
import { forcedThings, type Attempt } from "./attempt.ts";
import { inEarlierLives, inEarlierOccurrences } from "./earlier-sites.ts";
import { reduceJson, withoutOneItem } from "./reduce-json.ts";
import { reduceList } from "./reduce-list.ts";

export interface ShrinkOptions {
  /** The failure that must remain. */
  readonly signature: string;
  /** Runs a case; undefined when it could not be run. */
  readonly attempt: (candidate: Case) => Promise<Attempt | undefined>;
  /** Whether the scenario takes a workload; it costs no execution. */
  readonly accepts: (workload: JsonValue) => boolean;
  /** Makes workloads simpler as the generator does that drew them; structure alone is known without it. */
  readonly generator?: WorkloadSource["shrink"];
  /** Says by preemptions what delays bring about, in two runs; the result may fail or not. */
  readonly undelay?: (input: Case) => Promise<Case | undefined>;
  readonly executionsMax: number;
  /** Whether it has cost enough by another measure; asked before each execution. */
  readonly isSpent?: () => boolean;
  /** Called with each smaller case, before the next one is tried. */
  readonly onImproved?: (smaller: Case) => void;
  readonly signal?: AbortSignal;
}

export interface Shrunk {
  readonly case: Case;
  readonly executions: number;
  /** Processes in the run of the smallest case; 0 when nothing was tried. */
  readonly actors: number;
  /** Whether the case fails as it should at all: if not, nothing was tried. */
  readonly replays: boolean;
  /** Nothing more can be left out. Otherwise the executions or the time ran out, or it was stopped. */
  readonly minimal: boolean;
}

/**
 * Searches the smallest case that fails the same way. Nothing forced at all is tried first; then fewer processes and other
 * large parts of the workload; then each fault, preemption and delay; then every part of the workload, as long as that
 * makes no run longer; and all of it again until nothing more can go, alone or with one other. At last the delays that are
 * left, and the durations of faults, are made shorter.
 *
 * No case is run twice. What a run never came to is no part of its case: each result is what really happened.
 */
export async function shrinkCase(failing: Case, options: ShrinkOptions): Promise<Shrunk> {
  const shrinker = new Shrinker(failing, options);
  return shrinker.run();
}

class Shrinker {
  private smallest: Case;
  private last: Attempt | undefined;
  /** As it was before preemptions said what its delays bring about. */
  private delayed: { readonly case: Case; readonly attempt: Attempt } | undefined;
  private executions = 0;
  private readonly options: ShrinkOptions;
  /** Digests of the cases that were run. */
  private readonly tried = new Set<string>();

  constructor(failing: Case, options: ShrinkOptions) {
    this.smallest = failing;
    this.options = options;
  }

  async run(): Promise<Shrunk> {
    const replays = await this.works(this.smallest);
    if (replays) {
      await this.leaveOutKinds();
      await this.undelay();
      await this.simplifyAsDrawn();
      let before: Case;
      do {
        before = this.smallest;
        await this.cutWorkload();
        await this.leaveOut();
        await reduceJson(this.smallest.workload, (workload) => this.worksWith(workload));
        await this.dropUnreached();
        if (this.smallest === before) await this.leaveOutChained();
        if (this.smallest === before) await this.leaveOutItems();
        if (this.smallest === before) await this.leaveOutPairs();
      } while (this.smallest !== before && !this.isOver());
      await this.sayOtherwise();
      await this.shortenDelays();
      await this.shortenFaults();
    }
    return {
      case: this.smallest,
      executions: this.executions,
      actors: this.last?.actors ?? 0,
      replays,
      minimal: replays && !this.isOver(),
    };
  }

  private async leaveOutKinds(): Promise<void> {
    if (await this.works({ ...this.smallest, faults: [], preemptions: [], delays: [] })) return;
    await this.works({ ...this.smallest, preemptions: [], delays: [] });
    await this.works({ ...this.smallest, faults: [] });
    await this.dropUnreached();
  }

  /** That one step waits for another says more than that it is late by so much. */
  private async undelay(): Promise<void> {
    if (this.smallest.delays.length === 0 || this.options.undelay === undefined || this.isOver()) return;
    this.executions += 2;
    const before = { case: this.smallest, attempt: this.last! };
    const undelayed = await this.options.undelay(before.case);
    if (undelayed !== undefined && (await this.works(undelayed))) this.delayed ??= before;
  }

  /** The few delays that are left may be said by preemptions after all; or many preemptions by fewer delays. */
  private async sayOtherwise(): Promise<void> {
    const { delayed } = this;
    await this.tryInstead(0, () => this.undelay());
    if (delayed === undefined || forcedThings(this.smallest) < 2) return;
    const { preemptions, delays } = delayed.case;
    await this.tryInstead(1, async () => {
      const candidate = { ...this.smallest, preemptions, delays };
      if (digestOf(candidate) !== digestOf(delayed.case)) return this.works(candidate);
      // Nothing else is smaller since: it is known to fail.
      this.smallest = delayed.case;
      this.last = delayed.attempt;
      return true;
    });
  }

  /** Goes on from another case that fails so, and comes back unless that ends in so many things less. */
  private async tryInstead(less: number, change: () => Promise<unknown>): Promise<void> {
    const { smallest, last } = this;
    await change();
    if (this.smallest === smallest) return;
    await this.leaveOut();
    if (forcedThings(this.smallest) <= forcedThings(smallest) - less) return;
    this.smallest = smallest;
    this.last = last;
    this.options.onImproved?.(smallest);
  }

  /** While the workload is the one that was drawn, its generator knows how it can be simpler and still make sense. */
  private async simplifyAsDrawn(): Promise<void> {
    const drawn = canonicalJson(this.smallest.workload);
    let isDrawn = true;
    await this.options.generator?.(this.smallest.drawSeed, async (workload) => {
      if (!isDrawn) return this.worksWith(workload);
      isDrawn = false;
      return canonicalJson(workload) === drawn;
    });
    await this.dropUnreached();
  }

  /** Each member of the workload as a whole: the numbers of processes, lists of what people do. */
  private async cutWorkload(): Promise<void> {
    const { workload } = this.smallest;
    if (!isJsonObject(workload)) return;
    for (const name of Object.keys(workload)) {
      for (const cut of cutsOf(workload[name]!)) {
        const smaller = { ...(this.smallest.workload as Record<string, JsonValue>), [name]: cut };
        if (await this.worksWith(smaller)) break;
      }
    }
    await this.dropUnreached();
  }

  private async leaveOut(): Promise<void> {
    await reduceList(this.smallest.faults, (faults) => this.works({ ...this.smallest, faults }));
    await reduceList(this.smallest.preemptions, (preemptions) => this.works({ ...this.smallest, preemptions }));
    await reduceList(this.smallest.delays, (delays) => this.works({ ...this.smallest, delays }));
    await this.dropUnreached();
  }

  /** Without other faults, what is left may have to strike earlier lives and attempts: each alone, then all but one. */
  private async leaveOutChained(): Promise<void> {
    const { faults } = this.smallest;
    for (const fault of faults) {
      if (faults.length > 1 && (await this.worksEarlier([fault]))) return;
    }
    for (const index of faults.keys()) {
      if (await this.worksEarlier(faults.toSpliced(index, 1))) return;
    }
  }

  private async worksEarlier(faults: readonly Fault[]): Promise<boolean> {
    for (const candidate of inEarlierLives({ ...this.smallest, faults })) {
      if (await this.works(candidate)) return true;
    }
    return false;
  }

  /** With one item less in some list of the workload, what is done to a run may have to strike earlier. */
  private async leaveOutItems(): Promise<void> {
    for (const { value: workload } of withoutOneItem(this.smallest.workload)) {
      if (!this.options.accepts(workload)) continue;
      for (const candidate of inEarlierOccurrences({ ...this.smallest, workload })) {
        if (await this.works(candidate, this.noLonger())) return;
      }
    }
  }

  /** What excludes or replaces each other goes together only. */
  private async leaveOutPairs(): Promise<void> {
    const total = forcedThings(this.smallest);
    if (total > pairsOfMax) return;
    for (let first = 0; first < total; first++) {
      for (let second = first + 1; second < total; second++) {
        if (await this.works(withoutThings(this.smallest, new Set([first, second])))) return;
      }
    }
  }

  /** What the run never came to. */
  private async dropUnreached(): Promise<void> {
    if (this.last?.realised !== undefined) await this.works(this.last.realised);
  }

  private async shortenDelays(): Promise<void> {
    for (let index = 0; index < this.smallest.delays.length; index++) {
      for (let delay = this.smallest.delays[index]!; delay.extraUs > 1; delay = this.smallest.delays[index]!) {
        const shorter = { ...delay, extraUs: Math.floor(delay.extraUs / 2) };
        const delays = this.smallest.delays.with(index, shorter);
        if (!(await this.works({ ...this.smallest, delays }))) break;
      }
    }
  }

  /** Never to nothing: a fault of no duration is none. */
  private async shortenFaults(): Promise<void> {
    for (let index = 0; index < this.smallest.faults.length; index++) {
      for (const name of durationsOf(this.smallest.faults[index]!)) {
        const durationOf = (): number => (this.smallest.faults[index] as unknown as Record<string, number>)[name]!;
        for (let ms = durationOf(); Math.abs(ms) > shortestMs; ms = durationOf()) {
          const shorter = { ...this.smallest.faults[index]!, [name]: Math.trunc(ms / 2) } as Fault;
          if (!(await this.works({ ...this.smallest, faults: this.smallest.faults.with(index, shorter) }))) break;
        }
      }
    }
  }

  /**
   * Fewer processes are worth a longer run; anything else is not. What was done to parts that it no longer has may be
   * left over: it is dropped at the end of the pass.
   */
  private async worksWith(workload: JsonValue): Promise<boolean> {
    return this.options.accepts(workload) && (await this.works({ ...this.smallest, workload }, this.noLonger()));
  }

  private noLonger(): (attempt: Attempt) => boolean {
    const { steps, actors } = this.last!;
    return (attempt) => attempt.actors < actors || (attempt.actors === actors && attempt.steps <= steps);
  }

  private async works(candidate: Case, isSmaller: (attempt: Attempt) => boolean = () => true): Promise<boolean> {
    const digest = digestOf(candidate);
    // Whether the case fails at all is found out whatever it costs.
    const isAllowed = this.executions === 0 || !this.isOver();
    if (!isAllowed || this.tried.has(digest)) return false;
    this.tried.add(digest);
    this.executions++;
    const attempt = await this.options.attempt(candidate);
    if (attempt?.signature !== this.options.signature || attempt.judged === 0 || !isSmaller(attempt)) return false;
    const improved = candidate !== this.smallest;
    this.smallest = candidate;
    this.last = attempt;
    if (improved) this.options.onImproved?.(candidate);
    return true;
  }

  private isOver(): boolean {
    return (
      this.executions >= this.options.executionsMax ||
      this.options.signal?.aborted === true ||
      this.options.isSpent?.() === true
    );
  }
}

function digestOf(input: Case): string {
  return sha256(canonicalJson(input as unknown as JsonValue));
}

/** Nothing of it, one, or of lists half: most of what can go at all, in few runs. */
function cutsOf(value: JsonValue): JsonValue[] {
  if (typeof value === "number") return [0, 1].filter((cut) => cut < value);
  if (isJsonArray(value) && value.length > 0) return [[], value.slice(0, 1), value.slice(0, value.length >> 1)];
  return [];
}

/** @param left numbers of the things that go: faults first, then preemptions, then delays */
function withoutThings(input: Case, left: ReadonlySet<number>): Case {
  const { faults, preemptions, delays } = input;
  const preemptionsFrom = faults.length;
  const delaysFrom = preemptionsFrom + preemptions.length;
  return {
    ...input,
    faults: faults.filter((_, index) => !left.has(index)),
    preemptions: preemptions.filter((_, index) => !left.has(preemptionsFrom + index)),
    delays: delays.filter((_, index) => !left.has(delaysFrom + index)),
  };
}

function durationsOf(fault: Fault): string[] {
  return Object.keys(fault).filter((name) => name.endsWith("Ms"));
}

const pairsOfMax = 8;
/** A second is as plain as any shorter time. */
const shortestMs = 1_000;

import { canonicalJson, type JsonValue } from "../base/json.ts";
import type { Case } from "../sim/case.ts";
import { reduceJson } from "./reduce-json.ts";
import { reduceList } from "./reduce-list.ts";

export interface ShrinkOptions {
  /** The failure that must remain. */
  readonly signature: string;
  /** Runs a case; undefined when it could not be run. */
  readonly attempt: (candidate: Case) => Promise<Attempt | undefined>;
  /** Whether the scenario takes a workload; it costs no execution. */
  readonly accepts: (workload: JsonValue) => boolean;
  readonly executionsMax: number;
  /** Called with each smaller case, before the next one is tried. */
  readonly onImproved?: (smaller: Case) => void;
  readonly signal?: AbortSignal;
}

export interface Attempt {
  /** Of the outcome. */
  readonly signature: string;
  /** How long the run was. */
  readonly steps: number;
}

export interface Shrunk {
  readonly case: Case;
  readonly executions: number;
  /** Whether the case fails as it should at all: if not, nothing was tried. */
  readonly replays: boolean;
  /** Nothing more can be left out. Otherwise the executions ran out, or it was stopped. */
  readonly minimal: boolean;
}

/**
 * Searches the smallest case that fails the same way. What was done to the run goes first: faults, then preemptions and
 * delays; then the workload, as long as that makes no run longer; then all of it again, until nothing more can go. At
 * last the delays that are left are made shorter.
 */
export async function shrinkCase(failing: Case, options: ShrinkOptions): Promise<Shrunk> {
  const shrinker = new Shrinker(failing, options);
  return shrinker.run();
}

class Shrinker {
  private smallest: Case;
  private steps = Number.POSITIVE_INFINITY;
  private executions = 0;
  private readonly options: ShrinkOptions;
  private readonly tried = new Set<string>();

  constructor(failing: Case, options: ShrinkOptions) {
    this.smallest = failing;
    this.options = options;
  }

  async run(): Promise<Shrunk> {
    const replays = await this.works(this.smallest);
    if (replays) {
      await this.works({ ...this.smallest, preemptions: [], delays: [] });
      let before: Case;
      do {
        before = this.smallest;
        await this.leaveOut();
        await reduceJson(this.smallest.workload, (workload) => this.worksWith(workload));
      } while (this.smallest !== before && !this.isOver());
      await this.shortenDelays();
    }
    return { case: this.smallest, executions: this.executions, replays, minimal: replays && !this.isOver() };
  }

  private async leaveOut(): Promise<void> {
    await reduceList(this.smallest.faults, (faults) => this.works({ ...this.smallest, faults }));
    await reduceList(this.smallest.preemptions, (preemptions) => this.works({ ...this.smallest, preemptions }));
    await reduceList(this.smallest.delays, (delays) => this.works({ ...this.smallest, delays }));
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

  /** A smaller workload may come without what was done to parts that it no longer has. */
  private async worksWith(workload: JsonValue): Promise<boolean> {
    return this.options.accepts(workload) && (await this.works({ ...this.smallest, workload }, this.steps));
  }

  private async works(candidate: Case, stepsMax = Number.POSITIVE_INFINITY): Promise<boolean> {
    const name = canonicalJson(candidate as unknown as JsonValue);
    if (this.isOver() || this.tried.has(name)) return false;
    this.tried.add(name);
    this.executions++;
    const attempt = await this.options.attempt(candidate);
    if (attempt?.signature !== this.options.signature || attempt.steps > stepsMax) return false;
    const improved = candidate !== this.smallest;
    this.smallest = candidate;
    this.steps = attempt.steps;
    if (improved) this.options.onImproved?.(candidate);
    return true;
  }

  private isOver(): boolean {
    return this.executions >= this.options.executionsMax || this.options.signal?.aborted === true;
  }
}

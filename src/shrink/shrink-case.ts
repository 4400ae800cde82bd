import { canonicalJson, type JsonValue } from "../base/json.ts";
import type { Case } from "../sim/case.ts";
import { reduceList } from "./reduce-list.ts";

export interface ShrinkOptions {
  /** The failure that must remain. */
  readonly signature: string;
  /** Runs a case and gives the signature of its outcome; undefined when it could not be run. */
  readonly attempt: (candidate: Case) => Promise<string | undefined>;
  readonly executionsMax: number;
  /** Called with each smaller case, before the next one is tried. */
  readonly onImproved?: (smaller: Case) => void;
  readonly signal?: AbortSignal;
}

export interface Shrunk {
  readonly case: Case;
  readonly executions: number;
  /** Whether the case fails as it should at all: if not, nothing was tried. */
  readonly replays: boolean;
  /** Nothing more can be left out. Otherwise the executions ran out, or it was stopped. */
  readonly minimal: boolean;
}

/** Searches the smallest case that fails the same way: faults go first, then preemptions and delays. */
export async function shrinkCase(failing: Case, options: ShrinkOptions): Promise<Shrunk> {
  const shrinker = new Shrinker(failing, options);
  return shrinker.run();
}

class Shrinker {
  private smallest: Case;
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
      let size: number;
      do {
        size = sizeOf(this.smallest);
        await reduceList(this.smallest.faults, (faults) => this.works({ ...this.smallest, faults }));
        await reduceList(this.smallest.preemptions, (preemptions) => this.works({ ...this.smallest, preemptions }));
        await reduceList(this.smallest.delays, (delays) => this.works({ ...this.smallest, delays }));
      } while (sizeOf(this.smallest) < size && !this.isOver());
    }
    return { case: this.smallest, executions: this.executions, replays, minimal: replays && !this.isOver() };
  }

  private async works(candidate: Case): Promise<boolean> {
    const name = canonicalJson(candidate as unknown as JsonValue);
    if (this.isOver() || this.tried.has(name)) return false;
    this.tried.add(name);
    this.executions++;
    if ((await this.options.attempt(candidate)) !== this.options.signature) return false;
    const improved = sizeOf(candidate) < sizeOf(this.smallest);
    this.smallest = candidate;
    if (improved) this.options.onImproved?.(candidate);
    return true;
  }

  private isOver(): boolean {
    return this.executions >= this.options.executionsMax || this.options.signal?.aborted === true;
  }
}

function sizeOf({ faults, preemptions, delays }: Case): number {
  return faults.length + preemptions.length + delays.length;
}

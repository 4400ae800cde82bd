import { assert } from "../base/assert.ts";
import type { Segment } from "./explore-seeds.ts";
import type { Failure } from "./failure.ts";
import { CampaignSaturation, type CampaignProgress } from "./saturation.ts";
import type { SeedSource } from "./seed-range.ts";
import { addRow, emptyRows } from "./seed-rows.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";
import type { TaskEnd, TaskExecutor } from "./task.ts";
import { emptyTimelines } from "./timeline-column.ts";

export interface ScenarioCampaignOptions {
  readonly scenario: string;
  /** What is still to be run. */
  readonly seeds: SeedSource;
  /** Time after which no more seeds are begun. */
  readonly durationMs?: number;
  /** Real time; where it is given, time that stands still while the campaign is held. */
  readonly nowMs?: () => number;
  /** Stops after so many distinct failures, >= 1. */
  readonly failuresMax: number;
  readonly doubleRunsPpm: number;
  readonly executor: TaskExecutor;
  readonly signal: AbortSignal;
  /** More runs are done. Counts are those of the chunk; they may yet be left out of the result. */
  readonly onProgress?: (runs: number, ops: number, failures: number, segments: readonly Segment[]) => void;
  /** A failure of a new kind, in order of seeds, as soon as it is known to stand. */
  readonly onFailure?: (failure: Failure) => void;
  /** Some seeds are done for good, in no stated order: each seed in one call. Asks for the rows of the segments. */
  readonly onChunk?: (segments: readonly Segment[]) => void;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly tally: Tally;
  /** What the runs' timelines say; absent where they were not seen in order of seeds. */
  readonly progress?: CampaignProgress;
  /** The first of each signature, in order of seeds. */
  readonly failures: readonly Failure[];
  /** By signature: how many runs failed so. */
  readonly failedRuns: Readonly<Record<string, number>>;
  /** `failures`: stopped because there were enough of them. `workers`: too many workers died. */
  readonly end: "seeds" | "duration" | "failures" | "interrupted" | "workers";
  readonly wallMs: number;
}

/**
 * Runs the seeds of one scenario on an executor. What it adds up is a function of the seeds alone: chunks are merged
 * in order of seeds, and what lies behind the last failure that counts is left out.
 */
export async function exploreScenario(options: ScenarioCampaignOptions): Promise<ScenarioResult> {
  const campaign = new ScenarioCampaign(options);
  const { nowMs = () => performance.now() } = options;
  const startMs = nowMs();
  const isDue = (): boolean => options.durationMs !== undefined && nowMs() - startMs >= options.durationMs;
  await Promise.all(Array.from({ length: options.executor.concurrency }, () => campaign.work(isDue)));
  return campaign.result(nowMs() - startMs);
}

/** Seeds that are run together; `from` counts the seeds handed out before them. */
interface Piece {
  readonly from: number;
  readonly seeds: readonly number[];
  readonly attempt: number;
}

class ScenarioCampaign {
  private readonly options: ScenarioCampaignOptions;
  private readonly tally = emptyTally();
  private readonly saturation = new CampaignSaturation();
  private readonly failures: Failure[] = [];
  private readonly failedRuns: Record<string, number> = {};
  /** What must be done again, or lies around a seed that broke its worker. */
  private readonly again: Piece[] = [];
  /** By first position: what is done and waits for its turn to be merged. */
  private readonly done = new Map<number, { readonly count: number; readonly segments: readonly Segment[] }>();
  private next = 0;
  private merged = 0;
  private deaths = 0;
  private end: ScenarioResult["end"] = "seeds";
  private stopped = false;
  private msPerRun: number | undefined;

  constructor(options: ScenarioCampaignOptions) {
    this.options = options;
  }

  /** One lane of the executor: takes pieces until there are none. */
  async work(isDue: () => boolean): Promise<void> {
    for (;;) {
      const piece = this.take(isDue);
      if (piece === undefined) return;
      const { scenario, failuresMax, doubleRunsPpm, executor, onChunk } = this.options;
      const { seeds } = piece;
      const withRows = onChunk !== undefined;
      this.ended(piece, await executor.run({ kind: "explore", scenario, seeds, failuresMax, doubleRunsPpm, withRows }));
    }
  }

  result(wallMs: number): ScenarioResult {
    this.mergeRest();
    const { scenario } = this.options;
    return {
      scenario,
      tally: this.tally,
      progress: this.saturation.progress(),
      failures: this.failures,
      failedRuns: this.failedRuns,
      end: this.end,
      wallMs,
    };
  }

  private take(isDue: () => boolean): Piece | undefined {
    if (this.options.signal.aborted) this.stop("interrupted");
    if (isDue()) this.stop("duration");
    if (this.stopped) return undefined;
    const again = this.again.shift();
    if (again !== undefined) return again;
    const seeds = this.options.seeds.take(this.chunkRuns(this.options.seeds.leftMax));
    if (seeds.length === 0) return undefined;
    const piece: Piece = { from: this.next, seeds, attempt: 1 };
    this.next += seeds.length;
    return piece;
  }

  /** As many runs as take about 100 ms; small enough at the end that all workers have something to do. */
  private chunkRuns(left: number): number {
    if (this.msPerRun === undefined) return 4;
    const runs = Math.floor(chunkMs / Math.max(this.msPerRun, 0.001));
    return Math.max(1, Math.min(runs, Math.ceil(left / this.options.executor.concurrency), 5_000));
  }

  private ended(piece: Piece, end: TaskEnd): void {
    switch (end.kind) {
      case "answered":
        assert(end.answer.kind === "explored", "an explore task is answered with what was explored");
        this.explored(piece, end.answer.segments, end.answer.wallMs);
        return;
      case "stalled":
        this.splitAround(piece, end.seed, {
          kind: "livelock",
          signature: "livelock",
          invariant: "livelock",
          message: `Simulated code never gave the turn back${end.site === "" ? "" : ` after ${end.site}`}.`,
        });
        return;
      case "died":
        this.workerDied(piece, end.seed, end.why);
        return;
      case "stopped":
        this.stop("interrupted");
    }
  }

  private explored(piece: Piece, segments: readonly Segment[], wallMs: number): void {
    let runs = 0;
    let ops = 0;
    let failures = 0;
    for (const { tally, failure } of segments) {
      runs += tally.runs;
      ops += tally.ops;
      if (failure !== undefined) failures++;
    }
    if (runs > 0) this.msPerRun = wallMs / runs;
    this.options.onProgress?.(runs, ops, failures, segments);
    this.finished(piece.from, piece.seeds.length, segments);
  }

  /** Retries once: the piece may have met what an earlier one left behind. */
  private workerDied(piece: Piece, seed: number, why: string): void {
    if (piece.attempt === 1) {
      this.again.push({ ...piece, attempt: 2 });
      return;
    }
    this.deaths++;
    this.splitAround(piece, seed, {
      kind: "died",
      signature: "worker died",
      invariant: "infrastructure",
      message: `The worker that ran this seed ended twice: ${why}.`,
    });
    if (this.deaths >= deathsMax) this.stop("workers");
  }

  /** The seed stands as a failure; what lies before and behind it in its piece is run again. */
  private splitAround(
    piece: Piece,
    seed: number,
    what: Pick<Failure, "kind" | "signature" | "invariant" | "message">,
  ): void {
    const { from, seeds } = piece;
    const at = Math.max(0, seeds.indexOf(seed));
    if (at > 0) this.again.push({ from, seeds: seeds.slice(0, at), attempt: 1 });
    if (at + 1 < seeds.length) this.again.push({ from: from + at + 1, seeds: seeds.slice(at + 1), attempt: 1 });
    const failure: Failure = { ...what, seed: seeds[at]!, strategy: "", steps: 0 };
    const rows = emptyRows();
    const { kind: end, signature } = what;
    addRow(rows, { seed: failure.seed, end, signature, historyHash: "", timeline: null, strategy: "", steps: 0 });
    const segment: Segment = { tally: { ...emptyTally(), runs: 1 }, timelines: emptyTimelines(), failure, rows };
    this.options.onProgress?.(1, 0, 1, [segment]);
    this.finished(from + at, 1, [segment]);
  }

  private finished(from: number, count: number, segments: readonly Segment[]): void {
    this.options.onChunk?.(segments);
    this.done.set(from, { count, segments });
    this.mergeInOrder();
  }

  private mergeInOrder(): void {
    for (let piece = this.done.get(this.merged); piece !== undefined; piece = this.done.get(this.merged)) {
      this.done.delete(this.merged);
      this.merged += piece.count;
      this.merge(piece.segments);
      if (this.stopped) return;
    }
  }

  /** Something between was never run: an interruption, or the time was up. What is done counts all the same. */
  private mergeRest(): void {
    for (const from of [...this.done.keys()].toSorted((left, right) => left - right)) {
      this.merge(this.done.get(from)!.segments);
    }
    this.done.clear();
  }

  private merge(segments: readonly Segment[]): void {
    for (const { tally, timelines, failure } of segments) {
      if (this.failures.length >= this.options.failuresMax) return;
      addTally(this.tally, tally);
      this.saturation.add(timelines);
      if (failure === undefined) continue;
      const runs = (this.failedRuns[failure.signature] ?? 0) + 1;
      this.failedRuns[failure.signature] = runs;
      if (runs > 1) continue;
      this.failures.push(failure);
      this.options.onFailure?.(failure);
      if (this.failures.length >= this.options.failuresMax) this.stop("failures");
    }
  }

  private stop(end: ScenarioResult["end"]): void {
    if (this.stopped) return;
    this.stopped = true;
    this.end = end;
  }
}

const chunkMs = 100;
const deathsMax = 3;

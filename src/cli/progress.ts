import type { Segment } from "../campaign/explore-seeds.ts";
import type { Failure } from "../campaign/failure.ts";
import type { Tally } from "../campaign/tally.ts";
import { wholeNumber } from "../report/table.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { Host } from "./host.ts";
import type { Stopwatch } from "./live/stopwatch.ts";
import { LiveTotals, type LivePlan } from "./live/live-totals.ts";

/** How far a campaign is, on standard error. */
export interface Progress {
  /** @param recorded what earlier sittings came to */
  begin(scenario: Scenario, recorded?: Tally): void;
  add(runs: number, ops: number, failures: number, segments: readonly Segment[]): void;
  /** A failure of a new kind. */
  fail(failure: Failure): void;
  /** The scenario is done, perhaps before its last seed. */
  end(seeds: number): void;
  /** Takes away what is drawn, so that something else can be printed. */
  clear(): void;
  stop(): void;
}

/** A line now and then, for logs. */
export class PlainProgress implements Progress {
  private readonly host: Host;
  private readonly stopwatch: Stopwatch;
  private readonly totals: LiveTotals;
  private readonly timer: NodeJS.Timeout;

  constructor(host: Host, plan: LivePlan, stopwatch: Stopwatch) {
    this.host = host;
    this.stopwatch = stopwatch;
    this.totals = new LiveTotals(plan);
    this.timer = setInterval(() => this.host.writeError(`${this.line()}\n`), plainLineMs);
  }

  begin(scenario: Scenario): void {
    this.totals.begin(scenario);
  }

  add(runs: number, ops: number, failures: number, segments: readonly Segment[]): void {
    this.totals.add(runs, ops, failures, segments);
  }

  fail(failure: Failure): void {
    this.totals.fail(failure);
  }

  end(seeds: number): void {
    this.totals.end(seeds);
  }

  clear(): void {}

  stop(): void {
    clearInterval(this.timer);
  }

  private line(): string {
    const figures = this.totals.figures(this.stopwatch.elapsedMs());
    const total = figures.runsTotal === undefined ? "" : `/${wholeNumber(figures.runsTotal)}`;
    return [
      `${figures.scenario}: ${wholeNumber(figures.runs)}${total} runs`,
      `${wholeNumber(figures.runsPerSecond)} runs/s`,
      `${wholeNumber(figures.opsPerSecond)} ops/s`,
      `ETA ${Math.ceil((figures.leftMs ?? 0) / 1000)} s`,
      `${figures.failedRuns} failed`,
    ].join(", ");
  }
}

const plainLineMs = 5_000;

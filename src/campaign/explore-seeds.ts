import { hash32, mix32 } from "../base/digest.ts";
import type { Explorer, RunCase } from "../explore/explorer.ts";
import { recordTimeline, TimelineRecorder } from "../explore/timeline.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { failureOf, type Failure, type RunIdentity } from "./failure.ts";
import type { Pulse } from "./pulse.ts";
import { addRow, emptyRows, rowOf, type SeedRows } from "./seed-rows.ts";
import { countRun, emptyTally, type Tally } from "./tally.ts";
import { addTimeline, emptyTimelines, type TimelineColumn } from "./timeline-column.ts";

/** Runs of consecutive seeds; the last one failed when there is a failure. */
export interface Segment {
  readonly tally: Tally;
  /** Of those that came to an end by themselves. */
  readonly timelines: TimelineColumn;
  readonly failure?: Failure;
  /** What each of the runs came to, where it was asked for. */
  readonly rows?: SeedRows;
}

export interface ExploreOptions {
  readonly scenario: Scenario;
  readonly explorer: Explorer;
  readonly runCase: RunCase;
  readonly signatureOf: (verdict: Outcome["verdict"]) => string;
  readonly seeds: readonly number[];
  /** Stops after so many distinct failures. */
  readonly failuresMax: number;
  /** Share of the runs that are run again from their case. */
  readonly doubleRunsPpm: number;
  /** What each run came to is wanted: costs a hash of its history. */
  readonly withRows: boolean;
  readonly pulse?: Pulse;
}

/**
 * Runs seeds in order, inside one macrotask. The segments say where it failed, so that whoever merges
 * many chunks can stop at the same seed whatever the number of workers.
 */
export function exploreSeeds(options: ExploreOptions): Segment[] {
  const { scenario, explorer, runCase, seeds, withRows, pulse } = options;
  const segments: Segment[] = [];
  const signatures = new Set<string>();
  const recorder = new TimelineRecorder();
  let tally = emptyTally();
  let timelines = emptyTimelines();
  let rows = emptyRows();
  const endSegment = (failure?: Failure): void => {
    segments.push({ tally, timelines, ...(failure === undefined ? {} : { failure }), ...(withRows ? { rows } : {}) });
    tally = emptyTally();
    timelines = emptyTimelines();
    rows = emptyRows();
  };
  for (const seed of seeds) {
    if (signatures.size >= options.failuresMax) break;
    pulse?.enter(seed);
    const plan = explorer.plan(seed);
    const run: RunIdentity = { seed, strategy: plan.strategy };
    const exploration = recordTimeline(plan.exploration, recorder);
    const watched = pulse === undefined ? exploration : { ...exploration, heartbeat: pulse.beat };
    const outcome = runCase(scenario, plan.case, watched);
    const timeline = recorder.fingerprint();
    countRun(tally, outcome);
    addTimeline(timelines, timeline, plan.strategy);
    let failure = failureOf(outcome, run, options.signatureOf);
    if (isSampled(scenario.name, seed, options.doubleRunsPpm)) {
      tally.runTwice++;
      failure ??= runAgain(outcome, run, options);
    }
    if (withRows) addRow(rows, rowOf(run, outcome, failure, timeline));
    if (failure === undefined) continue;
    endSegment(signatures.has(failure.signature) ? withoutCase(failure) : failure);
    signatures.add(failure.signature);
  }
  if (tally.runs > 0) endSegment();
  return segments;
}

/** The signature of a run whose case gives another history when it is run again. */
export const secondRunDiffers = "nondeterminism: the second run differs";

/** Runs the case of a run and compares the histories. */
function runAgain(first: Outcome, run: RunIdentity, options: ExploreOptions): Failure | undefined {
  const input = JSON.parse(JSON.stringify(first.realised())) as ReturnType<Outcome["realised"]>;
  const second = options.runCase(options.scenario, input, {});
  if (first.history.hash() === second.history.hash()) return undefined;
  return {
    kind: "nondeterminism",
    signature: secondRunDiffers,
    ...run,
    invariant: "nondeterminism",
    message: firstDifference([...first.history.lines()], [...second.history.lines()]),
    case: input,
    steps: first.stats.steps,
  };
}

export function firstDifference(first: readonly string[], second: readonly string[]): string {
  let index = 0;
  while (index < first.length && first[index] === second[index]) index++;
  const end = "the end of the run";
  return `event ${index} was ${first[index] ?? end} and is ${second[index] ?? end} when the run's case is run again`;
}

/** The same seeds are run twice wherever and however often the campaign runs; others in each scenario. */
function isSampled(scenario: string, seed: number, ppm: number): boolean {
  return mix32(mix32(seed >>> 0, Math.floor(seed / 0x1_0000_0000)), hash32(scenario)) % 1_000_000 < ppm;
}

function withoutCase({ case: _, ...failure }: Failure): Failure {
  return failure;
}

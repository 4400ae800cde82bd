import { assert } from "../../base/assert.ts";
import type { Case } from "../../sim/case.ts";
import type { Outcome } from "../../sim/outcome.ts";
import type { Exploration } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { conditions, type Condition } from "./conditions.ts";
import type { DegradedCondition, LostWork } from "./degraded-condition.ts";
import { isWithin, Outage, Watch, type StrikableCall, type Window } from "./outage.ts";
import { readProgress, type DonePiece, type Progress } from "./progress.ts";

export interface DegradedStudy {
  readonly scenarios: readonly Scenario[];
  /** Each stands for a workload, and for the moment at which things become bad. */
  readonly seeds: readonly number[];
  readonly runCase: (scenario: Scenario, input: Case, exploration: Exploration) => Promise<Outcome>;
  /** Ends it before the next workload: what was measured by then is told. */
  readonly interrupted?: AbortSignal;
}

/**
 * Runs each workload undisturbed, and then once for each condition that could strike it: the condition sets in at one of
 * the operations that it strikes, lasts, and ends. The order of the conditions is always the same; those that strike
 * nothing in any run are left out.
 */
export async function measureDegraded(study: DegradedStudy): Promise<readonly DegradedCondition[]> {
  const studied = new Map<Condition, StudiedRun[]>(conditions.map((condition) => [condition, []]));
  for (const scenario of study.scenarios) {
    for (const seed of study.seeds) {
      if (study.interrupted?.aborted === true) break;
      for (const [condition, run] of await studySeed(scenario, seed, study)) studied.get(condition)!.push(run);
    }
  }
  return [...studied].flatMap(([condition, runs]) => (runs.length === 0 ? [] : [summed(condition, runs)]));
}

/** A disturbed run beside the undisturbed one. */
interface StudiedRun {
  readonly scenario: string;
  readonly seed: number;
  readonly failing: Calls;
  readonly healthy: Calls;
  /** From the end of the condition; undefined when the run never got there. */
  readonly recoveredAfterMs: number | undefined;
  readonly shown: DegradedCondition["shown"];
  readonly lost: LostWork | undefined;
}

/** What was asked in the window, as far as the run came. */
interface Calls {
  readonly count: number;
  readonly us: number;
}

async function studySeed(
  scenario: Scenario,
  seed: number,
  { runCase }: DegradedStudy,
): Promise<readonly (readonly [Condition, StudiedRun])[]> {
  const { scripted } = scenario.workloads;
  const input: Case = {
    scenario: scenario.name,
    drawSeed: seed,
    workload: scripted.length === 0 ? scenario.workloads.draw(seed) : scripted[seed % scripted.length]!,
    faults: [],
    preemptions: [],
    delays: [],
  };
  const watch = new Watch(conditions);
  const undisturbed = await runCase(scenario, input, { faults: watch });
  // What fails by itself says nothing about what a condition does to it.
  if (undisturbed.verdict.kind !== "held") return [];
  const healthy = readProgress(undisturbed.history.events);
  const runs: (readonly [Condition, StudiedRun])[] = [];
  for (const condition of conditions) {
    const calls = watch.calls.get(condition)!;
    const window = windowFor(condition, calls, seed, scenario.faults.faultsUntilMs);
    if (window === undefined) continue;
    const outage = new Outage(condition, window);
    const outcome = await runCase(scenario, input, { faults: outage });
    const failing = readProgress(outcome.history.events);
    runs.push([
      condition,
      {
        scenario: scenario.name,
        seed,
        failing: callsWithin(window, outage.calls, outcome),
        healthy: callsWithin(window, calls, undisturbed),
        recoveredAfterMs: recoveredAfterMs(healthy, failing, window),
        shown: {
          alarms: Math.max(0, failing.alarms - healthy.alarms),
          comments: Math.max(0, failing.comments - healthy.comments),
          failedCards: Math.max(0, failing.failedCards - healthy.failedCards),
        },
        lost: lostIn(outcome, scenario.name, seed),
      },
    ]);
  }
  return runs;
}

/** From one of the operations that it strikes, early enough that faults are over when the scenario says they are. */
function windowFor(
  { lastsMs }: Condition,
  calls: readonly StrikableCall[],
  seed: number,
  faultsUntilMs: number,
): Window | undefined {
  const latestUs = (faultsUntilMs - lastsMs) * 1_000;
  const early = calls.filter(({ atUs }) => atUs <= latestUs);
  if (early.length === 0) return undefined;
  // Spread over the run, and never the same place twice for seeds in a row.
  const at = early[Math.floor(((seed * spreadStep) % spreadParts) * (early.length / spreadParts))];
  assert(at !== undefined, "a share of a list is one of its places");
  return { fromUs: at.atUs, untilUs: at.atUs + lastsMs * 1_000 };
}

const spreadStep = 5;
const spreadParts = 8;

function callsWithin(window: Window, calls: readonly StrikableCall[], { stats }: Outcome): Calls {
  const endUs = Math.min(window.untilUs, stats.virtualMs * 1_000);
  return { count: calls.filter(({ atUs }) => isWithin(window, atUs)).length, us: endUs - window.fromUs };
}

/** Until all is there that would have been there at the end of the window, had nothing happened. */
function recoveredAfterMs(healthy: Progress, failing: Progress, window: Window): number | undefined {
  // What people took away before it was done is not waited for.
  const taken = new Set(failing.movedByPeople.filter(({ atUs }) => isWithin(window, atUs)).map(({ card }) => card));
  let lastUs = window.untilUs;
  const found = broughtAbout(failing, healthy);
  for (const [piece, { card, atUs }] of broughtAbout(healthy, healthy)) {
    if (atUs >= window.untilUs) continue;
    const done = found.get(piece);
    if (done === undefined && !taken.has(card)) return undefined;
    lastUs = Math.max(lastUs, done?.atUs ?? 0);
  }
  return Math.round((lastUs - window.untilUs) / 1_000);
}

/** Of a system that does nothing with cards itself but speak of them, what it says is the work. @param healthy says which it is */
function broughtAbout({ done, commented }: Progress, healthy: Progress): ReadonlyMap<string, DonePiece> {
  const isWorked = [...healthy.done.values()].some(({ byPeople }) => !byPeople);
  return isWorked ? done : new Map([...done, ...commented]);
}

function lostIn({ verdict }: Outcome, scenario: string, seed: number): LostWork | undefined {
  switch (verdict.kind) {
    case "violated": {
      const { invariant, message } = verdict.violation;
      return { scenario, seed, invariant, message };
    }
    case "broken":
      return { scenario, seed, invariant: "broken", message: verdict.error.message };
    case "nondeterminism":
      return { scenario, seed, invariant: "nondeterminism", message: `${verdict.what} at ${verdict.site}` };
    case "held":
    case "limit":
      return undefined;
  }
}

function summed({ name, title, lastsMs }: Condition, runs: readonly StudiedRun[]): DegradedCondition {
  const recovered = runs.flatMap((run) => run.recoveredAfterMs ?? []).toSorted((left, right) => left - right);
  const figures = {
    callsPerVirtualHour: {
      failing: perHour(runs.map((run) => run.failing)),
      healthy: perHour(runs.map((run) => run.healthy)),
    },
    recoveredAfterMs:
      recovered.length === 0
        ? undefined
        : { median: recovered[Math.ceil(recovered.length / 2) - 1]!, max: recovered.at(-1)! },
    neverRecovered: runs.length - recovered.length,
    shown: {
      alarms: total(runs, (run) => run.shown.alarms),
      comments: total(runs, (run) => run.shown.comments),
      failedCards: total(runs, (run) => run.shown.failedCards),
    },
    lost: runs.flatMap((run) => run.lost ?? []),
  };
  return {
    condition: name,
    title,
    runs: runs.length,
    lastedMs: lastsMs,
    ...figures,
    words: wordsOf(figures, runs.length),
  };
}

function perHour(calls: readonly Calls[]): number {
  const count = calls.reduce((sum, each) => sum + each.count, 0);
  const us = calls.reduce((sum, each) => sum + each.us, 0);
  return us === 0 ? 0 : Math.round((count * 3_600_000_000) / us);
}

function total(runs: readonly StudiedRun[], figure: (run: StudiedRun) => number): number {
  return runs.reduce((sum, run) => sum + figure(run), 0);
}

type Figures = Pick<
  DegradedCondition,
  "callsPerVirtualHour" | "recoveredAfterMs" | "neverRecovered" | "shown" | "lost"
>;

function wordsOf(
  { callsPerVirtualHour, recoveredAfterMs: back, neverRecovered, shown, lost }: Figures,
  runs: number,
): string {
  const { failing, healthy } = callsPerVirtualHour;
  const asks = failing > healthy ? "asks more often" : failing < healthy ? "asks less often" : "asks as often as ever";
  const recovers =
    back === undefined
      ? "does not catch up"
      : `catches up ${back.max === 0 ? "before it ends" : `within ${seconds(back.max)} of its end`}${neverRecovered === 0 ? "" : `, but not in ${neverRecovered} of ${runs} runs`}`;
  const { alarms, comments, failedCards } = shown;
  const sees = alarms + comments + failedCards === 0 ? "shows people nothing" : "tells people";
  return `The system ${asks}, ${recovers}, ${sees}, and ${lost.length === 0 ? "loses nothing" : `breaks a rule in ${lost.length} of ${runs} runs`}.`;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}

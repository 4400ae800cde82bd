import { assert } from "../../base/assert.ts";
import { Causality } from "./causality.ts";
import type { ExecutedStep } from "./execution.ts";
import type { Guide } from "./guided-scheduler.ts";
import { Tally, type RunSchedule, type Schedule, type Search, type SearchOptions } from "./search.ts";
import type { Touched } from "./touched.ts";

/**
 * Explores at least one schedule of every partial order: depth-first, each schedule run from the start, with source
 * sets and sleep sets. Where two steps race, the second comes first in another schedule; a step whose schedules have
 * been explored sleeps until a step that conflicts with it wakes it.
 *
 * Every pending step counts as a thread of its own, with one step: one that another step schedules is enabled from
 * there on. A step that was taken back raced with the one that took it back.
 *
 * Sources: Godefroid, "Partial-order methods for the verification of concurrent systems", LNCS 1032, 1996 (sleep sets);
 * Flanagan, Godefroid, "Dynamic partial-order reduction for model checking software", POPL 2005; Abdulla, Aronis,
 * Jonsson, Sagonas, "Optimal dynamic partial order reduction", POPL 2014, algorithm 1 (source sets).
 */
export function searchBySourceSets(run: RunSchedule, options: SearchOptions): Search {
  return new SourceSetSearch(run, options).search();
}

/** A point of the schedule that is being explored. */
interface Choice {
  readonly candidates: readonly string[];
  chosen: string;
  /** Explored from here, or known to be redundant, with what each touches when it comes here. */
  readonly sleeping: Map<string, Touched>;
  /** To be explored from here. */
  readonly wanted: Set<string>;
}

class SourceSetSearch implements Guide {
  private readonly tally: Tally;
  private readonly path: Choice[] = [];
  /** How many choices of the path are given, when a schedule begins. */
  private given = 0;

  constructor(run: RunSchedule, options: SearchOptions) {
    this.tally = new Tally(run, options);
  }

  *search(): Search {
    do {
      const exhausted = this.tally.exhausted;
      if (exhausted !== undefined) return this.tally.result(exhausted);
      this.given = this.path.length;
      const schedule = this.tally.execute(this);
      assert(
        schedule.steps.length >= this.given,
        "a schedule ended before its given choices: the run is not determined by them",
      );
      const causality = new Causality(schedule.steps);
      this.tally.count(causality.states(), schedule.abandoned);
      if (schedule.isViolation) return this.tally.result("violated", schedule.scheduler);
      this.tally.verify(schedule, causality);
      this.reverseRaces(schedule, causality);
      yield;
    } while (this.backtrack());
    return this.tally.result("complete");
  }

  choose(candidates: readonly string[], before: readonly ExecutedStep[]): number | undefined {
    const depth = before.length;
    if (depth < this.given) {
      const index = candidates.indexOf(this.path[depth]!.chosen);
      assert(
        index !== -1,
        `${this.path[depth]!.chosen} cannot come where it could: the run is not determined by its choices`,
      );
      return index;
    }
    const sleeping = depth === 0 ? new Map<string, Touched>() : awake(this.path[depth - 1]!, before[depth - 1]!);
    const index = candidates.findIndex((name) => !sleeping.has(name));
    if (index === -1) return undefined;
    const chosen = candidates[index]!;
    this.path.push({ candidates, chosen, sleeping, wanted: new Set([chosen]) });
    return index;
  }

  /** Asks for the other order of each race whose second step is new in this schedule. */
  private reverseRaces({ steps }: Schedule, causality: Causality): void {
    const firstNew = Math.max(0, this.given - 1);
    for (const reversal of causality.reversals(firstNew)) {
      const choice = this.path[reversal.first]!;
      const initials = causality.initials(reversal);
      if (initials.some((name) => choice.wanted.has(name))) continue;
      const initial = initials.find((name) => choice.candidates.includes(name));
      if (initial !== undefined) choice.wanted.add(initial);
    }
    for (const [index, choice] of this.path.entries()) {
      if (index >= firstNew) choice.sleeping.set(choice.chosen, steps[index]!.touched);
    }
  }

  /** Goes back to the last point from which something is left to explore. @returns false when there is none */
  private backtrack(): boolean {
    for (let choice = this.path.at(-1); choice !== undefined; choice = this.path.at(-1)) {
      const { sleeping } = choice;
      const next = choice.candidates.find((name) => choice.wanted.has(name) && !sleeping.has(name));
      if (next !== undefined) {
        choice.chosen = next;
        return true;
      }
      this.path.pop();
    }
    return false;
  }
}

/** What still sleeps after a step: all but what conflicts with it, or what it took back. */
function awake(choice: Choice, step: ExecutedStep): Map<string, Touched> {
  const still = new Map<string, Touched>();
  for (const [name, touched] of choice.sleeping) {
    if (name === step.name || touched.conflictsWith(step.touched) || step.cancelled.some((each) => each.name === name))
      continue;
    still.set(name, touched);
  }
  return still;
}

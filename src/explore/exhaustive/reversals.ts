import { hash32 } from "../../base/digest.ts";
import { Causality, type Reversal } from "./causality.ts";
import type { ExecutedStep } from "./execution.ts";
import { followed, Tally, type RunSchedule, type Search, type SearchOptions } from "./search.ts";

/**
 * Explores the partial orders that come from the first-due schedule by reversing at most so many races, one after the
 * other: to reverse a race is to keep all that does not happen after its first step, let the second follow, and go on
 * with what is due first. Breadth-first, so that a violation is found with the fewest reversals. Without a bound it
 * comes to every partial order, as the search by source sets does, with more schedules.
 *
 * Sources: Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order reduction", POPL 2014 (race reversals);
 * Coons, Musuvathi, McKinley, "Bounded partial-order reduction", OOPSLA 2013 (why a bound and sleep sets do not mix).
 *
 * @param reversalsMax 0 or more; 0 runs the first-due schedule alone
 */
export function* searchByReversals(run: RunSchedule, reversalsMax: number, options: SearchOptions): Search {
  const tally = new Tally(run, options);
  const known = new Set<number>();
  let level: (readonly string[])[] = [[]];
  for (let reversals = 0; level.length > 0; reversals++) {
    const next: (readonly string[])[] = [];
    for (const prefix of level) {
      const exhausted = tally.exhausted;
      if (exhausted !== undefined) return tally.result(exhausted);
      const schedule = tally.execute({ choose: (candidates, before) => chooseAfter(prefix, candidates, before) });
      const causality = new Causality(schedule.steps);
      yield;
      const isNew = tally.count(causality.states(), schedule.abandoned);
      if (schedule.isViolation) return tally.result("violated", schedule.scheduler);
      if (!isNew) continue;
      tally.verify(schedule, causality);
      if (reversals === reversalsMax) continue;
      for (const reversal of causality.reversals(0)) {
        const key = keyOf(causality, reversal);
        if (known.has(key)) continue;
        known.add(key);
        next.push(causality.reversed(reversal).map((step) => step.name));
      }
    }
    level = next;
  }
  return tally.result("complete");
}

/** The given steps, then the first due. One that moves time may not be able to come: that order does not exist. */
function chooseAfter(
  prefix: readonly string[],
  candidates: readonly string[],
  before: readonly ExecutedStep[],
): number | undefined {
  return before.length < prefix.length ? followed(prefix[before.length]!, candidates) : 0;
}

/** Equal for reversals that begin alike. */
function keyOf(causality: Causality, reversal: Reversal): number {
  let sum = hash32(reversal.second.name);
  for (const index of causality.without(reversal.first))
    sum = (sum + causality.hashes[index]!) % Number.MAX_SAFE_INTEGER;
  return sum;
}

import { assert } from "../../base/assert.ts";
import { Causality } from "./causality.ts";
import type { ExecutedStep } from "./execution.ts";
import type { Guide } from "./guided-scheduler.ts";
import { Tally, type RunSchedule, type Search, type SearchOptions } from "./search.ts";

/** Explores every schedule, without any reduction: the yardstick of the others. */
export function* searchEverySchedule(run: RunSchedule, options: SearchOptions): Search {
  const tally = new Tally(run, options);
  const path: { readonly count: number; chosen: number }[] = [];
  const guide: Guide = {
    choose(candidates: readonly string[], before: readonly ExecutedStep[]) {
      const choice = path[before.length];
      if (choice === undefined) {
        path.push({ count: candidates.length, chosen: 0 });
        return 0;
      }
      assert(choice.count === candidates.length, "the same choices led elsewhere: the run is not determined by them");
      return choice.chosen;
    },
  };
  do {
    const exhausted = tally.exhausted;
    if (exhausted !== undefined) return tally.result(exhausted);
    const schedule = tally.execute(guide);
    yield;
    tally.count(new Causality(schedule.steps).states(), false);
    if (schedule.isViolation) return tally.result("violated", schedule.scheduler);
    while (path.length > 0 && path.at(-1)!.chosen + 1 === path.at(-1)!.count) path.pop();
    if (path.length > 0) path.at(-1)!.chosen++;
  } while (path.length > 0);
  return tally.result("complete");
}

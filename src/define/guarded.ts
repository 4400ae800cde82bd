import { assert } from "../base/assert.ts";
import type { Finding, Invariant, Judge, Sometimes } from "../invariants/invariant.ts";

/**
 * The same invariant, but what its judge throws is a violation. Judges look on while processes run, and an error of theirs would
 * otherwise crash whoever has the turn.
 */
export function guardedInvariant(invariant: Invariant): Invariant {
  const { id, rule } = invariant;
  return {
    id,
    rule,
    start(report) {
      const judge = begin(invariant, report);
      const tell = (error: unknown): void => {
        report({ place: "the invariant itself", message: `Its judge threw ${errorText(error)}.` });
      };
      return {
        kinds: judge.kinds,
        ...(judge.stores === undefined ? {} : { stores: judge.stores }),
        observe: (event, index) => attempt(() => judge.observe(event, index), tell),
        ...(judge.finish === undefined ? {} : { finish: (end) => attempt(() => judge.finish?.(end), tell) }),
        checked: () => judge.checked(),
      };
    },
  };
}

/** Nothing can be reported before the run has begun: a judge that cannot begin throws when it is shown the first event. */
function begin(invariant: Invariant, report: (finding: Finding) => void): Judge {
  try {
    return invariant.start(report);
  } catch (error) {
    return { kinds: ["process"], observe: throwing(error), checked: () => 0 };
  }
}

/**
 * The goals of one scenario. What a judge of theirs throws breaks the run: as a goal that is not reached, nobody would learn
 * of it. A run starts its goals before its world is built, and ends before the next one begins.
 */
export class GuardedGoals {
  /** Of the run whose world is built next. */
  private upcoming: { fail?: (error: Error) => void } = {};

  guard(sometimes: Sometimes): Sometimes {
    const { name } = sometimes;
    return {
      name,
      start: (hit) => {
        const run = this.upcoming;
        const tell = (error: unknown): void => {
          assert(run.fail !== undefined, "a world is built before anything happens in it");
          run.fail(new Error(`the judge of the goal ${JSON.stringify(name)} threw ${errorText(error)}`));
        };
        const watcher = beginGoal(sometimes, hit);
        return { ...watcher, observe: (event, index) => attempt(() => watcher.observe(event, index), tell) };
      },
    };
  }

  /** @param fail ends the run for which goals were started last */
  joinRun(fail: (error: Error) => void): void {
    this.upcoming.fail = fail;
    this.upcoming = {};
  }
}

function beginGoal(sometimes: Sometimes, hit: () => void): ReturnType<Sometimes["start"]> {
  try {
    return sometimes.start(hit);
  } catch (error) {
    return { kinds: ["process"], observe: throwing(error) };
  }
}

function throwing(error: unknown): () => never {
  return () => {
    throw error;
  };
}

function attempt(action: () => void, onError: (error: unknown) => void): void {
  try {
    action();
  } catch (error) {
    onError(error);
  }
}

/** As `TypeError: no card`. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

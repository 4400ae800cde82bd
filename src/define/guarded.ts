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
    const observe = (): never => {
      throw error;
    };
    return { kinds: ["process"], observe, checked: () => 0 };
  }
}

/** The same goal, but one whose judge throws counts as not reached, which a campaign tells. */
export function guardedSometimes(sometimes: Sometimes): Sometimes {
  return {
    name: sometimes.name,
    start(hit) {
      const look = sometimes.start(hit);
      return {
        ...look,
        observe: (event, index) =>
          attempt(
            () => look.observe(event, index),
            () => {},
          ),
      };
    },
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

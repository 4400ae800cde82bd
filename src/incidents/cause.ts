import { hitRate, type ShareInterval } from "../campaign/saturation-interval.ts";
import type { Fault } from "../faults/fault.ts";
import type { Case } from "../sim/case.ts";
import type { LoggedFault } from "./logged-fault.ts";
import type { Find } from "./search.ts";

/** What a find needs to show the symptom. */
export interface Cause {
  /** Without what it does not need; what the logs show is still there. */
  readonly case: Case;
  readonly find: Find;
  /** Faults of the logs without which the symptom stays away, and as what they struck. */
  readonly needed: readonly { readonly logged: LoggedFault; readonly fault: Fault }[];
  /** Faults that the logs do not show. */
  readonly unseen: readonly Fault[];
  /** The order of steps, or the time they take, matters. */
  readonly needsSchedule: boolean;
  /** In words that finds of one cause have in common. */
  readonly words: readonly string[];
}

/** Leaves out what a find does not need, in about a dozen runs. @param shows whether a case shows the symptom */
export async function causeOf(find: Find, shows: (input: Case) => Promise<boolean>): Promise<Cause> {
  let smallest = find.case;
  const attempt = async (candidate: Case): Promise<boolean> => {
    if (!(await shows(candidate))) return false;
    smallest = candidate;
    return true;
  };
  if (!(await attempt({ ...smallest, preemptions: [], delays: [] }))) {
    if (smallest.delays.length > 0 && smallest.preemptions.length > 0) {
      if (!(await attempt({ ...smallest, delays: [] }))) await attempt({ ...smallest, preemptions: [] });
    }
  }
  const isLogged = (fault: Fault): boolean => find.struck.some((each) => each.fault.site === fault.site);
  for (const fault of smallest.faults.filter((each) => !isLogged(each))) {
    await attempt(without(smallest, fault));
  }
  const needed = [];
  for (const each of find.struck) {
    if (!smallest.faults.some(({ site }) => site === each.fault.site)) continue;
    if (!(await shows(without(smallest, each.fault)))) needed.push(each);
  }
  const unseen = smallest.faults.filter((fault) => !isLogged(fault));
  const needsSchedule = smallest.preemptions.length + smallest.delays.length > 0;
  return { case: smallest, find, needed, unseen, needsSchedule, words: causeWords(needed, unseen, needsSchedule) };
}

function without(input: Case, fault: Fault): Case {
  return { ...input, faults: input.faults.filter(({ site }) => site !== fault.site) };
}

function causeWords(needed: Cause["needed"], unseen: Cause["unseen"], needsSchedule: boolean): readonly string[] {
  const words = [
    ...needed.map(
      ({ fault, logged }) =>
        `${faultName(fault)} (${logged.isDoubtful === true ? "hinted at by the logs" : "in the logs"})`,
    ),
    ...unseen.map((fault) => faultName(fault)),
  ];
  const sorted = [...new Set(words)].toSorted();
  if (needsSchedule) return [...sorted, "the order of steps"];
  return sorted.length === 0 ? ["nothing but the workload"] : sorted;
}

/** As `answer-lost at board.createTask`: without process, card and count. */
function faultName({ site, kind, ...rest }: Fault): string {
  const operation = /\/([^/()]+)\([^]*\)#\d+$/.exec(site)?.[1] ?? site;
  const when = "when" in rest ? ` ${rest.when}` : "at";
  const name = kind === "service-fault" && "name" in rest ? rest.name : kind;
  return when === "at" ? `${name} at ${operation}` : `${name}${when} ${operation}`;
}

/** One cause among those that were found, and how many of them it is. */
export interface CauseShare {
  readonly cause: Cause;
  readonly finds: number;
  /** Of all finds, with its 95 % interval. */
  readonly share: ShareInterval;
  /** Events that the orchestrator said as in the logs, in the find that went longest as they do. */
  readonly agreed: number;
}

/**
 * Causes, first those whose runs went longest as the logs do, then the most frequent. A share is how likely a cause is given
 * that the search draws as it does; how often each happens outside, no log tells.
 */
export function causeShares(causes: readonly Cause[]): readonly CauseShare[] {
  const groups = new Map<string, Cause[]>();
  for (const cause of causes) {
    const name = cause.words.join("; ");
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [cause]);
    else group.push(cause);
  }
  return [...groups.values()]
    .map((group) => {
      const agreed = Math.max(...group.map(({ find }) => find.agreed));
      const closest = group.filter(({ find }) => find.agreed === agreed);
      return {
        cause: closest.reduce((best, each) => (size(each.case) < size(best.case) ? each : best)),
        finds: group.length,
        share: hitRate(group.length, causes.length),
        agreed,
      };
    })
    .toSorted((left, right) => right.agreed - left.agreed || right.finds - left.finds);
}

function size({ faults, preemptions, delays }: Case): number {
  return faults.length + preemptions.length + delays.length;
}

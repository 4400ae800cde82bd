/** Why a case fails, as far as further runs of it can tell. Plain data: it crosses threads and goes into reports. */
export interface Explanation {
  /** Runs that it took. */
  readonly executions: number;
  /** Each fault, preemption and delay of the case, in its order. */
  readonly elements: readonly Element[];
  /** Undefined when no run that holds was found near the failing one. */
  readonly neighbour: Neighbour | undefined;
  /** Undefined when the runs allowed did not suffice for an answer. */
  readonly noReturn: NoReturn | undefined;
}

export interface Element {
  readonly kind: "fault" | "preemption" | "delay";
  /** What it is, in words. */
  readonly text: string;
  readonly role: ElementRole;
  /** Signature of the run without it alone; empty when that was not run. */
  readonly without: string;
}

/**
 * `necessary`: without it alone the run holds. `replaceable`: without it alone the run still fails so, but not without all
 * of the replaceable ones. `redundant`: the run fails so without it. `shielding`: without it the run fails in another way.
 * `unknown`: the runs allowed did not suffice.
 */
export type ElementRole = "necessary" | "replaceable" | "redundant" | "shielding" | "unknown";

/** A run that holds and differs in one thing alone. */
export interface Neighbour {
  /** What is different in it, in words that follow "without": as `fault partition, at …`. */
  readonly without: string;
  /** How many events both begin with. */
  readonly sameEvents: number;
  /** The first event after those that tells something, in the failing run and in the one that holds. */
  readonly failing: Moment | undefined;
  readonly holding: Moment | undefined;
  /** What bears on the violated rule and happens in one of the two alone, in order, a few of each. */
  readonly onlyFailing: readonly Moment[];
  readonly onlyHolding: readonly Moment[];
}

/** An event in words. */
export interface Moment {
  /** Its number in the history. */
  readonly event: number;
  readonly atUs: number;
  readonly actor: string;
  readonly text: string;
}

/**
 * The first step after which every continuation fails: the run is replayed up to it, and then goes on without further
 * faults under random schedules. It is searched by bisection, which takes the share of failing continuations to never
 * fall again once it is 1.
 */
export interface NoReturn {
  /** 0: it fails from the start, whatever the schedule, with no fault at all. Else a step of the run, counted from 1. */
  readonly step: number;
  /** The latest earlier step that was seen not to be it: a continuation from there held. -1 for none. */
  readonly stepBefore: number;
  /** Of the whole run. */
  readonly steps: number;
  /** Of the steps that were looked at, none before it had failing continuations alone: what bisection relies on. */
  readonly isMonotone: boolean;
  /** Of the operation that the step belongs to; empty for step 0. */
  readonly site: string;
  /** What the step did; undefined when nothing of it is in the history. */
  readonly moment: Moment | undefined;
  /** Steps that were looked at, ascending, `step` among them. */
  readonly shares: readonly Share[];
  /** With a confidence of 95 %, at least this share of the continuations after `step` fails; 0 when none was run. */
  readonly shareMin: number;
}

/** What became of the continuations from one step. */
export interface Share {
  readonly step: number;
  readonly failing: number;
  readonly holding: number;
  /** Ended in another failure, or at a bound: says nothing about this one. */
  readonly other: number;
}

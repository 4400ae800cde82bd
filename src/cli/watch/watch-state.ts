import { touchedBy, unionOf, type Targets, type WatchedCode } from "./watched-code.ts";

/** What `run --watch` knows between two things that happen. */
export interface WatchState {
  /** As the last round that could load it found it. */
  readonly code: WatchedCode | undefined;
  /** What is running now. */
  readonly running: Targets | undefined;
  /** How many were begun. */
  readonly rounds: number;
  /** What must be run as soon as the code can be loaded. */
  readonly owed: Targets;
  /** Scenarios whose last run failed. */
  readonly failed: readonly string[];
  /** In one sentence, for whoever waits. */
  readonly status: string;
  readonly exitCode: number;
  /** Nothing that is watched could make it right: it ends. */
  readonly isOver: boolean;
}

export type WatchEvent =
  | { readonly kind: "changed"; readonly paths: readonly string[] }
  | { readonly kind: "asked"; readonly for: "all" | "failed" }
  /** A round has loaded the code. */
  | { readonly kind: "loaded"; readonly code: WatchedCode }
  | { readonly kind: "ended"; readonly end: RoundEnd };

/** What a round came to. */
export type RoundEnd =
  | {
      readonly kind: "done";
      readonly exitCode: number;
      readonly ran: readonly string[];
      readonly failed: readonly string[];
    }
  /** The code cannot be loaded: it is being edited. */
  | { readonly kind: "unloadable"; readonly why: string }
  /** What the command line asks for cannot be done. */
  | { readonly kind: "refused"; readonly why: string }
  /** It ended without a word. */
  | { readonly kind: "died"; readonly why: string };

/** A round to be started, in place of the one that runs. */
export interface RoundStart {
  readonly targets: Targets;
  readonly because: string;
}

export interface WatchStep {
  readonly state: WatchState;
  readonly start?: RoundStart;
}

export function beginWatch(): WatchStep {
  const state: WatchState = {
    code: undefined,
    running: undefined,
    rounds: 0,
    owed: [],
    failed: [],
    status: "",
    exitCode: 0,
    isOver: false,
  };
  return started(state, "all", "the watch begins");
}

export function watchStep(state: WatchState, event: WatchEvent): WatchStep {
  switch (event.kind) {
    case "changed": {
      const touched = state.code === undefined ? "all" : touchedBy(event.paths, state.code);
      // What could not be loaded may be mended by any file, also by one that is new.
      const targets = unionOf(touched, state.owed);
      return targets.length === 0 ? { state } : started(state, targets, changeText(event.paths, state.code));
    }
    case "asked": {
      if (event.for === "all") return started(state, "all", "you asked for all");
      if (state.failed.length === 0) return { state: { ...state, status: "nothing failed; a runs all" } };
      return started({ ...state, owed: [], running: undefined }, state.failed, "they failed");
    }
    case "loaded":
      return { state: { ...state, code: event.code } };
    case "ended":
      return { state: ended({ ...state, running: undefined }, state.running ?? [], event.end) };
  }
}

/** What was running and is not done is run with it. */
function started(state: WatchState, targets: Targets, because: string): WatchStep {
  const all = unionOf(targets, state.running ?? []);
  return {
    state: { ...state, running: all, rounds: state.rounds + 1, owed: [], status: "" },
    start: { targets: all, because },
  };
}

function ended(state: WatchState, targets: Targets, end: RoundEnd): WatchState {
  switch (end.kind) {
    case "done": {
      const others = state.failed.filter((name) => !end.ran.includes(name));
      const failed = [...others, ...end.failed];
      return { ...state, failed, exitCode: end.exitCode, status: resultText(end, others) };
    }
    case "unloadable":
      return { ...state, owed: targets, exitCode: 2, status: `${end.why} (waiting for it to be mended)` };
    case "refused":
      // At the start it is the user's mistake; later a change has brought it about, and another may undo it.
      return { ...state, owed: targets, exitCode: 2, status: end.why, isOver: state.rounds === 1 };
    case "died":
      return { ...state, owed: targets, exitCode: 3, status: `the round ended by itself: ${end.why}` };
  }
}

function resultText({ ran, failed }: RoundEnd & { readonly kind: "done" }, others: readonly string[]): string {
  const scenarios = `${ran.length} scenario${ran.length === 1 ? "" : "s"}`;
  const result =
    failed.length === 0 ? `${scenarios}: all held` : `${failed.length} of ${scenarios} failed: ${namesText(failed)}`;
  return others.length === 0 ? result : `${result}; failed before: ${namesText(others)}`;
}

/** Names those that matter: editors and other programs leave files for a moment. */
function changeText(paths: readonly string[], code: WatchedCode | undefined): string {
  const known = paths.filter((path) => code !== undefined && touchedBy([path], code).length > 0);
  const [first = "", ...others] = known.length === 0 ? paths : known;
  return others.length === 0 ? `${first} changed` : `${first} and ${others.length} more changed`;
}

export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/**
 * What the campaign page shows, as plain JSON: what `/api/campaign` answers and what stands in the page. Members are
 * added, never renamed, while `version` is 1. Lists are in the order in which they are to be shown.
 */
export interface CampaignDocument {
  readonly version: 1;
  readonly command: "ui";
  readonly stormlane: string;
  /** When the ledger was read, real time, as `2026-11-21T14:49:13Z`. */
  readonly readAt: string;
  readonly ledger: LedgerPart;
  /** Of the latest code alone. */
  readonly totals: Totals;
  /** Of the latest code first. */
  readonly targets: readonly TargetPart[];
  /** By state: new, ongoing, rare, resolved; then in order of scenarios and signatures. */
  readonly failures: readonly FailurePart[];
  readonly mutants: MutantsPart | null;
  readonly profile: ProfilePart | null;
}

export interface LedgerPart {
  readonly file: string;
  readonly sessions: readonly { readonly id: number; readonly code: string }[];
  /** Of the last session: the code that failures are judged by. */
  readonly latestCode: string | null;
  /** Of the files as they are now; another one than `latestCode` means that the ledger says nothing about them. */
  readonly presentCode: string;
}

export interface Totals {
  readonly runs: number;
  readonly ops: number;
  readonly events: number;
  readonly virtualMs: number;
  /** Of exploring, over all sittings. */
  readonly wallMs: number;
  readonly runTwice: number;
  readonly mismatches: number;
  readonly failedRuns: number;
  readonly limitRuns: number;
}

/** One scenario, by one code and one strategy. */
export interface TargetPart {
  readonly scenario: string;
  /** The mutant, the epic and the budgets it ran with; empty for none. */
  readonly variant: string;
  readonly code: string;
  readonly isLatest: boolean;
  readonly strategy: string;
  readonly runs: number;
  /** `null` while nothing has run. `gaps`: seeds between them that have not. */
  readonly seeds: { readonly first: number; readonly last: number; readonly gaps: number } | null;
  readonly ops: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly runTwice: number;
  /** Seeds with two results. */
  readonly mismatches: readonly number[];
  readonly failedRuns: number;
  /** Reached before the end of a run. */
  readonly limits: readonly { readonly limit: string; readonly runs: number }[];
  readonly sometimes: readonly GoalPart[];
  readonly invariants: readonly InvariantPart[];
  /** `null` for the targets of earlier code. */
  readonly saturation: SaturationPart | null;
}

/** What must happen in at least one run. */
export interface GoalPart {
  readonly name: string;
  /** Runs in which it happened. */
  readonly hits: number;
  readonly rate: Share;
}

export interface InvariantPart {
  readonly id: string;
  /** `null` when the present scenario has no such invariant. */
  readonly rule: string | null;
  /** How often it had something to judge: 0 is vacuous. */
  readonly checked: number;
  /** Runs that broke it. */
  readonly violations: number;
}

/** A share of runs, 0 to 1, with its 95 % interval. */
export interface Share {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

export interface SaturationPart extends Saturation {
  readonly strategies: readonly (Saturation & { readonly strategy: string })[];
}

export interface Saturation {
  /** Whether more seeds help, in words. */
  readonly text: string;
  readonly state: "growing" | "open" | "saturated";
  readonly runs: number;
  readonly distinctTimelines: number;
  readonly isExact: boolean;
  /** The chance that the next run has a new timeline. */
  readonly unseenMass: Share;
  readonly latest: { readonly of: number; readonly distinct: number };
  readonly nextNewRuns: { readonly estimate: number | null; readonly low: number; readonly high: number | null };
  readonly curve: readonly { readonly runs: number; readonly distinct: number }[];
}

export type FailureState = "new" | "ongoing" | "rare" | "resolved";

/** A failure of a scenario: all its runs with one signature, whatever the code and the strategy. */
export interface FailurePart {
  /** Stable, and fit for a path and a file name. */
  readonly id: string;
  readonly scenario: string;
  readonly variant: string;
  readonly signature: string;
  readonly state: FailureState;
  /** Of the latest code. */
  readonly runs: number;
  readonly hits: number;
  /** The same in words, and what clean runs say. */
  readonly odds: string;
  /** `null` while the latest code fails so. */
  readonly cleared: {
    readonly cleanRuns: number;
    readonly cleanRunsNeeded: number;
    /** Probability that so many runs are clean although nothing was fixed. */
    readonly cleanByChance: number;
    /** With 95 % confidence at most this share of the runs still fails so. */
    readonly rateMax: number;
  } | null;
  /** Codes in the order in which they came. */
  readonly byCode: readonly { readonly code: string; readonly runs: number; readonly hits: number }[];
  readonly shown: ShownFailure;
  /** Addresses of its viewer and its repro file, relative to the page. `null` where the run left no case. */
  readonly viewer: string | null;
  readonly repro: string | null;
}

/** How the latest code that failed so did it: the run of the lowest seed. */
export interface ShownFailure {
  readonly code: string;
  readonly kind: string;
  readonly invariant: string;
  readonly message: string;
  readonly seed: number;
  readonly strategy: string;
  readonly steps: number;
  /** Of the smallest case until now. `null` where the run left no case. */
  readonly case: {
    readonly faults: number;
    readonly preemptions: number;
    readonly delays: number;
    /** `null`: nothing was tried to make it smaller. */
    readonly isMinimal: boolean | null;
  } | null;
  readonly replayCommand: string;
  /** The command names the repro file by its own name: it is to be saved first. */
  readonly needsRepro: boolean;
}

/** How fast which strategy finds which known bug. */
export interface MutantsPart {
  readonly source: string;
  readonly strategies: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly title: string;
    readonly scenario: string;
    /** As `strategies`; `null` where it was not tried. */
    readonly cells: readonly (MutantCell | null)[];
  }[];
}

export interface MutantCell {
  readonly found: number;
  readonly trials: number;
  /** Runs until found, the median over trials; `null` when it lies above what was tried. */
  readonly runsMedian: number | null;
}

/** Where time goes. */
export interface ProfilePart {
  readonly source: string;
  readonly sections: readonly TableSection[];
}

export interface TableSection {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly string[])[];
}

/** What the script of the page finds in it. */
export interface EmbeddedCampaign {
  readonly isLive: boolean;
  readonly document: CampaignDocument;
}

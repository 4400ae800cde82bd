/**
 * What the invariants of the board world are told about a system beforehand: who is who, where things lie, and which
 * limits it promises. What a workload asks for, they read from the history: people note it there.
 */
export interface Facts {
  /** `single-card`: cards are worked alone, without children. */
  readonly mode?: "single-card";
  /** Processes that stand for people: they alone move cards. */
  readonly people: readonly string[];
  /** Absolute. Holds one workspace for each epic. */
  readonly projectsFolder: string;
  /** Absolute. Claims, run records, scratch folders. */
  readonly stateFolder: string;
  /** Programs that may be run at all. */
  readonly programs: readonly string[];
  readonly limits: PromisedLimits;
  /** How many faults that count in the fault budget a card must survive without showing a failure. */
  readonly faultsPerCardSurvived: number;
}

export interface PromisedLimits {
  readonly childrenPerEpicMax: number;
  readonly attemptsPerCauseMax: number;
  readonly modelTriesMax: number;
  readonly ralphIterationsMax: number;
  /** Of one agent's step, after which it asks no model and starts no program any more. */
  readonly stepMsMax: number;
  /** Of one prompt, as the provider counts them. */
  readonly promptTokensMax: number;
  /** Of one attempt, repetitions and those that show a failure included. */
  readonly boardCallsPerRunMax: number;
  readonly traceBytesPerRunMax: number;
  /** Of one workspace. */
  readonly traceFilesMax: number;
  readonly traceBytesKeptMax: number;
}

/** Notes that people leave in the history. */
export const peopleNotes = {
  /**
   * `{reference, mayFail, coderTries?}`: an epic was asked for; `mayFail` when no plan of it can be carried out;
   * `coderTries` of a coder that nothing disturbs make the tests of a story pass, 1 unless given.
   */
  epicAsked: "epic.asked",
  /** `{epic, stories: string[]}`: a plan was read and approved, with the ids of its stories. */
  planApproved: "plan.approved",
} as const;

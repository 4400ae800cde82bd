/** A limit on everything; reaching one is an outcome that is logged as `limit.reached`. */
export interface Limits {
  readonly childrenPerEpicMax: number;
  /** Runs of one cause, crashes and retries included, before the card shows a failure. */
  readonly attemptsPerCauseMax: number;
  /** One agent of a run, from its start to its end. */
  readonly agentMsMax: number;
  /** All attempts of one cause together. */
  readonly causeMsMax: number;
  readonly boardCallsPerRunMax: number;
  /** Of one look over the whole board, runs included. */
  readonly boardCallsPerTickMax: number;
  /** Over a card's whole life; what tells of a failure comes in any case. */
  readonly commentsPerCardMax: number;
  readonly artifactBytesMax: number;
  /** Of one process. */
  readonly concurrentRunsMax: number;
  /** Runs of one cause that may end because the test environment is broken. */
  readonly environmentAttemptsMax: number;
  /** Answers of the model that one purpose may refuse. */
  readonly modelTriesMax: number;
  /** Requests for one answer of the model. */
  readonly modelRequestsMax: number;
  /** From the first request for one answer on. */
  readonly modelQuestionMsMax: number;
  /** Of a provider in a row, after which it is left alone for a while. */
  readonly modelFailuresMax: number;
  readonly modelAwayMs: number;
  /** Of models, over a card's whole life. */
  readonly tokensPerCardMax: number;
  readonly usdCentsPerCardMax: number;
  readonly traceBytesMax: number;
  readonly traceBytesPerRunMax: number;
  /** Kept in a workspace, whichever is reached first. */
  readonly traceFilesMax: number;
  readonly traceBytesKeptMax: number;
  readonly promptCharsMax: number;
  /** Fixes that the coder may try for one cause. */
  readonly ralphIterationsMax: number;
  readonly outputBytesMax: number;
  /** Calls of the board that may be repeated in place. */
  readonly boardTriesMax: number;
  readonly gitMsMax: number;
  readonly pytestMsMax: number;
  readonly retryAfterMsMax: number;
  /** How late an effect may still happen whose answer was lost. A repetition waits so long. */
  readonly settleMs: number;
  /** Validity that a lease must have left before a write to the disk. */
  readonly diskMarginMs: number;
  readonly columnsAgeMsMax: number;
  /** Between two looks for claims that nobody gave back. */
  readonly tidyIntervalMs: number;
  readonly webhookQueueMax: number;
  readonly webhookBytesMax: number;
  readonly commentCharsMax: number;
}

export const defaultLimits: Limits = {
  childrenPerEpicMax: 20,
  attemptsPerCauseMax: 12,
  agentMsMax: 14_400_000,
  causeMsMax: 28_800_000,
  boardCallsPerRunMax: 1_000,
  boardCallsPerTickMax: 5_000,
  commentsPerCardMax: 200,
  artifactBytesMax: 1_000_000,
  concurrentRunsMax: 8,
  environmentAttemptsMax: 3,
  modelTriesMax: 3,
  modelRequestsMax: 4,
  modelQuestionMsMax: 900_000,
  modelFailuresMax: 8,
  modelAwayMs: 30_000,
  tokensPerCardMax: 2_000_000,
  usdCentsPerCardMax: 2_000,
  traceBytesMax: 400_000,
  traceBytesPerRunMax: 2_000_000,
  traceFilesMax: 500,
  traceBytesKeptMax: 50_000_000,
  promptCharsMax: 60_000,
  ralphIterationsMax: 5,
  outputBytesMax: 1_000_000,
  boardTriesMax: 3,
  gitMsMax: 30_000,
  pytestMsMax: 120_000,
  retryAfterMsMax: 60_000,
  settleMs: 15_000,
  diskMarginMs: 5_000,
  columnsAgeMsMax: 60_000,
  tidyIntervalMs: 60_000,
  webhookQueueMax: 100,
  webhookBytesMax: 262_144,
  commentCharsMax: 4_000,
};

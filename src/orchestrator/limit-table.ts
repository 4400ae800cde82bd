import { defaultLimits, type Limits } from "./limits.ts";

/** What people read of a limit. */
export interface LimitRow {
  readonly unit: "count" | "ms" | "bytes" | "characters" | "tokens" | "US cents";
  /** What it bounds, without the number. */
  readonly bounds: string;
  /** What reaching it does. */
  readonly consequence: string;
  /** The file that holds it. */
  readonly where: string;
}

const failure = "the card shows the failure";

/** Every limit, described. docs/limits.md is made of it. */
export const limitTable: Readonly<Record<keyof Limits, LimitRow>> = {
  childrenPerEpicMax: row(
    "count",
    "stories of an epic over its whole life, those of earlier plans included",
    `no card is made, and ${failure}`,
    "agents/spawner.ts",
  ),
  attemptsPerCauseMax: row("count", "runs of one cause, crashes and retries included", failure, "decide/decide.ts"),
  agentMsMax: row("ms", "one agent of a run", failure, "runs/run-meter.ts"),
  causeMsMax: row("ms", "all attempts of one cause together", failure, "runs/run-meter.ts"),
  boardCallsPerRunMax: row(
    "count",
    "requests of one run to the board, repeated ones too; what shows a failure is exempt",
    failure,
    "runs/run-meter.ts",
  ),
  boardCallsPerTickMax: row(
    "count",
    "requests of one look over the board, its runs included",
    "the next look begins with the card that this one did not come to",
    "dispatch/round.ts",
  ),
  commentsPerCardMax: row(
    "count",
    "comments of runs on a card over its whole life; those that tell of a failure come in any case",
    failure,
    "agents/report.ts",
  ),
  artifactBytesMax: row(
    "bytes",
    "a file that is written into a workspace",
    `it is not written, and ${failure}`,
    "workspace/guarded-folder.ts",
  ),
  concurrentRunsMax: row(
    "count",
    "runs of one process under way at once, over all its pollers and its webhook server",
    "the card waits for the next look",
    "dispatch/run-slots.ts",
  ),
  environmentAttemptsMax: row(
    "count",
    "runs of one cause that may end because tests cannot be run at all",
    failure,
    "agents/pytest.ts",
  ),
  modelTriesMax: row("count", "answers that may be refused for one purpose", failure, "agents/ask-model.ts"),
  modelRequestsMax: row(
    "count",
    "requests for one answer",
    "the attempt ends, and the next one comes later",
    "llm/model-client.ts",
  ),
  modelQuestionMsMax: row(
    "ms",
    "the time from the first request for an answer to the start of the last",
    "the attempt ends, and the next one comes later",
    "llm/model-client.ts",
  ),
  modelFailuresMax: row(
    "count",
    "failures of a provider in a row",
    "it is left alone for `modelAwayMs`, then tried once",
    "llm/circuit-breaker.ts",
  ),
  modelAwayMs: row("ms", "how long a provider is left alone", "one request goes as a trial", "llm/circuit-breaker.ts"),
  tokensPerCardMax: row(
    "tokens",
    "what models read and wrote for a card over its whole life",
    failure,
    "agents/ask-role.ts",
  ),
  usdCentsPerCardMax: row(
    "US cents",
    "what models cost for a card over its whole life, as far as prices are known",
    failure,
    "agents/ask-role.ts",
  ),
  traceBytesMax: row("bytes", "one trace file", "its texts lose their middle, and it says so", "llm/trace-files.ts"),
  traceBytesPerRunMax: row(
    "bytes",
    "the traces of one run",
    "the run goes on without more of them, and the log says so",
    "llm/trace-files.ts",
  ),
  traceFilesMax: row("count", "traces kept in a workspace", "the oldest go", "llm/trace-files.ts"),
  traceBytesKeptMax: row("bytes", "traces kept in a workspace", "the oldest go", "llm/trace-files.ts"),
  promptCharsMax: row(
    "characters",
    "one prompt",
    `prose is left out; when code alone is longer, ${failure}`,
    "agents/fit-prompt.ts",
  ),
  ralphIterationsMax: row("count", "fixes that the coder may try for one cause", failure, "agents/ralph.ts"),
  outputBytesMax: row(
    "bytes",
    "what is kept of each output stream of a program",
    "the rest is thrown away, and the outcome says so",
    "process/run-program.ts",
  ),
  boardTriesMax: row(
    "count",
    "tries of one call of the board that may be repeated in place",
    "the attempt ends, and the next one comes later",
    "board/rpc.ts",
  ),
  gitMsMax: row(
    "ms",
    "one git command",
    "it is ended with all that it started; the next attempt comes later",
    "agents/git/run-git.ts",
  ),
  pytestMsMax: row(
    "ms",
    "one test run",
    "it is ended with all that it started, and counts as red for code, as unclear for a review",
    "agents/pytest.ts",
  ),
  retryAfterMsMax: row(
    "ms",
    "how long a provider may ask to be left alone",
    "it is asked again after this time",
    "policies.ts",
  ),
  settleMs: row(
    "ms",
    "how late an effect may still happen whose answer was lost",
    "a repetition waits so long before it looks",
    "policies.ts",
  ),
  diskMarginMs: row(
    "ms",
    "the validity that a lease must have left before a write to the disk",
    "the run ends, and whoever holds the lease goes on",
    "claims/lease.ts",
  ),
  columnsAgeMsMax: row(
    "ms",
    "how old the list of columns may be when a run begins",
    "it is read again",
    "dispatch/dispatcher.ts",
  ),
  tidyIntervalMs: row(
    "ms",
    "the time between two looks for what nobody gave back",
    "the next look",
    "dispatch/tidy.ts",
  ),
  webhookQueueMax: row(
    "count",
    "events that wait to be looked at",
    "503; the next look over the board finds the card",
    "dispatch/webhook-server.ts",
  ),
  webhookBytesMax: row(
    "bytes",
    "the body of an event",
    "413, and the event is not taken",
    "dispatch/webhook-server.ts",
  ),
  commentCharsMax: row("characters", "one comment", "its end is cut", "agents/report.ts"),
};

function row(unit: LimitRow["unit"], bounds: string, consequence: string, where: string): LimitRow {
  return { unit, bounds, consequence, where };
}

/** docs/limits.md. */
export function limitsPage(): string {
  const rows = Object.entries(limitTable).map(([name, { unit, bounds, consequence, where }]) => {
    return `| \`${name}\` | ${grouped(defaultLimits[name as keyof Limits])} ${unit} | ${bounds} | ${consequence} | \`${where}\` |`;
  });
  return [
    "# Limits",
    "",
    "Each has a default, can be set in `limits` of the config of [serve](serve.md), and is held by the file that the table names, in",
    "`src/orchestrator`. Reaching one is logged as `limit.reached {limit, card, value}` where a card is concerned. *The card shows the",
    "failure*: its failed tag, and one comment that says what, why, and what to do.",
    "",
    "| limit | default | of what | reached | held by |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "Role timeouts and tokens of one answer are settings of the [role](serve.md), as is the term of a lease.",
    "",
  ].join("\n");
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
}

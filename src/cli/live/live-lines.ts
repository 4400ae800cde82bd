import type { Paint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import { wholeNumber } from "../../report/table.ts";
import type { LiveFailure, LiveFigures, Watched } from "./live-totals.ts";
import type { TerminalSize } from "./terminal.ts";

/** How a campaign stands with whoever watches it. */
export interface LiveStanding {
  readonly phase: "exploring" | "telling" | "paused" | "stopping";
  readonly hasKeys: boolean;
  readonly showsHelp: boolean;
}

/**
 * The block at the foot of the terminal while a campaign runs. Never wider or higher than the terminal: the further
 * down a line is in the order of what matters, the sooner it is left out.
 */
export function liveLines(
  figures: LiveFigures,
  standing: LiveStanding,
  { columns, rows }: TerminalSize,
  paint: Paint,
): string[] {
  // The last column stays free: some terminals begin a new line when it is written to.
  const width = Math.max(1, columns - 1);
  const cut = (text: string, painted: (text: string) => string = (same) => same): string =>
    painted(plainLine(text, width));
  const newest = figures.failures.slice(-failuresShown);
  const failureLines = newest.map((each) => cut(failureText(each), paint.bad));
  const earlier = figures.failures.length - newest.length;
  const head = [cut(titleOf(figures, standing), paint.strong), cut(progressOf(figures, width)), cut(ratesOf(figures))];
  const foot = [...(standing.hasKeys ? [cut(keysOf(standing), paint.faint)] : [])];
  const middle = [
    ...(earlier > 0 ? [cut(`${earlier} more kinds of failures before`, paint.bad)] : []),
    ...failureLines,
    cut(watchedText("invariants", "nothing to judge yet", figures.invariants)),
    ...goalLines(figures.sometimes).map((line) => cut(line)),
    ...figures.missedGoals.map(({ scenario, goals }) => cut(`${scenario}: never: ${goals.join("; ")}`)),
    ...(standing.showsHelp && standing.hasKeys ? helpLines.map((line) => cut(line, paint.faint)) : []),
  ];
  const space = Math.max(0, rows - 1 - head.length - foot.length);
  const shown =
    middle.length <= space ? middle : [...middle.slice(0, Math.max(0, space - 1)), ...(space > 0 ? ["…"] : [])];
  return [...head, ...shown, ...foot].slice(0, Math.max(1, rows - 1));
}

function titleOf({ scenario, scenarioNumber, scenarios }: LiveFigures, { phase }: LiveStanding): string {
  const place = scenarios === 1 ? "" : ` (${scenarioNumber} of ${scenarios} scenarios)`;
  return `${scenario}${place}: ${phaseText[phase]}`;
}

const phaseText: Readonly<Record<LiveStanding["phase"], string>> = {
  exploring: "exploring",
  telling: "making its failure small",
  paused: "PAUSED",
  stopping: "stopping: what is done is kept and reported",
};

function progressOf({ share, runs, runsTotal, elapsedMs, leftMs }: LiveFigures, width: number): string {
  const total = runsTotal === undefined ? "" : ` of ${wholeNumber(runsTotal)}`;
  const left = leftMs === undefined ? "" : `, ${durationText(leftMs)} left`;
  const text = ` ${String(Math.floor(share * 100)).padStart(3)} %  ${wholeNumber(runs)}${total} runs in ${durationText(elapsedMs)}${left}`;
  const bar = Math.min(24, width - text.length - 2);
  if (bar < 4) return text.trimStart();
  const filled = Math.round(share * bar);
  return `[${"#".repeat(filled)}${"-".repeat(bar - filled)}]${text}`;
}

function ratesOf({ runsPerSecond, opsPerSecond, failedRuns }: LiveFigures): string {
  const failed = failedRuns === 0 ? "none failed" : `${wholeNumber(failedRuns)} failed`;
  return `${wholeNumber(runsPerSecond)} runs/s, ${wholeNumber(opsPerSecond)} ops/s, ${failed}`;
}

function failureText({ scenario, failure }: LiveFailure): string {
  return `FAILED  ${scenario.name}, seed ${failure.seed}: ${failure.signature}`;
}

function watchedText(title: string, none: string, { total, missing }: Watched): string {
  const reached = `${title} ${total - missing.length} of ${total}`;
  return missing.length === 0 ? reached : `${reached}, ${none}: ${missing.join(", ")}`;
}

/** Goals are sentences: a line each. */
function goalLines({ total, missing }: Watched): string[] {
  const more = missing.length - goalsShown;
  return [
    `sometimes ${total - missing.length} of ${total}${missing.length === 0 ? "" : ", not yet:"}`,
    ...missing.slice(0, goalsShown).map((goal) => `  ${goal}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

function keysOf({ phase, showsHelp }: LiveStanding): string {
  if (phase === "stopping") return "Ctrl-C: end at once, without a report";
  return `p ${phase === "paused" ? "go on" : "pause"}   s stop   o last failure   ? ${showsHelp ? "less" : "help"}`;
}

const helpLines: readonly string[] = [
  "p or space  pause once what has begun is done, or go on; --for stands still",
  "s or q      stop and report, as Ctrl-C does: nothing is lost, exit code 130",
  "o           tell the last failure above, as its file has it by now",
];

/** Of whole seconds: `7 s`, `2 min 05 s`, `3 h 07 min`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (count: number): string => String(count).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
}

const failuresShown = 4;
const goalsShown = 4;

import type { ScenarioResult } from "../campaign/explore-scenario.ts";
import { limitRuns } from "../campaign/tally.ts";
import type { Paint } from "../report/paint.ts";
import { tableLines, wholeNumber, type Column } from "../report/table.ts";
import { virtualTime } from "../report/virtual-time.ts";
import { exitCodes } from "./exit-codes.ts";
import { perSecond } from "./run-document.ts";
import {
  failedRunsOf,
  missingGoals,
  type CampaignReport,
  type CampaignVerdict,
  type ScenarioReport,
} from "./run-report.ts";
import type { RunSettings } from "./run-settings.ts";
import { saturationLines } from "./saturation-lines.ts";

const columns: readonly Column[] = [
  { title: "scenario" },
  { title: "runs", align: "right" },
  { title: "ops", align: "right" },
  { title: "virtual time", align: "right" },
  { title: "failed", align: "right" },
  { title: "limits", align: "right" },
  { title: "timelines", align: "right" },
  { title: "sometimes", align: "right" },
  { title: "invariants", align: "right" },
];

/** What a narrow terminal leaves out of the table, the first one first. */
const dispensable: readonly string[] = ["virtual time", "ops", "limits", "timelines"];

/**
 * The end of `run` on a terminal: a table, what was wrong, and one line that says it all.
 *
 * @param width of the terminal that shows it; Infinity where none does
 */
export function summaryLines(
  report: CampaignReport,
  verdict: CampaignVerdict,
  settings: RunSettings,
  paint: Paint,
  width: number,
): string[] {
  const runs = sum(report, ({ result }) => result.tally.runs);
  const ops = sum(report, ({ result }) => result.tally.ops);
  const twice = sum(report, ({ result }) => result.tally.runTwice);
  const exploringMs = sum(report, ({ result }) => result.wallMs);
  return [
    ...fittingTable(report.scenarios.map(rowOf), width),
    ...report.scenarios.flatMap((each) => notesOn(each, settings)),
    ...saturationLines(
      report.scenarios.flatMap(({ scenario: { name }, result: { progress } }) =>
        progress === undefined ? [] : [{ scenario: name, progress }],
      ),
    ),
    "",
    `${wholeNumber(runs)} seeds in ${(report.wallMs / 1000).toFixed(1)} s: ${wholeNumber(perSecond(runs, exploringMs))} seeds/s, ${wholeNumber(perSecond(ops, exploringMs))} ops/s; ${twice} run twice and compared`,
    ...verdict.problems.map(({ kind, scenario, text }) => paint.bad(`${kind}: ${scenario}: ${text}`)),
    lastLine(verdict, paint),
  ];
}

function fittingTable(rows: readonly (readonly string[])[], width: number): string[] {
  for (let left = 0; ; left++) {
    const isShown = columns.map(({ title }) => !dispensable.slice(0, left).includes(title));
    const shownOf = <Cell>(cells: readonly Cell[]): Cell[] => cells.filter((_, index) => isShown[index]);
    const lines = tableLines(shownOf(columns), rows.map(shownOf));
    if (left === dispensable.length || lines.every((line) => line.length <= width)) return lines;
  }
}

function rowOf(each: ScenarioReport): string[] {
  const { scenario, result } = each;
  const { tally } = result;
  const goals = scenario.sometimes.length;
  const judged = scenario.invariants.filter(({ id }) => (tally.checked[id] ?? 0) > 0).length;
  return [
    scenario.name,
    wholeNumber(tally.runs),
    wholeNumber(tally.ops),
    virtualTime(tally.virtualUs).replace(/\.\d+ s$/, " s"),
    String(failedRunsOf(each)),
    String(limitRuns(tally)),
    timelinesOf(result),
    `${goals - missingGoals(scenario, result).length}/${goals}`,
    `${judged}/${scenario.invariants.length}`,
  ];
}

/** How many different ones; `~` where that is estimated, and `-` where nobody counted. */
function timelinesOf({ progress }: ScenarioResult): string {
  if (progress === undefined) return "-";
  return `${progress.isExact ? "" : "~"}${wholeNumber(progress.distinctTimelines)}`;
}

/** What the numbers of a row leave out. */
function notesOn({ scenario, result }: ScenarioReport, settings: RunSettings): string[] {
  const missing = missingGoals(scenario, result);
  const silent = scenario.invariants.filter(({ id }) => (result.tally.checked[id] ?? 0) === 0).map(({ id }) => id);
  const notes: string[] = [];
  // Where goals are judged a missing one is a problem, and stands there.
  const isJudged = settings.judgesGoals && result.end !== "failures" && result.end !== "interrupted";
  if (missing.length > 0 && !isJudged) notes.push(`  ${scenario.name}: not seen: ${missing.join("; ")}`);
  if (silent.length > 0) notes.push(`  ${scenario.name}: had nothing to judge: ${silent.join(", ")}`);
  return notes;
}

function lastLine(verdict: CampaignVerdict, paint: Paint): string {
  switch (verdict.exitCode) {
    case exitCodes.held:
      return paint.good("all held");
    case exitCodes.interrupted:
      return paint.bad("interrupted: this is what was done");
    case exitCodes.broken:
      return paint.bad("BROKEN: our own code or the infrastructure failed");
    default:
      return paint.bad("FAILED");
  }
}

function sum(report: CampaignReport, count: (each: ScenarioReport) => number): number {
  return report.scenarios.reduce((total, each) => total + count(each), 0);
}

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { trendOf } from "../../bench/baseline.ts";
import { lanes } from "../../bench/lane.ts";
import { parseHistory, type HistoryLine } from "../../bench/run-history.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines, type Column } from "../../report/table.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { suggestName } from "../nearest-name.ts";
import { UsageError } from "../usage-error.ts";
import { figure, signedPercent } from "./bench-tables.ts";
import { readBaseline } from "./measured-file.ts";

export interface TrendFlags {
  readonly history?: string;
}

/**
 * `bench trend`: the medians of each refresh, the newest first; with a file of `bench --append`, those of its runs.
 *
 * @returns the exit code
 */
export async function showTrend(metric: string | undefined, flags: TrendFlags, host: Host): Promise<number> {
  const trends = flags.history === undefined ? await refreshTrends() : await runTrends(flags.history, host);
  if (metric !== undefined && !trends.some(({ name }) => name === metric)) {
    const known = trends.map(({ name }) => name);
    const why = flags.history === undefined ? "no baseline has it" : "no run of that file has it";
    throw new UsageError({ what: `trend ${plainLine(metric, 80)}`, why, fix: suggestName(metric, known) });
  }
  for (const { name, columns, rows } of trends) {
    if (metric !== undefined && metric !== name) continue;
    const lines = tableLines(columns, rows).map((line) => `  ${line}`);
    host.writeOut([plainLine(name, 200), ...lines, "", ""].join("\n"));
  }
  return exitCodes.held;
}

interface Trend {
  readonly name: string;
  readonly columns: readonly Column[];
  /** The newest first. */
  readonly rows: readonly (readonly string[])[];
}

async function refreshTrends(): Promise<readonly Trend[]> {
  const trends: Trend[] = [];
  for (const lane of lanes) {
    const baseline = await readBaseline(lane);
    for (const [name, { unit }] of Object.entries(baseline?.metrics ?? {})) {
      const columns = [{ title: "refreshed" }, { title: unit, align: "right" as const }, { title: "why" }];
      const rows = trendOf(baseline!, name).map(({ at, reason, median }) => [
        at,
        figure(median),
        plainLine(reason, 100),
      ]);
      trends.push({ name, columns, rows });
    }
  }
  return trends;
}

async function runTrends(file: string, host: Host): Promise<readonly Trend[]> {
  const runs = await readRuns(file, host);
  const names = new Set(runs.flatMap(({ medians }) => Object.keys(medians)));
  const columns = [
    { title: "measured" },
    { title: "median", align: "right" as const },
    { title: "unit" },
    { title: "since", align: "right" as const },
    { title: "commit" },
    { title: "on" },
  ];
  return [...names].toSorted().map((name) => {
    const having = runs.filter(({ medians }) => medians[name] !== undefined);
    const rows = having.map(({ at, medians, commit, hostClass, node }, index) => {
      const { unit, value } = medians[name]!;
      const before = having[index - 1]?.medians[name];
      const isComparable = before !== undefined && before.unit === unit && before.value !== 0;
      const since = isComparable ? signedPercent((100 * (value - before.value)) / Math.abs(before.value)) : "";
      const where = plainLine(`${hostClass} ${node}`, 60);
      return [at, figure(value), plainLine(unit, 20), since, commit.slice(0, 12), where];
    });
    return { name, columns, rows: rows.toReversed() };
  });
}

async function readRuns(file: string, host: Host): Promise<readonly HistoryLine[]> {
  const what = `--history ${plainLine(file, 200)}`;
  const fix = "name a file that bench --append wrote";
  let text: string;
  try {
    text = await readFile(resolve(host.cwd, file), "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({ what, why: `cannot be read (${code})`, fix });
  }
  const runs = parseHistory(text);
  if ("wrong" in runs) throw new UsageError({ what, why: `line ${runs.line} ${runs.wrong}`, fix });
  if (runs.length === 0) throw new UsageError({ what, why: "holds no runs", fix });
  return runs;
}

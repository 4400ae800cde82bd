import { tableLines, wholeNumber, type Column } from "../report/table.ts";
import type { RatioInterval } from "../trials/geometric-mean.ts";
import type { MedianInterval } from "../trials/order-statistics.ts";
import { totalSize, type ReproSize } from "../trials/repro-size.ts";
import { summarise } from "../trials/summary.ts";
import type { Measured } from "../trials/trial.ts";
import {
  compareStrategies,
  summarisePeers,
  summariseStrategies,
  type MutantsReport,
} from "./mutants-command-document.ts";
import type { Group } from "./mutants-command-trials.ts";
import type { MutantsSettings } from "./mutants-command-settings.ts";

/** A table as data: a terminal and a Markdown file show it each in its own way. */
interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** What `mutants` prints. */
export function mutantsText(report: MutantsReport): string {
  const parts = tablesOf(report).map(({ title, columns, rows }) =>
    [title, "", ...tableLines(columns, rows)].join("\n"),
  );
  return [...parts, ...problemLines(report)].join("\n\n");
}

/** What `mutants --markdown` writes. */
export function mutantsMarkdown(report: MutantsReport): string {
  const { settings } = report;
  const parts = tablesOf(report).map(({ title, columns, rows }) =>
    [
      `## ${title}`,
      "",
      markdownRow(columns.map((column) => column.title)),
      markdownRow(columns.map(({ align }) => (align === "right" ? "--:" : "---"))),
      ...rows.map(markdownRow),
    ].join("\n"),
  );
  const how = `${settings.trials} trials of each mutant and strategy, each up to ${wholeNumber(settings.runsMax)} runs or ${settings.cpuSeconds} s of CPU.`;
  return `${["# Mutants", how, ...parts, ...problemLines(report)].join("\n\n")}\n`;
}

function tablesOf(report: MutantsReport): Table[] {
  return [mutantsTable(report), strategiesTable(report), ...comparisonTables(report), ...peerTables(report)];
}

function mutantsTable({ groups, settings }: MutantsReport): Table {
  return {
    title: "Mutants: runs and CPU seconds to find, median and 95 % interval",
    columns: [
      ...left("id", "scenario", "strategy"),
      ...right("found", "runs", "CPU s", `mean CPU s to ${settings.cpuSeconds}`, "repro", "known"),
      ...left("failure"),
    ],
    rows: groups.map((group) => rowOf(group, settings)),
  };
}

function strategiesTable(report: MutantsReport): Table {
  return {
    title: "Strategies over all these mutants",
    columns: [
      ...left("strategy"),
      ...right("mutants", "found once", "found always", "median runs", "worst median", "most runs", "CPU s of all"),
    ],
    rows: summariseStrategies(report).map((each) => [
      each.strategy,
      ...[each.mutants, each.foundOnce, each.foundAlways].map(String),
      intervalText(each.runs, runsText),
      `${runsText(each.worst.runsMedian)} (${each.worst.mutant})`,
      runsText(each.worst.runsMost),
      numberText(each.cpuSecondsOfCatalogue),
    ]),
  };
}

function comparisonTables(report: MutantsReport): Table[] {
  const comparison = compareStrategies(report);
  if (comparison === undefined) return [];
  const reference = report.settings.strategies[0]!;
  return [
    {
      title: `CPU time to find as a multiple of ${reference}'s: geometric mean and 95 % interval`,
      columns: [...left("strategy"), ...right("times", "from", "to")],
      rows: comparison.means.map(({ method, mean }) => [method, ...ratioCells(mean)]),
    },
    {
      title: `Mutants on which a strategy differs from ${reference}: p below 5 % after Holm's correction`,
      columns: [...left("id", "strategy"), ...right("times", "p of CPU time", "p of runs")],
      rows: comparison.comparisons
        .filter(({ cpuP, runsP }) => cpuP < 0.05 || runsP < 0.05)
        .map(({ mutant, method, ratio, cpuP, runsP }) => [
          mutant,
          method,
          numberText(ratio),
          pText(cpuP),
          pText(runsP),
        ]),
    },
  ];
}

function peerTables(report: MutantsReport): Table[] {
  const summary = summarisePeers(report);
  if (summary === undefined) return [];
  const { settings, peers, groups } = report;
  const own = groups.filter(({ strategy }) => strategy === summary.reference);
  const names = [...new Set(peers.map(({ peer }) => peer))];
  const cell = (results: readonly Measured[]): string => {
    if (results.length === 0) return "-";
    const { found, trials, cpuSeconds } = summarise(results, settings.cpuSeconds);
    return `${found}/${trials}: ${numberText(cpuSeconds.median)}`;
  };
  return [
    {
      title: `Peers: found, and median CPU seconds to find, up to ${settings.cpuSeconds}; times: of the best peer's mean to ours`,
      columns: [
        ...left("id"),
        ...right(summary.reference, ...names),
        ...left("best peer"),
        ...right("times", "from", "to", "p"),
        ...left("verdict"),
      ],
      rows: summary.verdicts.map(({ mutant, bestPeer, ratio, verdict, comparison }) => [
        mutant,
        cell(own.find((each) => each.mutant.id === mutant)!.results),
        ...names.map((name) =>
          cell(peers.find((each) => each.mutant.id === mutant && each.peer === name)?.results ?? []),
        ),
        bestPeer,
        ...ratioCells(ratio),
        pText(comparison.cpuP),
        verdict,
      ]),
    },
    {
      title: `CPU time of the best peer as a multiple of ${summary.reference}'s: geometric mean and 95 % interval`,
      columns: right("times", "from", "to", "won", "tied", "lost", "open"),
      rows: [
        [
          ...ratioCells(summary.mean),
          ...(["won", "tie", "lost", "open"] as const).map((verdict) =>
            String(summary.verdicts.filter((each) => each.verdict === verdict).length),
          ),
        ],
      ],
    },
  ];
}

function rowOf({ mutant, strategy, results, repro, known }: Group, settings: MutantsSettings): string[] {
  const head = [mutant.id, mutant.scenario, strategy];
  if (results.length === 0) return [...head, "0/0", "", "", "", "", "", ""];
  const { trials, found, runs, cpuSeconds, meanCpuSeconds } = summarise(results, settings.cpuSeconds);
  return [
    ...head,
    `${found}/${trials}`,
    intervalText(runs, runsText),
    intervalText(cpuSeconds, numberText),
    numberText(meanCpuSeconds),
    repro === undefined ? "-" : `${sizeText(repro.size)}${repro.minimal ? "" : "?"}`,
    known === undefined ? "-" : sizeText(known),
    repro?.signature ?? "",
  ];
}

/** Faults, preemptions with delays, and actors. */
function sizeText(size: ReproSize): string {
  return `${totalSize(size)} = ${size.faults}+${size.preemptions + size.delays}+${size.actors}`;
}

function intervalText({ median, low, high }: MedianInterval, text: (value: number) => string): string {
  return low === median && high === median ? text(median) : `${text(median)} [${text(low)}, ${text(high)}]`;
}

function runsText(value: number): string {
  return value === Infinity ? "> cap" : wholeNumber(value);
}

/** Three digits that count. */
function numberText(value: number): string {
  if (value === Infinity) return "> cap";
  return value >= 99.95 ? wholeNumber(value) : value.toPrecision(3).replace(/\.?0+$/, "");
}

function ratioCells({ ratio, low, high }: RatioInterval): string[] {
  return [ratio, low, high].map(numberText);
}

function pText(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

function problemLines({ groups, peers }: MutantsReport): string[] {
  const problems = groups.flatMap(({ mutant, strategy, results, problems: own }) => [
    ...own.map((problem) => `${mutant.id} ${strategy}: ${problem}`),
    ...others(results).map((signature) => `${mutant.id} ${strategy}: failed otherwise than expected: ${signature}`),
  ]);
  for (const { mutant, peer, problems: own } of peers)
    problems.push(...own.map((what) => `${mutant.id} ${peer}: ${what}`));
  return problems.length === 0 ? [] : [problems.map((problem) => `- ${problem}`).join("\n")];
}

function others(results: Group["results"]): string[] {
  return [...new Set(results.flatMap(({ otherSignatures }) => otherSignatures))];
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function left(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title }));
}

function right(...titles: readonly string[]): Column[] {
  return titles.map((title) => ({ title, align: "right" }));
}

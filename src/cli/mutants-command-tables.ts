import { tableLines, wholeNumber, type Column } from "../report/table.ts";
import type { MedianInterval } from "../trials/order-statistics.ts";
import { totalSize, type ReproSize } from "../trials/repro-size.ts";
import { summarise } from "../trials/summary.ts";
import { compareStrategies, summariseStrategies, type MutantsReport } from "./mutants-command-document.ts";
import type { Group } from "./mutants-command-trials.ts";
import type { MutantsSettings } from "./mutants-command-settings.ts";

/** A table as data: a terminal and a Markdown file show it each in its own way. */
export interface Table {
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

export function tablesOf(report: MutantsReport): Table[] {
  const comparison = compareStrategies(report);
  return [
    {
      title: "Mutants: runs and CPU seconds to find, median and 95 % interval",
      columns: [
        ...left("id", "scenario", "strategy"),
        ...right("found", "runs", "CPU s", `mean CPU s to ${report.settings.cpuSeconds}`, "repro", "known"),
        ...left("failure"),
      ],
      rows: report.groups.map((group) => rowOf(group, report.settings)),
    },
    {
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
        secondsText(each.cpuSecondsOfCatalogue),
      ]),
    },
    ...(comparison === undefined
      ? []
      : [
          {
            title: `Strategies against ${report.settings.strategies[0]!}: CPU time as a multiple of its, geometric mean and 95 % interval`,
            columns: [...left("strategy"), ...right("times", "from", "to")],
            rows: comparison.means.map(({ method, mean }) => [
              method,
              ...[mean.ratio, mean.low, mean.high].map(secondsText),
            ]),
          },
          {
            title: `Mutants on which they differ from ${report.settings.strategies[0]!}, p < 5 % after Holm's correction`,
            columns: [...left("id", "strategy"), ...right("times", "p of CPU", "p of runs")],
            rows: comparison.comparisons
              .filter(({ cpuP, runsP }) => cpuP < 0.05 || runsP < 0.05)
              .map((each) => [
                each.mutant,
                each.method,
                secondsText(each.ratio),
                each.cpuP.toFixed(3),
                each.runsP.toFixed(3),
              ]),
          },
        ]),
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
    intervalText(cpuSeconds, secondsText),
    secondsText(meanCpuSeconds),
    repro === undefined ? "-" : `${sizeText(repro.size)}${repro.minimal ? "" : "?"}`,
    known === undefined ? "-" : sizeText(known),
    repro?.signature ?? "",
  ];
}

/** Faults, preemptions with delays, and actors. */
function sizeText(size: ReproSize): string {
  return `${totalSize(size)} = ${size.faults}+${size.preemptions + size.delays}+${size.actors}`;
}

export function intervalText({ median, low, high }: MedianInterval, text: (value: number) => string): string {
  return low === median && high === median ? text(median) : `${text(median)} [${text(low)}, ${text(high)}]`;
}

function runsText(value: number): string {
  return value === Infinity ? "> cap" : wholeNumber(value);
}

/** Three digits that count. */
export function secondsText(value: number): string {
  if (value === Infinity) return "> cap";
  return value >= 99.95 ? wholeNumber(value) : value.toPrecision(3).replace(/\.?0+$/, "");
}

function problemLines({ groups }: MutantsReport): string[] {
  const problems = groups.flatMap(({ mutant, strategy, results, problems: own }) => [
    ...own.map((problem) => `${mutant.id} ${strategy}: ${problem}`),
    ...others(results).map((signature) => `${mutant.id} ${strategy}: failed otherwise than expected: ${signature}`),
  ]);
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

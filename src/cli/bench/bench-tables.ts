import { unreachable } from "../../base/assert.ts";
import { summarise } from "../../bench/sample-summary.ts";
import { change, type Metric, type Metrics, type Verdict } from "../../bench/verdict.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines, type Column } from "../../report/table.ts";

const columns: readonly Column[] = [
  { title: "metric" },
  { title: "unit" },
  { title: "n", align: "right" },
  { title: "p50", align: "right" },
  { title: "p95", align: "right" },
  { title: "p99", align: "right" },
  { title: "mean", align: "right" },
  { title: "deviation", align: "right" },
  { title: "outliers" },
  { title: "baseline", align: "right" },
  { title: "worse", align: "right" },
];

/** A row for each metric, with what the baseline has of it. */
function metricRows(measured: Metrics, baseline: Metrics): readonly (readonly string[])[] {
  return Object.entries(measured).map(([name, metric]) => {
    const { count, p50, p95, p99, mean, standardDeviation, outliers } = summarise(metric.samples);
    const before = baseline[name];
    return [
      plainLine(name, 200),
      plainLine(metric.unit, 40),
      String(count),
      ...[p50, p95, p99, mean].map(figure),
      standardDeviation === undefined ? "n/a" : figure(standardDeviation),
      outliers.map(figure).join(" "),
      before === undefined ? "none" : figure(summarise(before.samples).p50),
      before === undefined || before.unit !== metric.unit ? "" : percentText(metric, before, name),
    ];
  });
}

export function textTable(measured: Metrics, baseline: Metrics): readonly string[] {
  return tableLines(columns, metricRows(measured, baseline));
}

export function markdownTable(measured: Metrics, baseline: Metrics): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    `|${columns.map(({ align }) => (align === "right" ? " ---: |" : " --- |")).join("")}`,
    ...metricRows(measured, baseline).map(line),
  ];
}

/** As they are, whatever they hold: the fence is longer than any in them. */
export function markdownFence(lines: readonly string[]): readonly string[] {
  const runs = [...lines.join("\n").matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(2, ...runs) + 1);
  return [fence, ...lines, fence];
}

/** @param rows the first is the head */
export function markdownRows([head = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

export function verdictLines(verdict: Verdict): readonly string[] {
  switch (verdict.kind) {
    case "ok":
      return ["verdict: ok"];
    case "invalid":
      return [plainLine(`verdict: invalid: ${verdict.why}`, 300)];
    case "comment":
    case "fail":
      return [
        `verdict: ${verdict.kind}`,
        ...verdict.items.map(({ metric, level, reason }) =>
          plainLine(`  ${level.padEnd(7)}  ${metric}: ${reason}`, 300),
        ),
      ];
    default:
      return unreachable(verdict);
  }
}

/** Names are ours, but a file that is compared may hold anybody's: they are text in Markdown, never markup. */
function markdownCell(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|]/g, String.raw`\$&`)
    .replaceAll(/\s+/g, " ");
}

/** Four significant digits, with commas for thousands. */
export function figure(value: number): string {
  if (Math.abs(value) >= 1_000) return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ",");
  return String(Number(value.toPrecision(4)));
}

function percentText(now: Metric, before: Metric, name: string): string {
  const { pct } = change(now, before, thresholdOf(name, now));
  return Number.isFinite(pct) ? signedPercent(Math.round(pct * 10) / 10) : "from 0";
}

export function signedPercent(value: number): string {
  const percent = Math.round(value * 100) / 100;
  return `${percent > 0 ? "+" : ""}${percent} %`;
}

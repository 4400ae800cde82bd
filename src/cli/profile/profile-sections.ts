import { spanKinds } from "../../orchestrator/spans/span.ts";
import { tableLines, type Column } from "../../report/table.ts";
import type { TimeShares } from "./engine-time.ts";
import type { PartProfile, Percentiles, Rates, SpanProfile } from "./span-profile.ts";

/** A table of a report. */
export interface Section {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const kinds = [...spanKinds, "own"] as const;
const right = (title: string): Column => ({ title, align: "right" });
const percentileColumns = ["p50 ms", "p95 ms", "p99 ms"].map(right);

export function spanSections({ lanes, agents, operations, rates }: SpanProfile): readonly Section[] {
  const parts = ["runs", "board calls", "model calls"].map(right);
  const partColumns = [...parts, ...percentileColumns, ...kinds.map((kind) => right(`${kind} ms`))];
  return [
    {
      title: "Time by lane",
      columns: [right("lane"), ...partColumns],
      rows: lanes.map((lane) => [String(lane.lane), ...partCells(lane)]),
    },
    {
      title: "Time by agent",
      columns: [{ title: "agent" }, right("lane"), ...partColumns],
      rows: agents.map((agent) => [agent.agent, String(agent.lane), ...partCells(agent)]),
    },
    {
      title: "Operations",
      columns: [{ title: "kind" }, { title: "operation" }, right("count"), right("errors"), ...percentileColumns],
      rows: operations.map(({ kind, name, count, errors, ms }) => [
        kind,
        name,
        String(count),
        String(errors),
        ...percentileCells(ms),
      ]),
    },
    { title: "Rates", columns: [{ title: "rate" }, right("value")], rows: rateRows(rates) },
  ];
}

/** Where the machine's own time went while runs were simulated. */
export function engineSection(shares: TimeShares, usPerOp: number): Section {
  return {
    title: `Real time: ${usPerOp.toFixed(2)} us per operation`,
    columns: [{ title: "part" }, right("percent"), right("us per operation")],
    rows: shares.map(([name, share]) => [name, (share * 100).toFixed(1), (share * usPerOp).toFixed(2)]),
  };
}

export function plainText(sections: readonly Section[]): string {
  return `${sections.map(({ title, columns, rows }) => [title, "", ...tableLines(columns, rows)].join("\n")).join("\n\n")}\n`;
}

export function markdown(heading: string, sections: readonly Section[]): string {
  const cells = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const table = ({ title, columns, rows }: Section): string =>
    [
      `## ${title}`,
      "",
      cells(columns.map((column) => column.title)),
      `|${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join("|")}|`,
      ...rows.map(cells),
    ].join("\n");
  return `# ${heading}\n\n${sections.map(table).join("\n\n")}\n`;
}

function partCells({ runs, boardCallsPerRun, modelCallsPerRun, totalMs, msByKind }: PartProfile): string[] {
  return [
    String(runs),
    boardCallsPerRun.toFixed(1),
    modelCallsPerRun.toFixed(1),
    ...percentileCells(totalMs),
    ...kinds.map((kind) => msByKind[kind].toFixed(1)),
  ];
}

function percentileCells({ p50, p95, p99 }: Percentiles): string[] {
  return [p50, p95, p99].map((each) => each.toFixed(1));
}

function rateRows(rates: Rates): readonly (readonly string[])[] {
  const { runs, questions, errors, ...shares } = rates;
  return [
    ["runs", String(runs)],
    ["runs to be tried again, per run", shares.runsRetried.toFixed(3)],
    ["questions to models", String(questions)],
    ["requests repeated, per question", shares.modelRetries.toFixed(3)],
    ["answers refused, per question", shares.answersRefused.toFixed(3)],
    ["answers repaired, per question", shares.answersRepaired.toFixed(3)],
    ["prompts compressed, per question", shares.promptsCompressed.toFixed(3)],
    ...spanKinds
      .filter((kind) => kind !== "wait")
      .map((kind) => [`operations of ${kind} without success, of all`, errors[kind].toFixed(3)]),
  ];
}

import type {
  GrowthReport,
  LimitFinding,
  LimitReport,
  LimitsReport,
  RampReport,
  RealReport,
} from "../../limits/report.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines, wholeNumber, type Column } from "../../report/table.ts";
import { limitPrefix, type Chosen } from "./limits-settings.ts";

interface Section {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const left = (title: string): Column => ({ title });
const right = (title: string): Column => ({ title, align: "right" });

export function limitsText(report: LimitsReport): string {
  const blocks = [
    ...sections(report).map(({ title, note, columns, rows }) =>
      [title, ...(note === undefined ? [] : [note]), "", ...tableLines(columns, rows)].join("\n"),
    ),
    ...report.findings.map((finding, index) => findingLines(finding, index + 1).join("\n")),
    verdictLine(report),
  ];
  return `${blocks.join("\n\n")}\n`;
}

export function limitsMarkdown(report: LimitsReport): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(markdownCell).join(" | ")} |`;
  const blocks = [
    "# Limits",
    verdictLine(report),
    ...report.findings.map((finding) => {
      const { title, of, why, evidence, command } = finding;
      return [
        `- **${inline(title)}** (${inline(of)}) ${inline(sentence(why))}`,
        `  Evidence: ${inline(evidence)}. Shown again by: \`${command.replaceAll("`", "'")}\``,
      ].join("\n");
    }),
    ...sections(report).map(({ title, note, columns, rows }) =>
      [
        `## ${title}`,
        "",
        ...(note === undefined ? [] : [note, ""]),
        row(columns.map((column) => column.title)),
        `| ${columns.map(({ align }) => (align === "right" ? "---:" : "---")).join(" | ")} |`,
        ...rows.map(row),
      ].join("\n"),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}

export function listText({ ramps, edges }: Chosen): string {
  return `${[
    ...tableLines(
      [left("ramp"), right("from"), right("to"), left("unit"), right("promised"), left("about")],
      ramps.map(({ name, from, to, unit, promised, about }) => [
        name,
        String(from),
        String(to),
        unit,
        String(promised),
        about,
      ]),
    ),
    ...(edges.length === 0
      ? []
      : [
          "",
          ...tableLines(
            [left("explicit limit"), left("about")],
            edges.map(({ name, about }) => [`${limitPrefix}${name}`, about]),
          ),
        ]),
  ].join("\n")}\n`;
}

function sections({ ramps, limits, untried, real = [], seeds }: LimitsReport): readonly Section[] {
  // All figures of all ramps would be a table that nobody reads.
  const growth = ramps.flatMap((ramp) =>
    ramp.growth.filter(({ allowed }) => allowed !== undefined).map((each) => ({ ramp: ramp.name, ...each })),
  );
  return [
    ...(ramps.length === 0
      ? []
      : [
          {
            title: "Ramps",
            note: `${seeds === 1 ? "One run" : `Up to ${seeds} runs`} at a level. "fails at most": so large a share of runs may fail there all the same, with 95 % confidence.`,
            columns: [
              left("ramp"),
              right("promised"),
              right("holds up to"),
              right("fails at most"),
              right("degrades from"),
              right("breaks at"),
              left("unit"),
              left("why"),
            ],
            rows: ramps.map(rampRow),
          },
        ]),
    ...(growth.length === 0
      ? []
      : [
          {
            title: "Growth",
            note: "Of the figures that a ramp allows a law; --json has the others.",
            columns: [
              left("ramp"),
              left("figure"),
              left("law"),
              left("allowed"),
              right("off by"),
              left("points (load: figure)"),
            ],
            rows: growth.map(growthRow),
          },
        ]),
    ...(limits.length === 0
      ? []
      : [
          {
            title: "Explicit limits",
            note: "Each is set to what a run needs, and to less.",
            columns: [
              left("limit"),
              left("verdict"),
              right("enough"),
              right("too little"),
              left("unit"),
              left("with too little"),
            ],
            rows: limits.map(limitRow),
          },
        ]),
    ...(Object.keys(untried).length === 0
      ? []
      : [{ title: "Not tried", columns: [left("setting"), left("why")], rows: Object.entries(untried) }]),
    ...(real.length === 0
      ? []
      : [
          {
            title: "On this machine",
            note: "Processor time and memory: other machines, and other days, give other figures.",
            columns: [left("ramp"), left("figure"), left("law"), left("points (load: figure)"), left("unit")],
            rows: real.map(realRow),
          },
        ]),
  ];
}

function rampRow({ name, unit, to, promised, holdsUpTo, degradesFrom, breaksAt }: RampReport): readonly string[] {
  const edge = degradesFrom ?? breaksAt;
  const held = holdsUpTo?.failureRateMax;
  return [
    name,
    String(promised),
    holdsUpTo === undefined ? "-" : `${holdsUpTo.level === to ? ">= " : ""}${holdsUpTo.level}`,
    held === undefined ? "" : `${(100 * held).toFixed(0)} %`,
    degradesFrom === undefined ? "" : String(degradesFrom.level),
    breaksAt === undefined ? "" : String(breaksAt.level),
    unit,
    edge === undefined ? "" : `${plainLine(edge.why, 100)} (seed ${edge.seed})`,
  ];
}

function growthRow({
  ramp,
  figure,
  law,
  allowed,
  relativeError,
  points,
  unit,
}: GrowthReport & { readonly ramp: string }): readonly string[] {
  return [
    ramp,
    `${figure} (${unit})`,
    law,
    allowed ?? "",
    `${(100 * relativeError).toFixed(1)} %`,
    points.map(({ level, cost }) => `${level}: ${wholeNumber(cost)}`).join(", "),
  ];
}

function limitRow({ name, verdict, within, beyond, unit }: LimitReport): readonly string[] {
  return [name, verdict, wholeNumber(within.limitIs), wholeNumber(beyond.limitIs), unit, plainLine(beyond.why, 100)];
}

function realRow({ ramp, figure, law, points, unit }: RealReport): readonly string[] {
  return [ramp, figure, law, points.map(({ level, cost }) => `${level}: ${wholeNumber(cost)}`).join(", "), unit];
}

function findingLines({ kind, title, of, why, evidence, command }: LimitFinding, number: number): readonly string[] {
  return [
    `${number}. ${kind}: ${plainLine(title, 300)} (${plainLine(of, 100)})`,
    `   why: ${plainLine(why, 500)}`,
    `   evidence: ${plainLine(evidence, 500)}`,
    `   shown again by: ${command}`,
  ];
}

function verdictLine({ ok, findings, ramps, limits }: LimitsReport): string {
  const tried = `${ramps.length} ramps and ${limits.length} explicit limits`;
  return ok ? `Nothing found in ${tried}.` : `${findings.length} found in ${tried}.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** What cards and models wrote is text, never markup. */
function inline(text: string): string {
  return plainLine(text, 500).replaceAll(/[\\`*_[\]<>#|]/g, "\\$&");
}

function markdownCell(text: string): string {
  return inline(text);
}

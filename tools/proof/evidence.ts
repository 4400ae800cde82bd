import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "../../src/base/json.ts";

/** What somebody found out: single values by name, tables, and everything that is wrong, each in one sentence. */
export interface Findings {
  readonly facts: Readonly<Record<string, Cell>>;
  readonly tables?: readonly Table[];
  readonly problems: readonly string[];
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = string | number | boolean;

/** Findings with everything that is needed to make them again. */
export interface Evidence extends Findings {
  /** Of its files. */
  readonly name: string;
  readonly title: string;
  readonly ok: boolean;
  readonly command: string;
  /** With `-dirty` when the checkout differed from it. */
  readonly commit: string;
  /** ISO 8601, UTC, of its end. */
  readonly date: string;
  readonly node: string;
  readonly host: string;
  readonly wallSeconds: number;
}

/** Writes `<name>.json` and `<name>.md` from the same object. */
export function writeEvidence(folder: string, evidence: Evidence): void {
  mkdirSync(folder, { recursive: true });
  const document: JsonValue = { version: 1, ...(evidence as unknown as Record<string, JsonValue>) };
  writeFileSync(join(folder, `${evidence.name}.json`), `${JSON.stringify(document, undefined, 2)}\n`);
  writeFileSync(join(folder, `${evidence.name}.md`), markdownOf(evidence));
}

/** Numbers stand there as they stand in the JSON twin, digit by digit. */
export function markdownOf(evidence: Evidence): string {
  const { title, ok, problems, facts, tables = [] } = evidence;
  const made: Readonly<Record<string, Cell>> = {
    command: `\`${evidence.command}\``,
    commit: evidence.commit,
    date: evidence.date,
    node: evidence.node,
    host: evidence.host,
    wallSeconds: evidence.wallSeconds,
  };
  const lines = [
    `# ${onOneLine(title)}`,
    "",
    ok ? "**Passed.**" : "**Failed.**",
    ...(problems.length === 0 ? [] : ["", ...problems.map((problem) => `- ${onOneLine(problem)}`)]),
    ...tableLines({ title: "Result", columns: ["what", "value"], rows: Object.entries(facts) }),
    ...tables.flatMap(tableLines),
    ...tableLines({ title: "How it was made", columns: ["what", "value"], rows: Object.entries(made) }),
  ];
  return `${lines.join("\n")}\n`;
}

function tableLines({ title, columns, rows }: Table): string[] {
  const line = (cells: readonly Cell[]): string => `| ${cells.map(inCell).join(" | ")} |`;
  return ["", `## ${onOneLine(title)}`, "", line(columns), line(columns.map(() => "---")), ...rows.map(line)];
}

function inCell(cell: Cell): string {
  return onOneLine(String(cell)).replaceAll("|", "\\|");
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

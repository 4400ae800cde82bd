import type { Brief, BriefCell, BriefSection, BriefTable } from "./brief.ts";

/** A brief as Markdown: tables of GitHub's kind. Nothing that cards or models say is markup in it. */
export function briefMarkdown({ title, verdict, reasons, facts, sections }: Brief): string {
  return `${[
    `# ${plain(title)}`,
    "",
    `**Verdict: ${plain(verdict.text)}**`,
    "",
    ...reasons.map((reason) => `- ${plain(reason)}`),
    "",
    ...facts.map(({ name, value, isCode }) => `- ${name}: ${isCode === true ? code(value) : plain(value)}`),
    ...sections.flatMap(sectionLines),
  ].join("\n")}\n`;
}

function sectionLines({ title, about, tables }: BriefSection): string[] {
  return [
    ...["", `## ${plain(title)}`, "", plain(about)],
    ...tables.flatMap((table) => [
      ...(tables.length === 1 ? [] : ["", `### ${plain(table.title)}`]),
      "",
      ...tableLines(table),
    ]),
  ];
}

function tableLines({ columns, rows, empty }: BriefTable): string[] {
  if (rows.length === 0) return [plain(empty)];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(columns.map(plain)), line(columns.map(() => "---")), ...rows.map((row) => line(row.map(cellText)))];
}

function cellText(cell: BriefCell): string {
  if (typeof cell !== "object") return plain(String(cell));
  if ("isCode" in cell) return code(cell.text);
  return cell.tone === "good" ? plain(cell.text) : `**${plain(cell.text)}**`;
}

/** One line in which nothing is markup, and nobody is called by name. */
function plain(text: string): string {
  return onOneLine(text).replaceAll(/[\\`*_{}[\]<>#|!~@]/g, (character) =>
    character === "@" ? "@\u200b" : `\\${character}`,
  );
}

/** Also in a table, where a bar ends a cell whatever stands around it. */
function code(text: string): string {
  const line = onOneLine(text).replaceAll("|", "\\|");
  const fence = "`".repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

function onOneLine(text: string): string {
  return text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, " ").trim();
}

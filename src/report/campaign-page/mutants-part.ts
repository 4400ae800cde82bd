import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { MutantCell, MutantsPart } from "./campaign-document.ts";
import { tableMarkup } from "./table-markup.ts";
import { counted } from "./words.ts";

/** Known bugs, and how fast each strategy found them. */
export function mutantsPart({ source, strategies, rows }: MutantsPart): Markup {
  const found = rows.filter(({ cells }) => cells.some((cell) => cell !== null && cell.found > 0)).length;
  return markup`<p class="about">${found} of ${counted(rows.length, "known bug")} found, from <bdi class="mono">${source}</bdi>. Numbers are runs until found, the median over trials.</p>
${tableMarkup(
  "Known bugs, by strategy",
  [
    { title: "mutant" },
    { title: "what is wrong" },
    { title: "scenario" },
    ...strategies.map((title) => ({ title, isNumber: true })),
  ],
  rows.map(({ id, title, scenario, cells }) => [
    markup`<span class="mono">${id}</span>`,
    title,
    scenario,
    ...cells.map(cellMarkup),
  ]),
)}`;
}

function cellMarkup(cell: MutantCell | null): Markup | string {
  if (cell === null) return "not tried";
  const { found, trials, runsMedian } = cell;
  if (found === 0) return markup`<span class="mark failed">not found${trials > 1 ? ` in ${trials}` : ""}</span>`;
  const runs = runsMedian === null ? "above the cap" : wholeNumber(runsMedian);
  return found === trials ? runs : markup`<span class="mark doubt">${runs}, ${found} of ${trials}</span>`;
}

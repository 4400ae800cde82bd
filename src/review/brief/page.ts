import { documentStyle } from "../../report/page/document-style.ts";
import { markup, type Markup } from "../../report/page/markup.ts";
import { pageDocument } from "../../report/page/page-document.ts";
import type { Brief, BriefCell, BriefSection, BriefTable } from "./brief.ts";

/** A brief as an HTML file that is whole by itself, needs no script, and asks for nothing. */
export function briefPage(brief: Brief): string {
  return pageDocument({
    title: brief.title,
    style: documentStyle(new URL("page.css", import.meta.url)),
    script: "",
    body: bodyMarkup(brief),
  });
}

function bodyMarkup({ title, verdict, reasons, facts, sections }: Brief): Markup {
  return markup`<a class="skip" href="#findings">Skip to the findings</a>
<header>
<h1>${title}</h1>
<div class="verdict ${verdict.tone}"><p class="headline">${verdict.text}</p>
<ul>${reasons.map((reason) => markup`<li>${reason}</li>`)}</ul></div>
<dl class="facts">${facts.map(({ name, value, isCode }) => markup`<div><dt>${name}</dt><dd>${isCode === true ? markup`<code>${value}</code>` : value}</dd></div>`)}</dl>
</header>
<nav aria-label="Parts of the brief"><ul>${sections.map((section) => markup`<li><a href="#${section.id}">${section.title}</a></li>`)}</ul></nav>
<main>${sections.map(sectionMarkup)}</main>`;
}

function sectionMarkup({ id, title, about, tables }: BriefSection): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
<p class="about">${about}</p>
${tables.map((table) => markup`${tables.length === 1 ? undefined : markup`<h3>${table.title}</h3>`}${tableMarkup(table)}`)}</section>
`;
}

function tableMarkup(table: BriefTable): Markup {
  if (table.rows.length === 0) return markup`<p class="empty">${table.empty}</p>`;
  return table.isRecords === true ? recordsMarkup(table) : linesMarkup(table);
}

/** The first cell is the title of each record. */
function recordsMarkup({ columns, rows }: BriefTable): Markup {
  return markup`<ol class="records">${rows.map(
    ([title, ...cells]) => markup`<li><h3>${cellMarkup(title!)}</h3>
<dl>${cells.map((cell, index) => markup`<div><dt>${columns[index + 1]}</dt><dd>${cellMarkup(cell)}</dd></div>`)}</dl></li>
`,
  )}</ol>`;
}

/** Where there is no room for columns, each cell says which one it is of. */
function linesMarkup({ title, columns, rows }: BriefTable): Markup {
  return markup`<div class="scroll" role="group" aria-label="${title}" tabindex="0"><table>
<caption class="unseen">${title}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
    ([first, ...cells]) => markup`<tr><th scope="row">${cellMarkup(first!)}</th>${cells.map(
      (cell, index) => markup`<td data-column="${columns[index + 1]}">${cellMarkup(cell)}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

function cellMarkup(cell: BriefCell): Markup {
  if (typeof cell !== "object") return markup`<bdi>${cell}</bdi>`;
  if ("isCode" in cell) return markup`<code>${cell.text}</code>`;
  return markup`<span class="mark ${cell.tone}">${cell.text}</span>`;
}

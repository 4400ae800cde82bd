import { markup, type Markup, type MarkupValue } from "../page/markup.ts";

export interface MarkupColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table that scrolls by itself where it is wider than the page. @param caption says what it is, for those who do not see it */
export function tableMarkup(
  caption: string,
  columns: readonly MarkupColumn[],
  rows: readonly (readonly MarkupValue[])[],
): Markup {
  const kind = (index: number): string => (columns[index]!.isNumber === true ? "number" : "text");
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(({ title }, index) => markup`<th scope="col" class="${kind(index)}">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => markup`<tr>${row.map((cell, index) => cellMarkup(cell, index, kind(index)))}</tr>\n`)}</tbody>
</table></div>`;
}

function cellMarkup(cell: MarkupValue, index: number, kind: string): Markup {
  return index === 0 ? markup`<th scope="row" class="${kind}">${cell}</th>` : markup`<td class="${kind}">${cell}</td>`;
}

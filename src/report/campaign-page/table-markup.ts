import { markup, type Markup, type MarkupValue } from "../page/markup.ts";

export interface MarkupColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** Rows under a title of their own. */
export interface RowGroup {
  readonly title: string | undefined;
  readonly rows: readonly (readonly MarkupValue[])[];
}

/** A table that scrolls by itself where it is wider than the page. @param caption says what it is, for those who do not see it */
export function tableMarkup(caption: string, columns: readonly MarkupColumn[], rows: RowGroup["rows"]): Markup {
  return groupedTable(caption, columns, [{ title: undefined, rows }]);
}

export function groupedTable(caption: string, columns: readonly MarkupColumn[], groups: readonly RowGroup[]): Markup {
  const kinds = columns.map(({ isNumber = false }) => (isNumber ? "number" : "text"));
  return markup`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(({ title }, index) => markup`<th scope="col" class="${kinds[index]}">${title}</th>`)}</tr></thead>
${groups.map(({ title, rows }) => markup`<tbody>${title === undefined ? undefined : groupTitle(title, columns.length)}${rows.map((row) => rowMarkup(row, kinds))}</tbody>`)}
</table></div>`;
}

function groupTitle(title: string, columns: number): Markup {
  return markup`<tr class="group"><th scope="rowgroup" colspan="${columns}">${title}</th></tr>\n`;
}

function rowMarkup(row: readonly MarkupValue[], kinds: readonly string[]): Markup {
  const [first, ...others] = row;
  return markup`<tr><th scope="row" class="${kinds[0]}">${first}</th>${others.map((cell, index) => markup`<td class="${kinds[index + 1]}">${cell}</td>`)}</tr>\n`;
}

import { markup, type Markup } from "../page/markup.ts";
import type { ProfilePart } from "./campaign-document.ts";
import { tableMarkup } from "./table-markup.ts";

/** Where time goes, as `stormlane profile` tells it. */
export function profilePart({ source, sections }: ProfilePart): Markup {
  return markup`<p class="about">From <bdi class="mono">${source}</bdi>.</p>
${sections.map(
  ({ title, columns, rows }, index) =>
    markup`<details id="profile-${index}"${index === 0 ? markup` open` : undefined}><summary>${title}</summary>${tableMarkup(title, columns, rows)}</details>`,
)}`;
}

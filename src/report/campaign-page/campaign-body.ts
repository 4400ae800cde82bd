import { markup, type Markup } from "../page/markup.ts";
import type { CampaignDocument } from "./campaign-document.ts";
import { failuresPart } from "./failures-part.ts";
import { mutantsPart } from "./mutants-part.ts";
import { profilePart } from "./profile-part.ts";
import { goalsPart, invariantsPart } from "./rules-part.ts";
import { runsPart } from "./runs-part.ts";
import { saturationPart } from "./saturation-part.ts";
import { summaryPart } from "./summary-part.ts";

/** A part of the page that is drawn by itself when the ledger has grown. */
export interface PagePart {
  /** Of its element. */
  readonly id: string;
  readonly title: string;
  readonly content: Markup;
}

/** The parts of the page in their order, in Node for the first time and in the browser from then on. */
export function pageParts(document: CampaignDocument): readonly PagePart[] {
  const { mutants, profile } = document;
  return [
    { id: "summary", title: "Summary", content: summaryPart(document) },
    { id: "failures", title: "Failures", content: failuresPart(document) },
    { id: "saturation", title: "Saturation", content: saturationPart(document) },
    { id: "invariants", title: "Invariants", content: invariantsPart(document) },
    { id: "goals", title: "Goals", content: goalsPart(document) },
    { id: "runs", title: "Runs", content: runsPart(document) },
    ...(mutants === null ? [] : [{ id: "mutants", title: "Mutants", content: mutantsPart(mutants) }]),
    ...(profile === null ? [] : [{ id: "profile", title: "Profile", content: profilePart(profile) }]),
  ];
}

export function campaignBody(document: CampaignDocument): Markup {
  const parts = pageParts(document);
  return markup`<a class="skip" href="#summary">Skip to the content</a>
<header>
<div><h1>Campaign</h1><p class="note"><bdi class="mono">${document.ledger.file}</bdi></p></div>
<div class="controls"><p class="note" id="status">read ${readAtText(document)}</p><button type="button" id="theme" aria-pressed="false" hidden>Dark</button></div>
</header>
<nav aria-label="Parts of the page"><ul>${parts.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${parts.map(partMarkup)}</main>
<p class="unseen" role="status" id="news"></p>
<footer class="note">stormlane ${document.stormlane}</footer>`;
}

function partMarkup({ id, title, content }: PagePart): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${id === "failures" ? filterMarkup : undefined}<div id="${id}-content">${content}</div></section>
`;
}

/** Stands outside of what is drawn again: what somebody types stays. The script shows it. */
const filterMarkup = markup`<form class="filter" id="filter" hidden><label>Show <select id="filter-state"><option value="">all states</option><option>new</option><option>ongoing</option><option>rare</option><option>resolved</option></select></label>
<label>with <input type="search" id="filter-text" placeholder="signature, scenario, message"></label><output id="filter-count"></output></form>
`;

/** As `2026-11-21 14:49:13 UTC`. */
export function readAtText({ readAt }: CampaignDocument): string {
  return readAt.replace("T", " ").replace("Z", " UTC");
}

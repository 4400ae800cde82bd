import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { CampaignDocument, FailureState } from "./campaign-document.ts";
import { problemsOf } from "./problems.ts";
import { counted, perSecond, shortCode, shortNumber, span } from "./words.ts";

/** What a tired reader wants first: is it all right, and how much was looked at. */
export function summaryPart(document: CampaignDocument): Markup {
  const problems = problemsOf(document);
  const { kind, text } = verdictOf(document);
  return markup`<div class="verdict ${kind}"><p class="headline">${text}</p>
${problems.length === 0 ? undefined : markup`<ul class="problems">${problems.map((each) => markup`<li class="${each.kind}">${each.text}</li>`)}</ul>`}</div>
<dl class="tiles">${tilesOf(document).map(
    ({ title, value, note }) => markup`<div><dt>${title}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`,
  )}</dl>`;
}

/** How many failures are in each state, where there are any, as `1 new, 2 ongoing`. */
function statesText({ failures }: Pick<CampaignDocument, "failures">): string {
  const states: readonly FailureState[] = ["new", "ongoing", "rare", "resolved"];
  return states
    .map((state) => ({ state, count: failures.filter((each) => each.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${wholeNumber(count)} ${state}`)
    .join(", ");
}

function verdictOf(document: CampaignDocument): { readonly kind: "failed" | "doubt" | "held"; readonly text: string } {
  const { totals, failures } = document;
  const open = failures.filter(({ state }) => state !== "resolved");
  const problems = problemsOf(document);
  const runs = counted(totals.runs, "run");
  if (open.length > 0) {
    const text = `${statesText({ failures: open })} ${open.length === 1 ? "failure" : "failures"}`;
    const isSeen = open.some(({ hits }) => hits > 0);
    return { kind: "failed", text: `${text}${isSeen ? ` in ${runs}` : `, not seen in ${runs} of the latest code`}` };
  }
  if (problems.some(({ kind }) => kind === "failed"))
    return { kind: "failed", text: `Runs of one seed differ, in ${runs}` };
  if (totals.runs === 0) return { kind: "doubt", text: "Nothing has run yet" };
  const all = `All held in ${runs}`;
  return problems.length > 0 ? { kind: "doubt", text: `${all}, with a doubt` } : { kind: "held", text: all };
}

interface Tile {
  readonly title: string;
  readonly value: string;
  readonly note: string;
}

function tilesOf({ totals, targets, failures, ledger }: CampaignDocument): readonly Tile[] {
  const { runs, ops, events, virtualMs, wallMs, runTwice, mismatches } = totals;
  const scenarios = new Set(targets.filter(({ isLatest }) => isLatest).map(({ scenario }) => scenario)).size;
  const code = ledger.latestCode === null ? "no code yet" : `code ${shortCode(ledger.latestCode)}`;
  return [
    { title: "Runs", value: shortNumber(runs), note: `${counted(scenarios, "scenario")}, ${code}` },
    {
      title: "Failures",
      value: wholeNumber(failures.length),
      note: failures.length === 0 ? "none seen by any code" : statesText({ failures }),
    },
    { title: "Runs a second", value: perSecond(runs, wallMs) ?? "–", note: `in ${span(wallMs)} of exploring` },
    { title: "Operations a second", value: perSecond(ops, wallMs) ?? "–", note: `${shortNumber(ops)} in all` },
    { title: "Virtual time", value: span(virtualMs), note: `${shortNumber(events)} events` },
    { title: "Run twice", value: shortNumber(runTwice), note: `${wholeNumber(mismatches)} differed` },
  ];
}

import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { CampaignDocument, TargetPart } from "./campaign-document.ts";
import { limitsText } from "./problems.ts";
import { tableMarkup } from "./table-markup.ts";
import { counted, perSecond, shortCode, shortNumber, span, targetName } from "./words.ts";

/** What was run: by the latest code, and what earlier codes left. */
export function runsPart({ targets, ledger }: CampaignDocument): Markup {
  const latest = targets.filter(({ isLatest }) => isLatest);
  const earlier = targets.filter(({ isLatest }) => !isLatest);
  const codes = new Set(ledger.sessions.map(({ code }) => code)).size;
  return markup`<p class="about">${counted(ledger.sessions.length, "sitting")} by ${counted(codes, "code")}.${
    ledger.latestCode === null
      ? undefined
      : markup` The latest code is <span class="mono">${shortCode(ledger.latestCode)}</span>.`
  } Rates count exploring alone.</p>
${latest.length === 0 ? markup`<p class="empty">Nothing was run by it yet.</p>` : targetsTable("Runs of the latest code", latest)}
${
  earlier.length === 0
    ? undefined
    : markup`<details id="earlier-runs"><summary>${counted(earlier.length, "target")} of earlier code</summary>${targetsTable("Runs of earlier code", earlier)}</details>`
}`;
}

function targetsTable(caption: string, targets: readonly TargetPart[]): Markup {
  const number = (title: string): { readonly title: string; readonly isNumber: true } => ({ title, isNumber: true });
  return tableMarkup(
    caption,
    [
      { title: "scenario" },
      { title: "strategy" },
      { title: "code" },
      number("runs"),
      { title: "seeds" },
      number("failed"),
      { title: "limits reached" },
      number("virtual time"),
      number("operations"),
      number("runs/s"),
      number("ops/s"),
      number("run twice"),
    ],
    targets.map((target) => [
      targetName(target),
      target.strategy,
      markup`<span class="mono">${shortCode(target.code)}</span>`,
      wholeNumber(target.runs),
      seedsText(target),
      target.failedRuns === 0 ? "0" : markup`<span class="mark failed">${wholeNumber(target.failedRuns)}</span>`,
      target.limits.length === 0 ? "–" : markup`<span class="mark doubt">${limitsText(target)}</span>`,
      span(target.virtualMs),
      shortNumber(target.ops),
      perSecond(target.runs, target.wallMs) ?? "–",
      perSecond(target.ops, target.wallMs) ?? "–",
      wholeNumber(target.runTwice),
    ]),
  );
}

function seedsText({ seeds }: TargetPart): string {
  if (seeds === null) return "none";
  const range = `${seeds.first}–${seeds.last}`;
  return seeds.gaps === 0 ? range : `${range}, without ${wholeNumber(seeds.gaps)}`;
}

import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { CampaignDocument, FailurePart, ShownFailure } from "./campaign-document.ts";
import { tableMarkup } from "./table-markup.ts";
import { counted, shortCode, targetName } from "./words.ts";

/** Each failure with where it stands, what went wrong, and the ways to look at it. */
export function failuresPart({ failures, ledger }: CampaignDocument): Markup {
  if (failures.length === 0) return markup`<p class="empty">No run has failed, by any code.</p>`;
  return markup`<ol class="failures">${failures.map((each) => failureItem(each, ledger.latestCode))}</ol>`;
}

function failureItem(failure: FailurePart, latestCode: string | null): Markup {
  const { id, state, signature, odds, shown, byCode } = failure;
  return markup`<li class="failure" id="failure-${id}" data-state="${state}">
<h3><span class="state ${state}">${state}</span> <bdi class="mono">${signature}</bdi></h3>
<p class="where">${targetName(failure)} · ${odds}</p>
<p class="message"><bdi>${shown.message}</bdi></p>
<p class="facts">${factsOf(shown, latestCode).join(" · ")}</p>
<p class="actions">${linksOf(failure)}</p>
<div class="command"><code>${shown.replayCommand}</code><button type="button" data-copy="${shown.replayCommand}" aria-label="Copy the replay command of ${signature}">Copy</button></div>
${shown.needsRepro ? markup`<p class="note">Save the repro file first: other code than the present one found it, or an epic is in it.</p>` : undefined}
${byCode.length > 1 ? historyOf(failure) : undefined}
</li>`;
}

function factsOf(
  { seed, strategy, code, case: input, steps, kind }: ShownFailure,
  latestCode: string | null,
): string[] {
  return [
    ...(kind === "violated" ? [] : [kind]),
    `seed ${seed}${strategy === "" ? "" : ` by ${strategy}`}`,
    ...(input === null ? ["left no case"] : [caseText(input)]),
    ...(steps === 0 ? [] : [`found in ${counted(steps, "step")}`]),
    ...(code === latestCode ? [] : [`last seen with code ${shortCode(code)}`]),
  ];
}

function caseText({ faults, preemptions, delays, isMinimal }: NonNullable<ShownFailure["case"]>): string {
  const size = `${counted(faults, "fault")}, ${counted(preemptions, "preemption")}, ${counted(delays, "delay")}`;
  if (isMinimal === null) return `${size}, not made small yet`;
  return isMinimal ? `${size}, none can be left out` : size;
}

function linksOf({ viewer, repro, signature }: FailurePart): Markup {
  if (viewer === null || repro === null) {
    return markup`<span class="note">The run never came back or left no case: nothing can be shown step by step.</span>`;
  }
  return markup`<a class="button" href="${viewer}">Step through it<span class="unseen">: ${signature}</span></a>
<a href="${repro}" download>Repro file<span class="unseen"> of ${signature}</span></a>`;
}

function historyOf({ id, byCode, signature }: FailurePart): Markup {
  return markup`<details id="history-${id}"><summary>${counted(byCode.length, "code")} ran this scenario</summary>
${tableMarkup(
  `How often ${signature} was seen, by code`,
  [{ title: "code" }, { title: "failed", isNumber: true }, { title: "of runs", isNumber: true }],
  byCode.map(({ code, hits, runs }) => [shortCode(code), wholeNumber(hits), wholeNumber(runs)]),
)}</details>`;
}

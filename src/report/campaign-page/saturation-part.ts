import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { CampaignDocument, Saturation, SaturationPart } from "./campaign-document.ts";
import { saturationCurve } from "./saturation-curve.ts";
import { tableMarkup } from "./table-markup.ts";
import { percent, targetName } from "./words.ts";

/** Whether more seeds help: a curve for each target, those where they still do first. */
export function saturationPart({ targets }: CampaignDocument): Markup {
  const shown = targets.flatMap((target) =>
    target.saturation === null || target.saturation.runs === 0 ? [] : [{ target, saturation: target.saturation }],
  );
  if (shown.length === 0) return markup`<p class="empty">No run of the latest code has left a timeline.</p>`;
  const ordered = shown.toSorted(
    (left, right) => stateOrder.indexOf(left.saturation.state) - stateOrder.indexOf(right.saturation.state),
  );
  return markup`<p class="about">Distinct timelines (what happened, in which order) over runs. Dashed: every run a new one. Where the curve turns flat, more seeds of this kind show little that is new.</p>
<div class="curves">${ordered.map(({ target, saturation }) => {
    const name = `${targetName(target)}${target.strategy === "portfolio" ? "" : `, ${target.strategy}`}`;
    return markup`<figure><figcaption><h3>${name}</h3> <span class="state ${saturation.state}">${stateWords[saturation.state]}</span></figcaption>
${saturationCurve(name, saturation)}
<p class="note">${sentences(saturation)}</p>
${saturation.strategies.length > 1 ? strategiesOf(name, `${target.scenario}-${target.variant}-${target.strategy}`, saturation) : undefined}</figure>`;
  })}</div>`;
}

const stateOrder: readonly Saturation["state"][] = ["growing", "open", "saturated"];
const stateWords: Readonly<Record<Saturation["state"], string>> = {
  growing: "more seeds help",
  open: "too early to say",
  saturated: "saturated",
};

/** The state stands beside the name already, and the runs of a short search are the latest ones. */
function sentences({ text, latest, runs, distinctTimelines, isExact }: Saturation): string {
  const facts = text.slice(text.indexOf(": ") + 2);
  const sentence = `${facts.charAt(0).toUpperCase()}${facts.slice(1)}.`;
  if (latest.of === runs) return sentence;
  return `${wholeNumber(distinctTimelines)}${isExact ? "" : " (estimated)"} distinct in ${wholeNumber(runs)} runs. ${sentence}`;
}

function strategiesOf(name: string, key: string, { strategies }: SaturationPart): Markup {
  return markup`<details id="strategies-${key}"><summary>By strategy</summary>
${tableMarkup(
  `${name}: how far each strategy has come`,
  [
    { title: "strategy" },
    { title: "runs", isNumber: true },
    { title: "distinct", isNumber: true },
    { title: "next is new", isNumber: true },
    { title: "state" },
  ],
  strategies.map((each) => [
    each.strategy,
    wholeNumber(each.runs),
    wholeNumber(each.distinctTimelines),
    percent(each.unseenMass.estimate),
    stateWords[each.state],
  ]),
)}</details>`;
}

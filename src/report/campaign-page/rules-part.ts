import { markup, type Markup } from "../page/markup.ts";
import { wholeNumber } from "../table.ts";
import type { CampaignDocument, GoalPart, InvariantPart, TargetPart } from "./campaign-document.ts";
import { groupedTable, tableMarkup } from "./table-markup.ts";
import { counted, percent, shortNumber, targetName } from "./words.ts";

/** Invariants of the latest code over all scenarios: how often each was judged, and where it had nothing to judge. */
export function invariantsPart({ targets }: CampaignDocument): Markup {
  const rules = rulesOf(targets.filter(({ isLatest, runs }) => isLatest && runs > 0));
  if (rules.length === 0) return markup`<p class="empty">Nothing was judged yet.</p>`;
  return markup`<p class="about">What must never happen, or must have happened in the end. A rule that had nothing to judge is vacuous there: the runs say nothing about it.</p>
${tableMarkup(
  "Invariants",
  [
    { title: "rule" },
    { title: "says" },
    { title: "checked", isNumber: true },
    { title: "runs that broke it", isNumber: true },
    { title: "vacuous in" },
  ],
  rules.map((rule) => [
    markup`<span class="mono">${rule.id}</span>`,
    rule.text ?? "no longer in the scenario",
    rule.checked === 0 ? markup`<span class="mark doubt">never</span>` : shortNumber(rule.checked),
    rule.violations === 0 ? "0" : markup`<span class="mark failed">${wholeNumber(rule.violations)}</span>`,
    vacuousText(rule),
  ]),
)}`;
}

interface Rule {
  readonly id: string;
  readonly text: string | null;
  readonly checked: number;
  readonly violations: number;
  readonly targets: number;
  readonly vacuousIn: readonly string[];
}

function rulesOf(targets: readonly TargetPart[]): readonly Rule[] {
  const parts = targets.flatMap((target) => target.invariants.map((part) => ({ part, name: targetName(target) })));
  const byId = Map.groupBy(parts, ({ part }) => part.id);
  return [...byId]
    .map(([id, own]) => ({
      id,
      text: own.find(({ part }) => part.rule !== null)?.part.rule ?? null,
      checked: sum(own, ({ part }) => part.checked),
      violations: sum(own, ({ part }) => part.violations),
      targets: own.length,
      vacuousIn: own.filter(({ part }) => part.checked === 0).map(({ name }) => name),
    }))
    .toSorted((left, right) => rank(left) - rank(right) || compareIds(left.id, right.id));
}

/** Broken ones first, then those that are vacuous everywhere. */
function rank({ violations, checked }: Pick<InvariantPart, "violations" | "checked">): number {
  if (violations > 0) return 0;
  return checked === 0 ? 1 : 2;
}

/** `I2` before `I10`. */
function compareIds(left: string, right: string): number {
  const [leftLetters, rightLetters] = [left, right].map((id) => id.replace(/\d+.*$/, ""));
  if (leftLetters !== rightLetters) return leftLetters! < rightLetters! ? -1 : 1;
  const [leftNumber, rightNumber] = [left, right].map((id) => Number(/\d+/.exec(id)?.[0] ?? 0));
  return leftNumber! - rightNumber! || (left < right ? -1 : 1);
}

function vacuousText({ vacuousIn, targets }: Rule): Markup | string {
  if (vacuousIn.length === 0) return "–";
  const names = vacuousIn.slice(0, namesMax).join(", ");
  const more = vacuousIn.length > namesMax ? ` and ${vacuousIn.length - namesMax} more` : "";
  return vacuousIn.length === targets
    ? markup`<span class="mark doubt">all ${targets}</span>`
    : markup`<span class="note">${vacuousIn.length} of ${targets}: ${names}${more}</span>`;
}

const namesMax = 4;

/** What must happen in some run, by scenario; where something never did first. */
export function goalsPart({ targets }: CampaignDocument): Markup {
  const never = ({ sometimes }: TargetPart): number => sometimes.filter(({ hits }) => hits === 0).length;
  const shown = targets
    .filter(({ isLatest, runs, sometimes }) => isLatest && runs > 0 && sometimes.length > 0)
    .toSorted((left, right) => never(right) - never(left));
  if (shown.length === 0) return markup`<p class="empty">No scenario that was run names a goal.</p>`;
  return markup`<p class="about">What must happen in at least one run, so that a scenario tests what it says. The thin line is the 95 % interval.</p>
${groupedTable(
  "Goals: what must happen in some run",
  [{ title: "goal" }, { title: "runs", isNumber: true }, { title: "share of runs" }],
  shown.map((target) => ({
    title: `${targetName(target)}, ${counted(target.runs, "run")}`,
    rows: target.sometimes.map((goal) => [
      goal.name,
      goal.hits === 0 ? markup`<span class="mark doubt">never</span>` : wholeNumber(goal.hits),
      shareMarkup(goal),
    ]),
  })),
)}`;
}

function shareMarkup({ rate, hits }: GoalPart): Markup {
  const at = (share: number): number => Math.round(share * 1000) / 10;
  return markup`<span class="share"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="bar" width="${at(rate.estimate)}" height="8"/><rect class="interval" x="${at(rate.low)}" y="3" width="${Math.max(0.6, at(rate.high - rate.low))}" height="2"/></svg> ${
    hits === 0 ? `at most ${percent(rate.high)}` : percent(rate.estimate)
  }</span>`;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

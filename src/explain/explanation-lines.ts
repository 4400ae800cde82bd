import { noPaint, type Paint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import type { Element, Explanation, Moment, Neighbour, NoReturn, Share } from "./explanation.ts";

/** In three to six lines, as they stand in a story. */
export function explanationLines({ elements, neighbour, noReturn }: Explanation, paint: Paint = noPaint): string[] {
  const lines = [
    ...(elements.length === 0 ? [] : [`    needed     ${neededText(elements)}`]),
    ...(neighbour === undefined ? [] : neighbourLines(neighbour, elements)),
    ...(noReturn === undefined ? [] : [`    no return  ${noReturnText(noReturn)}`]),
  ];
  if (lines.length === 0) return [];
  return [`  ${paint.strong("Why")}`, ...lines.map((line) => plainLine(line, lineLengthMax))];
}

/** With every element, all that differs, and the share of failing continuations step by step. */
export function fullExplanationLines(explanation: Explanation, paint: Paint = noPaint): string[] {
  const { elements, neighbour, noReturn, executions } = explanation;
  const lines = [
    ...elements.map((element) => `    part       ${element.role}: ${element.text}${withoutText(element)}`),
    ...(neighbour === undefined ? ["    no run that holds was found near it"] : neighbourLines(neighbour, elements)),
    ...(neighbour === undefined ? [] : onlyLines("only here ", neighbour.onlyFailing)),
    ...(neighbour === undefined ? [] : onlyLines("only there", neighbour.onlyHolding)),
    ...(noReturn === undefined
      ? ["    no return  not found in the runs allowed"]
      : [`    no return  ${noReturnText(noReturn)}`, ...shareLines(noReturn)]),
    `    ${executions} executions`,
  ];
  return [`  ${paint.strong("Why")}`, ...lines.map((line) => plainLine(line, lineLengthMax))];
}

function neededText(elements: readonly Element[]): string {
  const necessary = elements.filter(({ role }) => role === "necessary");
  const all = `${necessary.length} of ${elements.length}`;
  const [only] = elements;
  if (elements.length === 1 && necessary.length === 1) return `the ${only!.kind}: without it the run holds`;
  if (necessary.length === elements.length) return `all ${all}: without any one of them the run holds`;
  const others = elements.filter(({ role }) => role !== "necessary").map(({ kind, role }) => `${kind} ${role}`);
  return `${all}; ${others.join(", ")}`;
}

function withoutText({ role, without }: Element): string {
  return role === "shielding" ? ` (without it: ${without})` : "";
}

function neighbourLines(
  { without, sameEvents, failing, holding, onlyHolding }: Neighbour,
  elements: readonly Element[],
): string[] {
  // What matters and is missing here says more than what comes first.
  const there = onlyHolding[0] ?? holding;
  const what = elements.length === 1 && elements[0]!.text === without ? "it" : `the ${without}`;
  return [
    `    holds      without ${what}, and is the same up to event ${sameEvents}; then`,
    ...(failing === undefined ? [] : [`      here     ${momentText(failing)}`]),
    ...(there === undefined ? [] : [`      there    ${momentText(there)}`]),
  ];
}

function onlyLines(title: string, moments: readonly Moment[]): string[] {
  return moments.map((moment) => `      ${title}  ${momentText(moment)}`);
}

function noReturnText({ step, stepBefore, steps, site, moment, shares, shareMin, isMonotone }: NoReturn): string {
  const sure = shares.find((share) => share.step === step);
  const before = shares.find((share) => share.step === stepBefore);
  const at = sure === undefined ? "" : `${continuationsText(sure)} fail (at least ${percent(shareMin)} %)`;
  const doubt = isMonotone ? "" : "; earlier steps looked so too";
  if (step === 0) return `from the start: with no fault and any schedule ${at}`;
  if (step === steps) return `with the last step alone, ${step}${beforeText(before, step)}${doubt}`;
  const what = moment === undefined ? `a step of ${site}` : momentText(moment);
  return `after step ${step} of ${steps} ${at}${beforeText(before, step)}${doubt}: ${what}`;
}

function beforeText(before: Share | undefined, step: number): string {
  if (before === undefined) return "";
  const when = before.step === step - 1 ? "one step earlier" : `after step ${before.step}`;
  return `; ${when} ${continuationsText(before)}`;
}

function continuationsText({ failing, holding }: Share): string {
  return `${failing} of ${failing + holding} continuations`;
}

/** Steps that the search left at the first continuation that held say little of the share. */
function shareLines(noReturn: NoReturn): string[] {
  const { shares, step, stepBefore } = noReturn;
  return shares
    .filter((share) => share.step === step || share.step === stepBefore || runsOf(share) >= runsMin)
    .map((share) => shareLine(share, noReturn));
}

function runsOf({ failing, holding, other }: Share): number {
  return failing + holding + other;
}

function shareLine({ step, failing, holding, other }: Share, { step: sureStep }: NoReturn): string {
  const mark = step === sureStep ? ">" : " ";
  const others = other === 0 ? "" : `, ${other} ended otherwise`;
  return `      ${mark} step ${String(step).padStart(5)}  ${percent(failing / Math.max(1, failing + holding)).padStart(3)} %  ${failing} of ${failing + holding}${others}`;
}

function momentText({ event, actor, text }: Moment): string {
  return `event ${event}: ${actor}: ${text}`;
}

/** Rounded down: no share but 1 is 100. */
function percent(share: number): string {
  return String(Math.floor(share * 100));
}

const lineLengthMax = 240;
const runsMin = 8;

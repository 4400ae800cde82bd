import { noPaint, type Paint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import { describeSite } from "../report/site-words.ts";
import { storyLine } from "../report/story.ts";
import type { Element, Explanation, Moment, Neighbour, NoReturn, Share } from "./explanation.ts";

/** In one line each, as they stand in a story: what is necessary, the nearest run that holds, when the run was lost. */
export function explanationLines({ elements, neighbour, noReturn }: Explanation): string[] {
  // Where one thing alone is necessary, the nearest run that holds is the one without it.
  const isPlain = elements.length === 0 || (elements.length === 1 && neighbour !== undefined);
  return [
    ...(isPlain ? [] : [`    needed   ${neededText(elements)}`]),
    ...(neighbour === undefined ? [] : [`    nearest  ${nearestText(neighbour, elements)}`]),
    ...(noReturn === undefined ? [] : [`    lost at  ${noReturnText(noReturn)}`]),
  ].map(storyLine);
}

/** With every element, all that differs, and the share of failing continuations step by step. */
export function fullExplanationLines(explanation: Explanation, paint: Paint = noPaint): string[] {
  const { elements, neighbour, noReturn, executions } = explanation;
  const lines = [
    ...elements.map((element) => `    ${element.role.padEnd(11)}${element.text}${withoutText(element)}`),
    ...(neighbour === undefined ? ["    no run that holds was found near it"] : neighbourLines(neighbour, elements)),
    ...(noReturn === undefined
      ? ["    lost at    not found in the runs allowed"]
      : [`    lost at    ${noReturnText(noReturn)}`, ...shareLines(noReturn)]),
  ];
  return [`  ${paint.strong("What it takes")} (${executions} further runs)`, ...lines.map(storyLine)];
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

/** What matters and is missing here says more than what comes first. */
function nearestText({ without, sameEvents, holding, onlyHolding }: Neighbour, elements: readonly Element[]): string {
  const there = onlyHolding[0] ?? holding;
  const end = there === undefined ? "" : `, then ${there.actor} ${there.text}`;
  return `without ${nameOf(without, elements)} it holds: same to event ${sameEvents}${end}`;
}

/** The one thing that was forced is known. */
function nameOf(without: string, elements: readonly Element[]): string {
  const [only] = elements;
  return elements.length === 1 && only!.text === without ? `the ${only!.kind}` : `the ${without}`;
}

function withoutText({ role, without }: Element): string {
  return role === "shielding" ? ` (without it: ${without})` : "";
}

function neighbourLines(neighbour: Neighbour, elements: readonly Element[]): string[] {
  const { without, sameEvents, failing, holding, onlyFailing, onlyHolding } = neighbour;
  const onlyThere = onlyHolding.filter(({ event }) => event !== holding?.event);
  const onlyHere = onlyFailing.filter(({ event }) => event !== failing?.event);
  return [
    `    nearest    without ${nameOf(without, elements)} it holds: same to event ${sameEvents}, then`,
    ...momentLines("here ", [...(failing === undefined ? [] : [failing]), ...onlyHere]),
    ...momentLines("there", [...(holding === undefined ? [] : [holding]), ...onlyThere]),
  ];
}

function momentLines(title: string, moments: readonly Moment[]): string[] {
  return moments.map((moment) => `      ${title}  ${momentText(moment)}`);
}

function noReturnText({ step, stepBefore, steps, site, moment, shares, isMonotone }: NoReturn): string {
  const sure = shares.find((share) => share.step === step);
  const before = shares.find((share) => share.step === stepBefore);
  const doubt = isMonotone ? "" : "; earlier steps looked so too";
  const after = sure === undefined ? "" : `: then ${countText(sure)} continuations fail${beforeText(before, step)}`;
  if (step === 0) return `the start, with no fault and any schedule${after}`;
  if (step === steps) return `the last step, ${step}, and not before${doubt}`;
  const what = moment === undefined ? describeSite(site) : `${moment.actor} ${moment.text}`;
  // What it is about may be as long as it likes: the numbers stand in any case.
  return `step ${step} of ${steps}, ${plainLine(what, whatLengthMax)}${after}${doubt}`;
}

function beforeText(before: Share | undefined, step: number): string {
  if (before === undefined) return "";
  return `, ${before.step === step - 1 ? "before" : `after step ${before.step}`} ${countText(before)}`;
}

function countText({ failing, holding }: Share): string {
  return `${failing} of ${failing + holding}`;
}

/** Steps that the search left at the first continuation that held say little, and of those where all held the last one says all. */
function shareLines(noReturn: NoReturn): string[] {
  const { shares, step, stepBefore } = noReturn;
  const told = shares.filter((share) => share.step === step || share.step === stepBefore || runsOf(share) >= runsMin);
  const firstFailing = told.findIndex(({ failing }) => failing > 0);
  return told.slice(Math.max(0, firstFailing - 1)).map((share) => shareLine(share, noReturn));
}

function runsOf({ failing, holding, other }: Share): number {
  return failing + holding + other;
}

function shareLine({ step, failing, holding, other }: Share, { step: sureStep, shareMin }: NoReturn): string {
  const mark = step === sureStep ? ">" : " ";
  const sure = step === sureStep && shareMin > 0 ? `: with 95 % confidence at least ${percent(shareMin)} %` : "";
  const others = other === 0 ? "" : `, ${other} ended otherwise`;
  return `      ${mark} step ${String(step).padStart(5)}  ${percent(failing / Math.max(1, failing + holding)).padStart(3)} %  ${failing} of ${failing + holding}${others}${sure}`;
}

function momentText({ event, actor, text }: Moment): string {
  return `event ${event}: ${actor}: ${text}`;
}

/** Rounded down: no share but 1 is 100. */
function percent(share: number): string {
  return String(Math.floor(share * 100));
}

const runsMin = 8;
const whatLengthMax = 52;

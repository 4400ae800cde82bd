import type { HistoryEvent } from "../../history/event.ts";
import type { LiveCase, LiveFailure, LiveSearchResult } from "../../live/explore-live.ts";
import type { LiveFault, PlannedFault } from "../../live/planned-fault.ts";
import { CardNames } from "../../report/card-names.ts";
import { actorOf, describeEvent } from "../../report/event-words.ts";
import { plainLine } from "../../report/plain-line.ts";
import { storyLine } from "../../report/story.ts";
import { virtualTime } from "../../report/virtual-time.ts";
import type { LiveSettings } from "./live-settings.ts";

/** A failure of real processes as it is printed: what broke, the order that leads there, how often it does. */
export function failureLines(failure: LiveFailure, command: string): string[] {
  const { signature, violation, seed, strategy, reproduced } = failure;
  const { tries, failed } = reproduced;
  return [
    `FAILED  ${plainLine(signature, 200)} (seed ${seed}, ${strategy})`,
    `  rule   ${violation.rule}`,
    `  wrong  ${plainLine(violation.message, 600)}`,
    "",
    ...caseLines(failure.case),
    "",
    "  What happened then:",
    ...eventLines(failure.outcome.events.slice(0, (failure.outcome.violation?.eventIndex ?? Infinity) + 1)),
    "",
    tries === 0 ? "  Not repeated: it came by itself." : `  Run again ${tries} times: failed so ${failed} times.`,
    ...(command === "" ? [] : [`  replay: ${command}`]),
  ];
}

/** What was let go, in order, with the troubles. */
function caseLines({ order, faults }: LiveCase): string[] {
  const bySite = new Map(faults.map((fault) => [fault.site, fault]));
  const shown = order.map((site, index) => {
    const [process, name] = partsOf(site);
    const fault = bySite.get(site);
    return `  ${String(index + 1).padStart(4)}  ${process.padEnd(12)}  ${name}${fault === undefined ? "" : `  (${faultWords(fault)})`}`;
  });
  const later = faults.filter(({ site }) => !order.includes(site));
  return [
    order.length === 0
      ? "  As everything comes:"
      : "  Let go one at a time, in this order, and from there on as it comes:",
    ...shown,
    ...later.map((fault) => `        ${fault.site}  (${faultWords(fault)})`),
  ];
}

/** What was asked, what it changed, and what became of processes. Real time, which no second run repeats. */
function eventLines(events: readonly HistoryEvent[]): string[] {
  const cards = new CardNames(events);
  const told = events.filter(({ kind }) => kind !== "sent" && kind !== "effect" && kind !== "note");
  const lines = told.map((event) => {
    const isChange = event.kind === "change" ? "  " : "";
    return storyLine(
      `    ${virtualTime(event.atUs).padStart(9)}  ${actorOf(event).padEnd(12)}  ${isChange}${describeEvent(event, cards)}`,
    );
  });
  const left = lines.length - linesMax;
  return left <= 0 ? lines : [`    (${left} earlier ones left out)`, ...lines.slice(-linesMax)];
}

const linesMax = 40;

function partsOf(site: string): readonly [process: string, name: string] {
  const slash = site.indexOf("/");
  return [site.slice(0, slash), site.slice(slash + 1).replace(/#0$/, "")];
}

function faultWords({ fault }: PlannedFault): string {
  const words: Readonly<Partial<Record<LiveFault["kind"], string>>> = {
    "answer-lost": "done, and the answer is lost",
    "answer-reset": "done, and the connection breaks",
    refused: "refused",
    "request-duplicated": "comes twice",
    "request-delayed": "comes late",
    "answer-truncated": "the answer is cut short",
    "body-stalled": "done, and the answer stops in its middle, its connection open",
    "body-cut": "done, and the connection breaks in the middle of the answer",
    "body-dripped": "done, and the answer comes slowly",
  };
  if (fault.kind === "disk-full") return `from here on the disk is full, for ${fault.durationMs} ms`;
  if (fault.kind === "kill") return `SIGKILL ${fault.effect === "done" ? "after" : "before"} its effect`;
  if (fault.kind === "answered-with") return `answered with ${fault.status}, effect ${fault.effect}`;
  return words[fault.kind] ?? fault.kind;
}

/** What the search came to, and what it did not reach. */
export function summaryLines(result: LiveSearchResult, settings: LiveSettings, wallMs: number): string[] {
  const { runs, failingRuns, effects, choices, orders, hurried, limits, shortcomings, checked } = result;
  const never = settings.plan.invariants.filter(({ id }) => (checked[id] ?? 0) === 0);
  const seconds = (wallMs / 1000).toFixed(1);
  return [
    `${runs} ${runs === 1 ? "run" : "runs"} in ${seconds} s, ${failingRuns} failed; ${effects} effects, ${orders} orders; at ${choices} effects several processes waited`,
    ...(hurried === 0
      ? []
      : [`${hurried} effects were let go early: they had been held for ${settings.plan.holdMsMax} ms`]),
    ...(limits === 0
      ? []
      : [`broken off after ${settings.plan.runMsMax} ms, before they were over: ${limits} of ${runs} runs`]),
    ...shortcomings.map((shortcoming) => `clock: ${shortcoming}`),
    ...never.map(({ id }) => `never judged: ${id}`),
    "",
    ...(settings.plain ? plainWords : controlWords),
    ...setWords(settings),
  ];
}

const plainWords = ["Nothing was held: this is what repetition alone finds."];

/** What the config asks of the machine, for all runs alike. */
function setWords({ plan: { clock, disk, processes } }: LiveSettings): string[] {
  const own = Object.entries(processes).filter((entry) => entry[1].clock !== undefined);
  const parts = [
    ...(clock?.speed === undefined ? [] : [`clocks go ${clock.speed} times as fast`]),
    ...own.map(([name]) => `${name} has a clock of its own`),
    ...(disk === undefined ? [] : [`workspace, HOME and TMPDIR have ${disk.quotaBytes} bytes together`]),
  ];
  return parts.length === 0 ? [] : [`set         ${parts.join("; ")}`];
}

/** Each way in which real processes escape is told with every result. */
const controlWords = [
  "chosen      the order of requests to the board and the models, of webhooks, of people's actions and of starts of installed programs; what befalls them; SIGKILL there",
  "not chosen  threads and timers inside a process, its clock and its chance, its files, any other network",
];

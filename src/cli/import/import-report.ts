import type { CauseShare } from "../../incidents/cause.ts";
import type { LoggedFault } from "../../incidents/logged-fault.ts";
import type { PreparedIncident } from "../../incidents/prepare-incident.ts";
import type { LogReport } from "../../incidents/read-logs.ts";
import type { Symptom } from "../../incidents/symptom.ts";
import type { Timeline } from "../../incidents/timeline.ts";
import { plainLine } from "../../report/plain-line.ts";
import { storyWidth } from "../../report/story.ts";
import { tableLines, wholeNumber, type Column } from "../../report/table.ts";
import { wrappedLines } from "../../report/wrapped-lines.ts";
import type { SearchEnd } from "./search-incident.ts";

/** What was read of the logs, and what was not and why. */
export function readingLines(reports: readonly LogReport[], { events, clocks }: Timeline): readonly string[] {
  const used = reports.reduce((sum, report) => sum + report.used, 0);
  const entries = reports.reduce((sum, report) => sum + report.entries, 0);
  const nameChars = Math.max(...reports.map(({ name }) => name.length));
  const shifted = clocks.filter(({ shiftMs }) => shiftMs !== 0);
  return [
    `READ    ${count(reports.length, "log")}, ${wholeNumber(used)} of ${wholeNumber(entries)} entries used${spanText(events)}`,
    ...reports.flatMap((report) => reportLines(report, nameChars)),
    ...shifted.map(
      ({ source, shiftMs, commonMoments, spreadMs }) =>
        `  clock of ${plainLine(source, 80)}: ${shiftMs > 0 ? "behind" : "ahead"} by ${secondsText(Math.abs(shiftMs))} (${count(commonMoments, "moment")} in common with other logs, ${secondsText(spreadMs)} apart at most)`,
    ),
  ];
}

function reportLines({ name, forms, dropped, notNeeded, unordered }: LogReport, nameChars: number): readonly string[] {
  const taken = forms.map(({ form, entries }) => `${wholeNumber(entries)} ${form}`);
  const rest = [
    ...(notNeeded === 0 ? [] : [`${wholeNumber(notNeeded)} of them of no use here`]),
    ...(unordered === 0 ? [] : [`${wholeNumber(unordered)} out of order, sorted in`]),
  ];
  const head = `  ${plainLine(name, 80).padEnd(nameChars)}  `;
  const text = [taken.length === 0 ? "nothing of it could be used" : taken.join(", "), ...rest].join("; ");
  return [
    ...wrappedLines(head, text, storyWidth),
    ...dropped.map(({ why, entries, first }) => {
      const places = first.length === 0 ? "" : ` (line ${first.join(", ")}${entries > first.length ? ", …" : ""})`;
      return `  ${" ".repeat(nameChars)}  dropped ${wholeNumber(entries)}: ${plainLine(why, 160)}${places}`;
    }),
  ];
}

/** Of clocks that tell the day. */
function spanText(events: Timeline["events"]): string {
  const times = events.map(({ atMs }) => atMs).filter((atMs) => atMs > aDayMs);
  const [first, last] = [times[0], times.at(-1)];
  return first === undefined || last === undefined ? "" : `, ${timeText(first)} to ${timeText(last)} UTC`;
}

const aDayMs = 86_400_000;

/** The partial case: what is given, what is left to search, and what for. */
export function incidentLines(incident: PreparedIncident, why: string): readonly string[] {
  const { scenario, faults, faultsLeftOut, workloadFrom, symptom, otherSymptoms, workloads } = incident;
  const wrap = (first: string, text: string): readonly string[] =>
    wrappedLines(first, plainLine(text, 600), storyWidth);
  return [
    "",
    `SHOWN   in ${scenario.name} (${why})`,
    ...(workloadFrom.kind === "logs" ? workloadFrom.board.notes.flatMap((note) => wrap("  ", note)) : []),
    ...(workloadFrom.kind === "given" ? ["  the workload that you gave"] : []),
    ...(workloadFrom.kind === "scenario" ? wrap("  ", `workloads of the scenario's own: ${workloadFrom.why}`) : []),
    ...faults.flatMap((fault, index) => wrap(`  fault ${index + 1}  `, faultText(fault))),
    ...(faults.length === 0 ? ["  no faults"] : []),
    ...(faultsLeftOut === 0
      ? []
      : wrap("  ", `${count(faultsLeftOut, "earlier fault")} left out: cut the logs to the time around the incident`)),
    `OPEN    ${openText(workloads, faults)}`,
    ...wrap("WANTED  ", symptomText(symptom)),
    ...otherSymptoms.slice(0, 3).flatMap((each) => wrap("  also  ", symptomText(each))),
  ];
}

function faultText({ words, specs, menu, evidence, after }: LoggedFault): string {
  const kinds = [...new Set((menu === undefined ? specs : Object.values(menu).flat()).map(({ kind }) => kind))];
  const place = evidence.atMs > aDayMs ? `${timeText(evidence.atMs).slice(11)}, ` : "";
  const known =
    kinds.length <= 6 ? kinds.join(" or ") : `${kinds.slice(0, 5).join(", ")} or ${kinds.length - 5} other kinds`;
  const anchor = after === undefined || menu !== undefined ? "" : `, after ${after.name}`;
  return `${words} (${place}${evidence.source}:${evidence.line}${anchor}): ${known}`;
}

function openText(workloads: PreparedIncident["workloads"], faults: readonly LoggedFault[]): string {
  const variants =
    workloads === undefined || workloads.length < 2 ? "" : `${workloads.length} variants of the workload, `;
  return `${variants}the order of steps, ${faults.length === 0 ? "all faults" : "where those faults struck, and all others that no log would show"}`;
}

function symptomText(symptom: Symptom): string {
  return `${symptomName(symptom)}: ${symptom.from}`;
}

/** As `I2 or I4 at EPIC-1/S2`. */
export function symptomName({ invariants, place }: Symptom): string {
  const ids = invariants.length > 4 ? `any of ${invariants.length} invariants` : invariants.join(" or ");
  return `${ids}${place.length === 0 ? "" : ` at ${place.join(" ")}`}`;
}

/** What the search came to. */
export function searchLines(
  { runs, finds, runsToFirst, placed, causes }: SearchEnd,
  { faults, timeline }: PreparedIncident,
): readonly string[] {
  const said = timeline.events.filter((event) => event.kind === "note" && /^(?!process\.)./.test(event.name)).length;
  const never = faults.filter((_, index) => placed[index] === 0);
  return [
    "",
    finds === 0
      ? `NOT FOUND in ${count(runs, "run")}`
      : `FOUND   after ${count(runsToFirst, "run")}; ${finds} times in ${count(runs, "run")}`,
    ...never.flatMap((fault) => wrappedLines("  never came about: ", plainLine(fault.words, 300), storyWidth)),
    ...(finds === 0 ? [] : causeLines(causes, said)),
  ];
}

function causeLines(causes: readonly CauseShare[], said: number): readonly string[] {
  const total = causes.reduce((sum, { finds }) => sum + finds, 0);
  const rows = causes
    .slice(0, causesShown)
    .map(({ cause, finds, share, agreed }) => [
      String(finds),
      `${percent(share.low)} to ${percent(share.high)} %`,
      `${agreed} of ${said}`,
      plainLine(cause.words.join("; "), causeCharsMax),
    ]);
  const columns: readonly Column[] = [
    { title: "finds", align: "right" },
    { title: `of ${total}, 95 %` },
    { title: "as the logs" },
    { title: "what it needs" },
  ];
  return [
    `CAUSES  ${count(causes.length, "cause")} that show the same, first those that go longest as the logs do`,
    ...tableLines(columns, rows).map((line) => `  ${line}`),
    ...(causes.length > causesShown ? [`  and ${causes.length - causesShown} more`] : []),
  ];
}

const causeCharsMax = 160;
const causesShown = 8;

function percent(share: number): string {
  return String(Math.round(share * 100));
}

export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${wholeNumber(value)} ${value === 1 ? noun : plural}`;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function secondsText(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

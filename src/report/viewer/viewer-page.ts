import { readFileSync } from "node:fs";
import type { HistoryEvent } from "../../history/event.ts";
import type { Violation } from "../../invariants/invariant.ts";
import type { Case } from "../../sim/case.ts";
import { differenceLines } from "../difference.ts";
import { describeForced } from "../forced-words.ts";
import { markup } from "../page/markup.ts";
import { pageDocument } from "../page/page-document.ts";
import { pageScript } from "../page/page-script.ts";
import { relevantEvents } from "../relevant-events.ts";
import { packEvents } from "./packed-events.ts";
import type { ViewerDocument, ViewerViolation } from "./viewer-document.ts";

/** What a viewer shows of a run. All texts may come from cards and models: the page never takes one for markup. */
export interface ViewerInput {
  readonly title: string;
  /** Of stormlane. */
  readonly version: string;
  readonly case: Case;
  readonly events: readonly HistoryEvent[];
  /** Absent when the run held, or ended for another reason than an invariant. */
  readonly violation?: Violation;
  /** What the run came to, on one line. */
  readonly verdictText: string;
  readonly replayCommand: string;
  /** As told on a terminal, without colours. */
  readonly story?: readonly string[];
  /** Why it fails, line by line, as `fullExplanationLines` has it. */
  readonly explanation?: readonly string[];
  /** A run that holds, and what of the case is not in it, in words that follow "without". */
  readonly neighbour?: { readonly removed: string; readonly events: readonly HistoryEvent[] };
}

/** @returns a whole HTML file that needs no other: it loads nothing, and its policy lets nothing but its own script run */
export function viewerPage(input: ViewerInput): string {
  return htmlPage(documentOf(input));
}

function documentOf(input: ViewerInput): ViewerDocument {
  const { events, violation, neighbour } = input;
  const relevance = { events, case: input.case, linesMax: toldMax };
  return {
    title: input.title,
    version: input.version,
    scenario: input.case.scenario,
    verdictText: input.verdictText,
    replayCommand: input.replayCommand,
    violation: violation === undefined ? null : violationOf(violation),
    forced: describeForced(input.case).map(({ text, site }) => ({ text, site })),
    story: input.story ?? [],
    explanation: input.explanation ?? [],
    told: relevantEvents(violation === undefined ? relevance : { ...relevance, violation }),
    run: packEvents(events),
    neighbour: neighbour === undefined ? null : { removed: neighbour.removed, run: packEvents(neighbour.events) },
  };
}

function violationOf(violation: Violation): ViewerViolation {
  const { invariant, rule, place, message, expected, actual, atUs, eventIndex } = violation;
  const difference = differenceLines(expected, actual, differenceLinesMax);
  return { invariant, rule, place, message, difference, atUs, eventIndex };
}

function htmlPage(shown: ViewerDocument): string {
  return pageDocument({
    title: shown.title,
    style: readFileSync(new URL("page/page.css", import.meta.url), "utf8"),
    script: pageScript(new URL("page/main.ts", import.meta.url)),
    body: markup`<noscript><p>This page draws a simulated run, and needs JavaScript for that.</p></noscript>`,
    data: { id: "run", value: shown },
  });
}

/** More than a story on a terminal: a page scrolls. */
const toldMax = 60;
const differenceLinesMax = 8;

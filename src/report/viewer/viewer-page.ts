import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { HistoryEvent } from "../../history/event.ts";
import type { Violation } from "../../invariants/invariant.ts";
import type { Case } from "../../sim/case.ts";
import { relevantEvents } from "../relevant-events.ts";
import { describeCase } from "../story.ts";
import { joinModules } from "./join-modules.ts";
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
    forced: describeCase(input.case).map((line) => line.trim()),
    story: input.story ?? [],
    explanation: input.explanation ?? [],
    told: relevantEvents(violation === undefined ? relevance : { ...relevance, violation }),
    run: packEvents(events),
    neighbour: neighbour === undefined ? null : { removed: neighbour.removed, run: packEvents(neighbour.events) },
  };
}

function violationOf(violation: Violation): ViewerViolation {
  const { invariant, rule, place, message, expected = null, actual = null, atUs, eventIndex } = violation;
  return { invariant, rule, place, message, expected, actual, atUs, eventIndex };
}

function htmlPage(document: ViewerDocument): string {
  const script = joinModules(pageModule());
  const style = readFileSync(new URL("page/page.css", import.meta.url), "utf8");
  const policy = [
    "default-src 'none'",
    `script-src '${hashSource(script)}'`,
    `style-src '${hashSource(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeText(document.title)}</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    "<noscript><p>This page draws a simulated run, and needs JavaScript for that.</p></noscript>",
    `<script type="application/json" id="run">${JSON.stringify(document).replaceAll("<", "\\u003c")}</script>`,
    `<script>${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** TypeScript in the clone, JavaScript in the package. */
function pageModule(): URL {
  const compiled = new URL("page/main.js", import.meta.url);
  return existsSync(compiled) ? compiled : new URL("page/main.ts", import.meta.url);
}

function hashSource(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** More than a story on a terminal: a page scrolls. */
const toldMax = 60;

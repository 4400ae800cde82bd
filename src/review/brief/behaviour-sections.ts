import type { EdgeReport, LimitSide } from "../../limits/report.ts";
import { counted, span } from "../../report/campaign-page/words.ts";
import { wholeNumber } from "../../report/table.ts";
import type { DegradedCondition } from "../degraded/degraded-condition.ts";
import type { Review } from "../review.ts";
import type { BriefCell, BriefSection } from "./brief.ts";

export function degradedSection({ evidence: { degraded } }: Review): BriefSection | undefined {
  if (degraded === undefined) return undefined;
  return {
    id: "degraded",
    title: "Degraded conditions",
    about:
      "What the system does while one thing around it is bad, and nothing else is; calls are per hour of virtual time.",
    tables: [
      {
        title: "Degraded conditions",
        columns: [
          ...["Condition", "Runs", "Lasts", "Calls then", "Calls without it", "Back after", "Never back", "People see"],
          ...["Lost or done twice", "What it does"],
        ],
        rows: degraded.map(degradedRow),
        empty: "No condition was brought about.",
      },
    ],
  };
}

function degradedRow(each: DegradedCondition): BriefCell[] {
  const { title, runs, lastedMs, callsPerVirtualHour, recoveredAfterMs, neverRecovered, shown, lost, words } = each;
  return [
    title,
    runs,
    span(lastedMs),
    wholeNumber(callsPerVirtualHour.failing),
    wholeNumber(callsPerVirtualHour.healthy),
    recoveredAfterMs === undefined ? "–" : `${span(recoveredAfterMs.median)}, at most ${span(recoveredAfterMs.max)}`,
    neverRecovered === 0 ? "0" : { text: String(neverRecovered), tone: "doubt" },
    [
      counted(shown.alarms, "alarm"),
      counted(shown.comments, "comment"),
      counted(shown.failedCards, "failed card"),
    ].join(", "),
    lost.length === 0
      ? "nothing"
      : { text: lost.map(({ invariant, message }) => `${invariant}: ${message}`).join("; "), tone: "bad" },
    words,
  ];
}

export function footGunsSection({ evidence: { footGuns } }: Review): BriefSection | undefined {
  if (footGuns === undefined) return undefined;
  return {
    id: "foot-guns",
    title: "Foot-guns",
    about:
      `Read from ${footGuns.runs} recorded runs, not from the code: loops without end, retries without backoff, reading again what has not changed, ` +
      "whole files for a part of them, a process for each request, logging in tight loops, reading one by one, polls that grow.",
    tables: [
      {
        title: "Foot-guns",
        columns: ["Kind", "Where", "Runs", "Worst", "Least fix"],
        rows: footGuns.found.map(({ title, place, runs, worst, leastFix }): BriefCell[] => [
          title,
          place,
          runs,
          worst,
          leastFix,
        ]),
        empty: "None was found.",
      },
    ],
  };
}

export function loadSection({ evidence: { limits } }: Review): BriefSection | undefined {
  if (limits === undefined) return undefined;
  return {
    id: "load",
    title: "Load",
    about: `Each ramp by itself, at most ${limits.seeds} runs at a level; stormlane limits tells more.`,
    tables: [
      {
        title: "Ramps",
        columns: ["Ramp", "Unit", "Promised", "Holds up to", "Degrades from", "Breaks at", "Grows faster than allowed"],
        rows: limits.ramps.map((ramp): BriefCell[] => [
          ramp.name,
          ramp.unit,
          wholeNumber(ramp.promised),
          edgeText(ramp.holdsUpTo),
          edgeText(ramp.degradesFrom),
          edgeText(ramp.breaksAt),
          ramp.growth
            .filter(({ law, allowed }) => allowed !== undefined && steepness.indexOf(law) > steepness.indexOf(allowed))
            .map(({ figure, law }) => `${figure}: ${law}`)
            .join("; ") || "nothing",
        ]),
        empty: "No ramp was run.",
      },
      {
        title: "Explicit limits, on both sides of their edges",
        columns: ["Limit", "Result", "Within", "Beyond"],
        rows: limits.limits.map(({ limit, verdict, within, beyond }): BriefCell[] => [
          limit,
          { text: verdict, tone: verdict === "enforced" ? "good" : "doubt" },
          sideText(within),
          sideText(beyond),
        ]),
        empty: "No explicit limit was tried.",
      },
    ],
  };
}

/** From flat to steep. */
const steepness: readonly string[] = ["constant", "linear", "n log n", "quadratic"];

function edgeText(edge: EdgeReport | undefined): string {
  if (edge === undefined) return "–";
  return `${wholeNumber(edge.level)} (seed ${edge.seed}${edge.why === "" ? "" : `: ${edge.why}`})`;
}

function sideText({ limitIs, isHeldBack, why }: LimitSide): string {
  return `limit ${wholeNumber(limitIs)}: ${isHeldBack ? "held back" : "not held back"}${why === "" ? "" : `, ${why}`}`;
}

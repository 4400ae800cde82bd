import type { PassBarResult } from "../pass-bar/pass-bar.ts";
import type { Review } from "../review.ts";
import type { Severity } from "../severity.ts";
import type { BriefCell, BriefSection, Tone } from "./brief.ts";

const tones: Readonly<Record<Severity, Tone>> = { P0: "bad", P1: "bad", P2: "doubt", P3: "doubt" };

export function findingsSection({ findings }: Review): BriefSection {
  return {
    id: "findings",
    title: "Findings",
    about:
      "P0: approved work, tests, causes or stories are not safe, or the pass bar is broken. P1: another safety rule is broken. " +
      "P2: something that must happen does not, or a budget or a load is exceeded. P3: nobody has looked, or a habit that may become dear.",
    tables: [
      {
        title: "Findings",
        isRecords: true,
        columns: [
          ...["Title", "Severity", "Category", "Component", "Failure mode", "Evidence", "Replay", "Least fix"],
          "Test that would catch it",
        ],
        rows: findings.map((finding): BriefCell[] => [
          finding.title,
          { text: finding.severity, tone: tones[finding.severity] },
          finding.category,
          finding.component,
          finding.failureMode,
          finding.evidence,
          finding.replayCommand === undefined ? "–" : { text: finding.replayCommand, isCode: true },
          finding.leastFix,
          finding.test,
        ]),
        empty: "Nothing was found.",
      },
    ],
  };
}

export function passBarSection({ passBar }: Review): BriefSection {
  return {
    id: "pass-bar",
    title: "Pass bar",
    about: "What no release may do. A rule that is broken is a P0.",
    tables: [
      {
        title: "Rules of the pass bar",
        columns: ["Rule", "Result", "Looked at", "Broken by"],
        rows: passBar.map((each): BriefCell[] => [
          each.title,
          { text: each.state, tone: toneOf(each) },
          each.lookedAt.length === 0 ? "nothing" : each.lookedAt.join("; "),
          each.brokenBy.length === 0 ? "–" : each.brokenBy.join("; "),
        ]),
        empty: "",
      },
    ],
  };
}

function toneOf({ state }: PassBarResult): Tone {
  return state === "holds" ? "good" : state === "broken" ? "bad" : "doubt";
}

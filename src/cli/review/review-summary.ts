import { join } from "node:path";
import type { Paint } from "../../report/paint.ts";
import { plainLine } from "../../report/plain-line.ts";
import { storyWidth } from "../../report/story.ts";
import { wrappedLines } from "../../report/wrapped-lines.ts";
import type { Review } from "../../review/review.ts";

/** The verdict with its reasons, the findings in a line each, and where the whole brief is. */
export function reviewLines(
  { verdict, findings, passBar, standings }: Review,
  outFolder: string,
  paint: Paint,
): string[] {
  const color = verdict.kind === "ready" ? paint.good : paint.bad;
  const unsure = standings.filter(({ kind }) => kind === "not guaranteed").map(({ invariant }) => invariant);
  return [
    color(verdict.kind),
    ...verdict.reasons.flatMap((reason) => wrappedLines("  - ", plainLine(reason, 600), storyWidth)),
    "",
    ...findings
      .slice(0, findingsMax)
      .flatMap(({ severity, title, replayCommand }) => [
        ...wrappedLines(`  ${severity}  `, plainLine(title, 300), storyWidth),
        ...(replayCommand === undefined ? [] : [`      ${plainLine(replayCommand, 300)}`]),
      ]),
    ...(findings.length > findingsMax ? [`  … ${findings.length - findingsMax} more in the brief`] : []),
    ...(findings.length > 0 ? [""] : []),
    `pass bar: ${passBar.map(({ title, state }) => `${title.toLowerCase()} (${state})`).join(", ")}`,
    unsure.length === 0
      ? `invariants: all ${standings.length} hold in all that was run`
      : `invariants: not guaranteed: ${unsure.join(", ")}`,
    `brief: ${["review.md", "review.html", "review.json"].map((name) => join(outFolder, name)).join(", ")}`,
  ];
}

const findingsMax = 10;

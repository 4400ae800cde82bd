import { counted, percent } from "../report/campaign-page/words.ts";
import { wholeNumber } from "../report/table.ts";
import type { ReviewFinding } from "./findings/finding.ts";
import type { Review } from "./review.ts";
import { sweepOf } from "./standing/standing.ts";

export interface ReviewVerdict {
  readonly kind: "ready" | "ready with conditions" | "not ready";
  /** Two to four sentences. */
  readonly reasons: readonly string[];
}

const reasonsMax = 4;

/** Not ready with anything that hinders the release; with conditions where something is unknown or weak. */
export function verdictOf(review: Omit<Review, "verdict">): ReviewVerdict {
  const { findings } = review;
  const blocking = findings.filter(({ hinders }) => hinders === "release");
  if (blocking.length > 0) {
    return { kind: "not ready", reasons: [...most(blocking, reasonsMax - 1), howMuchHolds(review)] };
  }
  const conditions = findings.filter(({ hinders }) => hinders === "conditions");
  if (conditions.length > 0) {
    return { kind: "ready with conditions", reasons: [howMuchHolds(review), ...most(conditions, reasonsMax - 1)] };
  }
  return {
    kind: "ready",
    reasons: [howMuchHolds(review), passBarReason(review), sweepReason(review), ...keptReason(review)].slice(
      0,
      reasonsMax,
    ),
  };
}

/** As many as fit; the last one says how many more there are. */
function most(findings: readonly ReviewFinding[], max: number): string[] {
  if (findings.length <= max) return findings.map(reasonOf);
  return [
    ...findings.slice(0, max - 1).map(reasonOf),
    `And ${counted(findings.length - max + 1, "more finding")} of the kind; see the table.`,
  ];
}

function reasonOf({ severity, title, evidence }: ReviewFinding): string {
  const [sentence] = /^.*?[.!?](?= |$)/.exec(evidence) ?? [evidence];
  return `${severity}: ${title}. ${sentence}`;
}

function howMuchHolds({ standings, evidence }: Omit<Review, "verdict">): string {
  const runs = evidence.scenarios.reduce((sum, each) => sum + each.runs, 0);
  const held = standings.filter(({ kind }) => kind !== "not guaranteed");
  const proven = held.filter(({ kind }) => kind === "proven").length;
  const worst = Math.max(...held.map(({ failureRateMax }) => failureRateMax));
  const bound = held.length === 0 ? "" : `; each breaks in at most ${percent(worst)} of runs, with 95 % confidence`;
  return (
    `${held.length} of ${counted(standings.length, "invariant")} held in ${counted(runs, "run")}` +
    `${proven === 0 ? "" : ` (${proven} of them in every schedule of a small scenario, too)`}${bound}.`
  );
}

function passBarReason({ passBar }: Omit<Review, "verdict">): string {
  return `All ${passBar.length} rules of the pass bar hold: ${passBar.map(({ title }) => title.toLowerCase()).join("; ")}.`;
}

function sweepReason({ evidence }: Omit<Review, "verdict">): string {
  const { pairs, tried } = sweepOf(evidence.scenarios);
  if (pairs === 0) return "There is nothing in these scenarios that could go wrong from outside.";
  return `${wholeNumber(tried)} of ${wholeNumber(pairs)} pairs of a step and a fault (${percent(tried / pairs)}) were tried one by one, without harm.`;
}

function keptReason({ evidence: { kept } }: Omit<Review, "verdict">): string[] {
  if (kept.mutants.length === 0) return [];
  return [`${kept.mutants.length} known bugs were put in, one by one, and each was noticed.`];
}

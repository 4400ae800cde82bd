import { percent } from "../../report/campaign-page/words.ts";
import { wholeNumber } from "../../report/table.ts";
import type { Review } from "../review.ts";
import type { Standing } from "../standing/standing.ts";
import type { BriefCell, BriefSection, Tone } from "./brief.ts";

export function invariantsSection({ standings }: Review): BriefSection {
  return {
    id: "invariants",
    title: "Invariants",
    about:
      "Proven: held in every schedule of a small scenario, within the bounds below, and nothing else broke it. Likely: judged in runs, and none broke it; " +
      "the rate is the upper 95 % bound of Clopper and Pearson, over runs that had something to judge, taken as drawn one apart from the other. " +
      "Not guaranteed: a run broke it, or none had anything for it to judge." +
      (standings.some(({ isBuiltIn }) => isBuiltIn) ? "" : ` ${withoutCore}`),
    tables: [
      {
        title: "Invariants",
        columns: ["Invariant", "Standing", "Rule", "Runs", "Failed", "Fails at most", "Sweep", "Known bugs it caught"],
        rows: standings.map(rowOf),
        empty: "The scenarios have no invariants: nothing was judged.",
      },
    ],
  };
}

/** Of a system that is not the core. */
const withoutCore =
  "The core's own guarantees (G, I, L, V, D, C and O) are not among them: they speak of its lanes, approvals, limits and files, " +
  "which this system has not, and nothing is said of them here.";

function rowOf(standing: Standing): BriefCell[] {
  const { invariant, rule, runs, failures, failureRateMax, sweep, mutants } = standing;
  return [
    invariant,
    { text: standingText(standing), tone: toneOf(standing) },
    rule,
    wholeNumber(runs),
    wholeNumber(failures),
    runs === 0 ? "–" : percent(failureRateMax),
    sweep.pairs === 0
      ? "–"
      : `${wholeNumber(sweep.tried)} of ${wholeNumber(sweep.pairs)} (${percent(sweep.tried / sweep.pairs)})`,
    mutants.length === 0 ? "–" : mutants.join(" "),
  ];
}

function standingText({ kind, reason, proofs }: Standing): string {
  if (kind === "proven") return `proven in ${proofs.map(({ scenario }) => scenario).join(", ")}`;
  return reason === undefined ? kind : `${kind}: ${reason}`;
}

function toneOf({ kind, reason }: Standing): Tone {
  if (kind !== "not guaranteed") return "good";
  return reason === "counterexample" ? "bad" : "doubt";
}

export function proofsSection({ evidence: { proofs } }: Review): BriefSection | undefined {
  if (proofs.length === 0) return undefined;
  const tones = { proven: "good", violated: "bad", unfinished: "doubt", unfit: "doubt" } as const;
  return {
    id: "proofs",
    title: "Proofs",
    about: "Every schedule of small scenarios, one for each partial order, up to the bounds that are stated.",
    tables: [
      {
        title: "Proofs",
        columns: ["Scenario", "Result", "Bounds", "Schedules", "States", "Judged"],
        rows: proofs.map((each): BriefCell[] => [
          each.scenario,
          {
            text: [each.verdict, each.counterexample?.signature ?? each.reason]
              .filter((text) => text !== undefined)
              .join(": "),
            tone: tones[each.verdict],
          },
          each.bounds,
          wholeNumber(each.schedules),
          wholeNumber(each.states),
          each.exercised.length === 0 ? "–" : each.exercised.join(" "),
        ]),
        empty: "",
      },
    ],
  };
}

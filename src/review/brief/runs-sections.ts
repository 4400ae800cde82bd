import { percent } from "../../report/campaign-page/words.ts";
import { wholeNumber } from "../../report/table.ts";
import type { ScenarioEvidence } from "../evidence.ts";
import type { Review } from "../review.ts";
import type { BriefCell, BriefSection } from "./brief.ts";

export function runsSection({ evidence: { scenarios } }: Review): BriefSection {
  return {
    id: "runs",
    title: "Runs",
    about:
      "What was run, and how much of it had something to judge. The sweep counts pairs of a step and a fault in the runs in which nothing else goes wrong.",
    tables: [
      {
        title: "Scenarios",
        columns: [
          "Scenario",
          "Runs",
          "First seed",
          "Failures",
          "Run twice",
          "Cut off",
          "Goals",
          "Invariants judged",
          "Sweep",
        ],
        rows: scenarios.map(rowOf),
        empty: "Nothing was run.",
      },
    ],
  };
}

function rowOf(scenario: ScenarioEvidence): BriefCell[] {
  const { name, runs, firstSeed, counterexamples, runsTwice, runsCutOff, goals, goalsMissed, invariants, sweep } =
    scenario;
  const silent = invariants.filter((each) => each.runs === 0).map(({ id }) => id);
  const judged = `${invariants.length - silent.length} of ${invariants.length}`;
  return [
    name,
    wholeNumber(runs),
    String(firstSeed),
    counterexamples.length === 0
      ? "0"
      : { text: counterexamples.map(({ signature }) => signature).join("; "), tone: "bad" },
    wholeNumber(runsTwice),
    wholeNumber(runsCutOff),
    goalsMissed.length === 0
      ? `${goals} of ${goals}`
      : { text: `${goals - goalsMissed.length} of ${goals}; never: ${goalsMissed.join("; ")}`, tone: "doubt" },
    silent.length === 0 ? judged : `${judged}; not ${silent.join(" ")}`,
    sweep.pairs === 0
      ? "–"
      : `${wholeNumber(sweep.tried)} of ${wholeNumber(sweep.pairs)} (${percent(sweep.tried / sweep.pairs)})`,
  ];
}

export function keptSection({ evidence: { kept } }: Review): BriefSection | undefined {
  const { folder, mended, counterexamples, mutants, unusable } = kept;
  if (folder === undefined) return undefined;
  return {
    id: "kept",
    title: "Kept cases",
    about:
      `Of ${folder}, run again: ${mended - counterexamples.length} of ${mended} failures that were mended once hold; ` +
      `${mutants.filter(({ caughtBy }) => caughtBy !== undefined).length} of ${mutants.length} known bugs, put in one by one, are noticed` +
      (unusable.length === 0 ? "." : `; ${unusable.length} files cannot be run.`),
    tables: [
      {
        title: "Known bugs",
        columns: ["Bug", "What it is", "Scenario", "Noticed by", "As"],
        rows: mutants.map(({ id, title, scenario, caughtBy, signature }): BriefCell[] => [
          id,
          title,
          scenario,
          caughtBy ?? { text: "nobody", tone: "bad" },
          signature,
        ]),
        empty: "No known bugs are kept there.",
      },
    ],
  };
}

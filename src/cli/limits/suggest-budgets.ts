import { Explorer } from "../../explore/explorer.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { budgetFigure, budgetWords, type BudgetName, type TokenPrices } from "../../limits/budgets/budgets.ts";
import {
  budgetsOf,
  headroomDefault,
  LargestReader,
  suggestBudgets,
  type MeasuredRun,
  type SuggestedBudget,
} from "../../limits/budgets/suggest.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines, type Column } from "../../report/table.ts";
import { runCaseNow } from "../../sim/run-case.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { loadCatalogue } from "../catalogue.ts";
import { exitCodes } from "../exit-codes.ts";
import { buildScenario, findMutant } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { readInteger, wrongValue } from "../option-values.ts";
import { ownVersion } from "../own-package.ts";
import { chooseScenarios, refuseTogether, type RunFlags } from "../run-settings.ts";
import type { LimitsFlags } from "./limits-settings.ts";

/** What `--suggest` has measured. */
interface Survey {
  readonly scenarios: readonly string[];
  readonly firstSeed: number;
  /** Of each scenario. */
  readonly seeds: number;
  readonly headroom: number;
  readonly runs: readonly MeasuredRun[];
  /** What failed says nothing about what a run takes. */
  readonly failed: number;
}

/** `stormlane limits --suggest`: budgets for the config, out of measured runs. @returns the exit code */
export async function suggest(names: readonly string[], flags: LimitsFlags, host: Host): Promise<number> {
  refuseTogether(flags as RunFlags, "suggest", ["level", "rampMax", "list", "markdown"]);
  const seeds = readInteger("--seeds", flags.seeds ?? "40", { min: 1, max: seedsMax });
  const firstSeed = readInteger("--seed", flags.seed ?? "1", { min: 0, max: Number.MAX_SAFE_INTEGER - seedsMax });
  const headroom = readHeadroom(flags.headroom ?? String(headroomDefault));
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutant = flags.mutant === undefined ? undefined : findMutant(catalogue, flags.mutant);
  const scenarios = chooseScenarios(catalogue, names, mutant?.scenario);
  const runs: MeasuredRun[] = [];
  for (const [index, name] of scenarios.entries()) {
    const scenario = buildScenario(catalogue, name, { mutant: mutant?.id, epic: undefined });
    runs.push(...(await measureSeeds(scenario, { seeds, firstSeed, prices: catalogue.budgets?.prices })));
    host.writeError(`${name}: ${seeds} runs (${index + 1} of ${scenarios.length})\n`);
  }
  const failed = seeds * scenarios.length - runs.length;
  const survey: Survey = { scenarios, firstSeed, seeds, headroom, runs, failed };
  const suggested = suggestBudgets(runs, headroom);
  host.writeOut(
    flags.json === true
      ? `${JSON.stringify(suggestionDocument(survey, suggested))}\n`
      : `${suggestionLines(survey, suggested).join("\n")}\n`,
  );
  return suggested.length === 0 ? exitCodes.failed : exitCodes.held;
}

const seedsMax = 10_000;
const headroomMax = 100;

function readHeadroom(text: string): number {
  const headroom = /^\d{1,3}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (headroom >= 1 && headroom <= headroomMax) return headroom;
  throw wrongValue("--headroom", text, "not a factor", `use 1 to ${headroomMax}, as 1.5`);
}

interface SurveyedSeeds {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly prices: TokenPrices | undefined;
}

/** Of the runs that held. */
async function measureSeeds(
  scenario: Scenario,
  { seeds, firstSeed, prices }: SurveyedSeeds,
): Promise<readonly MeasuredRun[]> {
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const runs: MeasuredRun[] = [];
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    await inMacrotask(() => {
      const plan = explorer.plan(seed);
      const reader = new LargestReader(prices);
      const { verdict } = runCaseNow(scenario, plan.case, { ...plan.exploration, reader });
      if (verdict.kind === "held") runs.push({ scenario: scenario.name, seed, largest: reader.largest });
    });
  }
  return runs;
}

const columns: readonly Column[] = [
  { title: "budget" },
  { title: "suggested", align: "right" },
  { title: "p99", align: "right" },
  { title: "runs", align: "right" },
  { title: "most", align: "right" },
  { title: "where" },
];

function suggestionLines(survey: Survey, suggested: readonly SuggestedBudget[]): string[] {
  const { scenarios, seeds, firstSeed, headroom, runs, failed } = survey;
  const last = firstSeed + seeds - 1;
  const of = scenarios.length === 1 ? scenarios[0]! : `${scenarios.length} scenarios`;
  const leftOut = failed === 0 ? "" : ` ${failed} more did not hold and are left out.`;
  const head = `Measured: ${runs.length} runs of ${of}, seeds ${firstSeed} to ${last} of each.${leftOut}`;
  if (suggested.length === 0) return [head, "Nothing that a budget limits was seen: there is nothing to suggest."];
  const rows = suggested.map(({ budget, value, p99, runs: count, largest }) => [
    budget,
    budgetFigure(budget, value),
    budgetFigure(budget, p99),
    String(count),
    budgetFigure(budget, largest.value),
    `${plainLine(largest.of, 40)} in ${largest.scenario}:${largest.seed}`,
  ]);
  return [
    head,
    `Each budget is the 99th percentile (nearest rank) of the most in each run, times ${headroom}, rounded up to two digits;`,
    "or the most in any run, where that is more.",
    "",
    ...tableLines(columns, rows),
    "",
    "For the config:",
    "",
    ...configLines(suggested, survey),
  ];
}

/** A member of `defineConfig({...})`. */
function configLines(suggested: readonly SuggestedBudget[], { headroom }: Survey): string[] {
  return [
    "  budgets: {",
    ...suggested.map(({ budget, value, p99, largest, raised }) => {
      const origin = raised
        ? `the most in ${largest.scenario}:${largest.seed}`
        : `p99 ${budgetFigure(budget, p99)} times ${headroom}`;
      return `    ${budget}: ${literal(budget, value)}, // ${origin}`;
    }),
    "  },",
  ];
}

/** With `_` between groups of three digits, as the rest of a config has it. */
function literal(budget: BudgetName, value: number): string {
  return budget === "moneyPerCardUsd" ? String(value) : String(value).replaceAll(/\B(?=(\d{3})+$)/g, "_");
}

function suggestionDocument(survey: Survey, suggested: readonly SuggestedBudget[]): object {
  const { scenarios, seeds, firstSeed, headroom, runs, failed } = survey;
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "limits",
    scenarios,
    seeds: { first: firstSeed, ofEach: seeds },
    headroom,
    runs: runs.length,
    failed,
    budgets: budgetsOf(suggested),
    suggested: suggested.map((each) => ({ ...each, per: budgetWords[each.budget].per })),
  };
}

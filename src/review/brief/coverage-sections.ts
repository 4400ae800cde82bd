import { budgetFigure } from "../../limits/budgets/budgets.ts";
import { percent } from "../../report/campaign-page/words.ts";
import type { CoverageGap, ModuleCoverage } from "../coverage/module-coverage.ts";
import type { Review } from "../review.ts";
import type { BriefCell, BriefSection, BriefTable } from "./brief.ts";
import type { SlowTest } from "../tests-evidence.ts";

export function mapSection({ evidence: { modules, scenarios }, standings }: Review): BriefSection | undefined {
  if (modules === undefined) return undefined;
  const critical = modules.filter(({ writes, gaps }) => writes.length > 0 || gaps.length > 0);
  const others = modules.length - critical.length;
  return {
    id: "map",
    title: "Map of critical modules",
    about:
      "A module is critical when it writes to the board, to files, to git, or to claims and approvals. Covered is the share of its code that ran; " +
      `${others} other modules without gaps are left out.`,
    tables: [
      {
        title: "Critical modules",
        columns: ["Module", "Writes", "Covered", "Scenarios", "Invariants", "Known bugs", "Gaps"],
        rows: critical.map((each) =>
          moduleRow(each, {
            scenarios: scenarios.map(({ name }) => name),
            invariants: standings.map(({ invariant }) => invariant),
          }),
        ),
        empty: "No module of the system writes anything.",
      },
    ],
  };
}

const gapWords: Readonly<Record<CoverageGap, string>> = {
  "never-run": "no scenario runs it",
  "no-invariant": "nobody judges what it does",
  "no-mutant": "nobody has tried whether a fault in it would be noticed",
};

/** All that there are. */
interface Known {
  readonly scenarios: readonly string[];
  readonly invariants: readonly string[];
}

function moduleRow(
  { module, writes, share, scenarios, invariants, mutants, gaps }: ModuleCoverage,
  known: Known,
): BriefCell[] {
  return [
    module,
    writes.length === 0 ? "–" : writes.join(", "),
    percent(share),
    scenariosText(scenarios, known.scenarios),
    listText(invariants, known.invariants),
    mutants.length === 0 ? "–" : mutants.join(" "),
    gaps.length === 0 ? "–" : { text: gaps.map((gap) => gapWords[gap]).join("; "), tone: "doubt" },
  ];
}

function scenariosText(running: ModuleCoverage["scenarios"], known: readonly string[]): string {
  const [first, ...others] = running;
  if (first === undefined) return "–";
  const most = others.reduce((best, each) => (each.share > best.share ? each : best), first);
  const names = listText(
    running.map(({ scenario }) => scenario),
    known,
  );
  return `${names}; most in ${most.scenario} (${percent(most.share)})`;
}

/** Shorter by what is missing, where little is. */
function listText(names: readonly string[], known: readonly string[]): string {
  const missing = known.filter((name) => !names.includes(name));
  if (names.length === 0) return "–";
  if (missing.length === 0) return `all ${known.length}`;
  return missing.length < names.length ? `all but ${missing.join(" ")}` : names.join(" ");
}

export function budgetsSection({ evidence: { budgets, scenarios } }: Review): BriefSection | undefined {
  if (budgets === undefined) return undefined;
  const inForce = new Map<string, { readonly rule: string; runs: number }>();
  for (const { id, rule, runs } of scenarios.flatMap((scenario) => scenario.budgets)) {
    const known = inForce.get(id);
    if (known === undefined) inForce.set(id, { rule, runs });
    else known.runs += runs;
  }
  return {
    id: "budgets",
    title: "Budgets",
    about: `From ${budgets.runs} measured runs: the 99th percentile with half as much again, rounded up to two digits, and never below the most that a run took.`,
    tables: [
      {
        title: "Budgets for the config",
        columns: ["Budget", "Suggested", "p99", "Most", "By", "Runs"],
        rows: budgets.suggested.map(({ budget, value, p99, largest, runs }): BriefCell[] => [
          { text: `${budget}: ${value}`, isCode: true },
          budgetFigure(budget, value),
          budgetFigure(budget, p99),
          budgetFigure(budget, largest.value),
          `${largest.of} (${largest.scenario}, seed ${largest.seed})`,
          runs,
        ]),
        empty: "The runs did nothing that a budget could limit.",
      },
      {
        title: "Budgets of these runs",
        columns: ["Budget", "Runs that it could have ended"],
        rows: [...inForce.values()].map(({ rule, runs }): BriefCell[] => [rule, runs]),
        empty: "None was set: see the table above for some that would hold.",
      },
    ],
  };
}

export function testsSection({ evidence: { tests } }: Review): BriefSection | undefined {
  if (tests === undefined) return undefined;
  const table = (title: string, rows: readonly SlowTest[], empty: string): BriefTable => ({
    title,
    columns: ["Test", "File", "Milliseconds"],
    rows: rows.map(({ title: test, file, durationMs }): BriefCell[] => [test, file, Math.round(durationMs)]),
    empty,
  });
  return {
    id: "tests",
    title: "Slow tests",
    about: `Of ${tests.tests} tests, as their report says.`,
    tables: [
      table("The slowest", tests.slowest, "The report holds no test."),
      table("Heavy ones outside the integration lane", tests.heavy, "There are none."),
    ],
  };
}

import { jsonOf } from "./command.ts";
import type { Cell, Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

/** Fields of the document of `run --strategy exhaustive --json` that are read here. */
interface ExhaustiveDocument {
  readonly bounds: { readonly reduction: string; readonly reversalsMax: number | null; readonly runsMax: number };
  readonly scenarios: readonly ProvedScenario[];
}

interface ProvedScenario {
  readonly name: string;
  readonly verdict: "proven" | "violated" | "unfinished";
  readonly cases: number | null;
  readonly schedules: number;
  readonly redundant: number;
  readonly states: number;
  readonly outcomes: number;
  readonly verified: number;
  readonly cpuMs: number;
  readonly counterexample: { readonly signature: string; readonly replays: boolean } | null;
}

/** What is run, and how it must end. */
interface Lane {
  readonly args: readonly string[];
  readonly expected: ProvedScenario["verdict"];
}

/** How many schedules are run where there are far too many: to see what the reduction is worth. */
const unreducedRunsMax = "5000";

const lanes: readonly Lane[] = [
  { args: ["small-claim"], expected: "proven" },
  { args: ["small-spawner"], expected: "proven" },
  { args: ["small-claim", "--mutant", "F02"], expected: "violated" },
  { args: ["small-claim", "--mutant", "F01"], expected: "violated" },
  { args: ["small-spawner", "--mutant", "F33"], expected: "violated" },
  { args: ["small-spawner", "--mutant", "F25"], expected: "violated" },
  { args: ["small-claim", "--reduction", "none", "--runs-max", unreducedRunsMax], expected: "unfinished" },
  { args: ["small-spawner", "--reduction", "none", "--runs-max", unreducedRunsMax], expected: "unfinished" },
];

/** Two orchestrators that claim one card, and a spawner with two stories and one kill: every schedule. */
export function exhaustive(): Part {
  return {
    name: "exhaustive",
    title: "Every schedule of two small scenarios, and known bugs in them",
    command: "npm run proof -- --only exhaustive",
    async find(say) {
      const rows: (readonly Cell[])[] = [];
      const problems: string[] = [];
      for (const { args, expected } of lanes) {
        const document = (await jsonOf("src/cli/bin.ts", [
          ...["run", ...args, "--strategy", "exhaustive", "--out", "reports/out/proof", "--json"],
        ])) as unknown as ExhaustiveDocument;
        const [scenario] = document.scenarios as readonly [ProvedScenario];
        say(`   ${args.join(" ")}: ${scenario.verdict} after ${scenario.schedules} schedules`);
        rows.push(rowOf(args, document, scenario));
        if (scenario.verdict !== expected) problems.push(`${args.join(" ")}: ${scenario.verdict}, not ${expected}`);
        if (scenario.counterexample?.replays === false) problems.push(`${args.join(" ")}: its case does not replay`);
      }
      return findingsOf(rows, problems);
    },
  };
}

const columns = [
  ...["run", "verdict", "races reversed", "cases", "schedules", "redundant", "states", "ends"],
  ...["run in another order", "CPU seconds"],
];

function rowOf(
  args: readonly string[],
  { bounds }: ExhaustiveDocument,
  { verdict, cases, schedules, redundant, states, outcomes, verified, cpuMs, counterexample }: ProvedScenario,
): readonly Cell[] {
  const found = counterexample === null ? "" : `: ${counterexample.signature}`;
  return [
    args.join(" "),
    `${verdict}${found}`,
    bounds.reversalsMax ?? "any",
    cases ?? "",
    schedules,
    redundant,
    states,
    outcomes,
    verified,
    Math.round(cpuMs / 1_000),
  ];
}

function findingsOf(rows: readonly (readonly Cell[])[], problems: readonly string[]): Findings {
  const verdicts = rows.map(([, verdict]) => String(verdict));
  return {
    facts: {
      proven: verdicts.filter((verdict) => verdict === "proven").length,
      mutantsFound: verdicts.filter((verdict) => verdict.startsWith("violated")).length,
    },
    tables: [{ title: "Runs", columns, rows }],
    problems,
  };
}

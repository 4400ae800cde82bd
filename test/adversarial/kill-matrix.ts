import type { AdversarialCase } from "./adversarial-cases.ts";
import type { Shown } from "./trial.ts";

/** Which kept case finds which mutants of its scenario, and that the correct core withstands all of them. */
export interface KillMatrix {
  readonly version: 1;
  readonly ok: boolean;
  /** In the order of the entries. */
  readonly cases: readonly CaseRow[];
  /** Mutants that survive their own case, and cases in which the correct core does not hold. */
  readonly problems: readonly string[];
}

export interface CaseRow {
  /** The mutant that the case was made for. */
  readonly mutant: string;
  readonly repro: string;
  readonly scenario: string;
  readonly core: Shown;
  /** Of every mutant of that scenario, its own one included. */
  readonly mutants: Readonly<Record<string, Shown>>;
}

export interface MatrixOptions {
  readonly entries: Readonly<Record<string, AdversarialCase>>;
  /** The scenario that each mutant is found in. */
  readonly scenarioOf: (mutant: string) => string;
  /** @param mutant what is planted; nothing for the correct core */
  readonly tryCase: (repro: string, mutant: string | undefined) => Promise<Shown>;
  readonly say: (line: string) => void;
}

export async function killMatrix({ entries, scenarioOf, tryCase, say }: MatrixOptions): Promise<KillMatrix> {
  const cases: CaseRow[] = [];
  for (const [mutant, { repro }] of Object.entries(entries)) {
    const scenario = scenarioOf(mutant);
    const mutants: Record<string, Shown> = {};
    for (const other of Object.keys(entries).filter((id) => scenarioOf(id) === scenario)) {
      mutants[other] = await tryCase(repro, other);
    }
    const row = { mutant, repro, scenario, core: await tryCase(repro, undefined), mutants };
    say(
      `${mutant}  ${wordsOf(mutants[mutant]!)}; finds ${foundBy(row).join(", ") || "nothing"}; core: ${wordsOf(row.core)}`,
    );
    cases.push(row);
  }
  const problems = cases.flatMap((row) => problemsOf(row, entries[row.mutant]!.invariant));
  return { version: 1, ok: problems.length === 0, cases, problems };
}

export function matrixAsMarkdown({ cases, problems }: KillMatrix): string {
  const rows = cases.map((row) => {
    const others = foundBy(row).filter((id) => id !== row.mutant);
    const cells = [row.mutant, row.scenario, wordsOf(row.mutants[row.mutant]!), others.join(", "), wordsOf(row.core)];
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "# Which case finds which mutant",
    "",
    `${cases.length} mutants, each in its own case and in those of the other mutants of its scenario.`,
    "",
    ...problems.map((problem) => `- **${problem}**`),
    ...(problems.length === 0 ? [] : [""]),
    "| mutant | scenario | its own case | finds as well | the correct core |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function problemsOf({ mutant, mutants, core }: CaseRow, invariant: string): string[] {
  const own = mutants[mutant]!;
  const isKilled = own.kind === "broken" && own.invariant === invariant;
  return [
    ...(isKilled ? [] : [`${mutant} survives its case: ${wordsOf(own)}, where it has to break ${invariant}`]),
    ...(core.kind === "held" ? [] : [`the correct core in the case of ${mutant}: ${wordsOf(core)}`]),
  ];
}

function foundBy({ mutants }: CaseRow): string[] {
  return Object.entries(mutants).flatMap(([id, { kind }]) => (kind === "broken" ? [id] : []));
}

function wordsOf(shown: Shown): string {
  switch (shown.kind) {
    case "broken":
      return shown.signature;
    case "held":
      return "held";
    case "unreached":
      return `held, never reached ${shown.site}`;
    case "undecided":
      return shown.why;
  }
}

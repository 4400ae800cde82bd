import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jsonOf, root, runScript } from "./command.ts";
import type { Cell, Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

export interface ReviewOptions {
  /** None: all. */
  readonly scenarios: readonly string[];
  readonly seeds: number;
  /** Further runs with one fault each. */
  readonly sweepRuns: number;
  /** Parts of the brief that are left out, with commas between them; empty for none. */
  readonly without: string;
  readonly outFolder: string;
}

/** What is read here of the document of `stormlane review --json`. */
export interface ReviewDocument {
  readonly exitCode: number;
  readonly verdict: string;
  readonly reasons: readonly string[];
  readonly findings: readonly {
    readonly severity: string;
    readonly title: string;
    readonly invariants: readonly string[];
  }[];
  readonly passBar: readonly { readonly rule: string; readonly state: string }[];
  readonly invariants: readonly {
    readonly invariant: string;
    readonly kind: "proven" | "likely" | "not guaranteed";
    readonly runs: number;
    readonly failureRateMax: number;
  }[];
  readonly scenarios: readonly {
    readonly runs: number;
    readonly sweep: { readonly pairs: number; readonly tried: number };
  }[];
  readonly kept: { readonly mutants: readonly { readonly caughtBy?: string }[] };
}

/** A known bug, the first seed that shows it, and what a brief must say of it. */
export interface BrokenCore {
  readonly mutant: string;
  readonly firstSeed: number;
  readonly invariant: string;
  readonly severity: string;
}

/** One for each invariant that a mutant breaks by itself. */
const brokenCores: readonly BrokenCore[] = [
  { mutant: "F02", firstSeed: 2, invariant: "I4", severity: "P1" },
  { mutant: "F04", firstSeed: 7, invariant: "I1", severity: "P0" },
  { mutant: "F05", firstSeed: 2, invariant: "V1", severity: "P2" },
  { mutant: "F08", firstSeed: 2, invariant: "G3", severity: "P1" },
  { mutant: "F22", firstSeed: 43, invariant: "I2", severity: "P0" },
  { mutant: "F36", firstSeed: 7, invariant: "I3", severity: "P0" },
  { mutant: "F39", firstSeed: 1, invariant: "O1", severity: "P0" },
  { mutant: "F43", firstSeed: 3, invariant: "G1", severity: "P0" },
  { mutant: "F46", firstSeed: 1, invariant: "G2", severity: "P0" },
  { mutant: "F65", firstSeed: 495, invariant: "C1", severity: "P0" },
  { mutant: "F72", firstSeed: 9, invariant: "D1", severity: "P1" },
  { mutant: "F74", firstSeed: 2, invariant: "G4", severity: "P1" },
];

/** The release brief of the correct core says ready; that of each broken core says not ready, for the right reason. */
export function review(options: ReviewOptions): Part {
  const { scenarios, seeds, sweepRuns, without, outFolder } = options;
  const flags = [
    ...scenarios,
    "--seeds",
    String(seeds),
    "--sweep",
    String(sweepRuns),
    ...(without === "" ? [] : ["--without", without]),
  ];
  return {
    name: "review",
    title: "The release brief: ready, and not ready for the right reason",
    command: `npm run stormlane -- review ${flags.join(" ")}`,
    async find(say) {
      const core = await briefOf([...flags, "--out", join(outFolder, "review")]);
      say(`   the correct core: ${core.verdict}: ${core.reasons.join(" ")}`);
      const broken: { readonly of: BrokenCore; readonly document: ReviewDocument }[] = [];
      for (const of of brokenCores) {
        const { mutant, firstSeed } = of;
        const one = ["--first-seed", String(firstSeed), "--seeds", "1", "--failures", "1", "--workers", "0"];
        const document = await briefOf([
          "--mutant",
          mutant,
          ...one,
          "--without",
          "proofs,modules,degraded,budgets",
          "--out",
          outFolder,
        ]);
        say(`   ${mutant}: ${document.verdict}: ${document.findings[0]?.severity} ${document.findings[0]?.title}`);
        broken.push({ of, document });
      }
      return findingsOf(core, broken, await differingFiles(outFolder));
    },
  };
}

async function briefOf(args: readonly string[]): Promise<ReviewDocument> {
  return (await jsonOf("src/cli/bin.ts", ["review", ...args, "--json"])) as unknown as ReviewDocument;
}

/** Two fresh processes with the same flags, and other numbers of threads: the files of the brief that differ. */
async function differingFiles(outFolder: string): Promise<string[]> {
  const folders = ["once", "again"].map((name) => join(outFolder, `review-${name}`));
  for (const [index, folder] of folders.entries()) {
    mkdirSync(join(root, folder), { recursive: true });
    const workers = String(index + 1);
    await runScript("src/cli/bin.ts", [
      ...["review", "crash-anywhere", "--seeds", "20", "--without", "proofs", "--workers", workers, "--out", folder],
    ]);
  }
  const [once, again] = folders as [string, string];
  const text = (folder: string, name: string): string => readFileSync(join(root, folder, name), "utf8");
  return ["review.md", "review.html", "review.json"].filter((name) => text(once, name) !== text(again, name));
}

export function findingsOf(
  core: ReviewDocument,
  broken: readonly { readonly of: BrokenCore; readonly document: ReviewDocument }[],
  differing: readonly string[],
): Findings {
  const unsure = core.invariants.filter(({ kind }) => kind === "not guaranteed").map(({ invariant }) => invariant);
  const kindsOf = (wanted: string): number => core.invariants.filter(({ kind }) => kind === wanted).length;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    facts: {
      verdict: core.verdict,
      exitCode: core.exitCode,
      runs: sum(core.scenarios.map(({ runs }) => runs)),
      invariantsProven: kindsOf("proven"),
      invariantsLikely: kindsOf("likely"),
      invariantsNotGuaranteed: unsure.length,
      largestFailureRateMax: Math.max(...core.invariants.map(({ failureRateMax }) => failureRateMax)),
      sweepPairs: sum(core.scenarios.map(({ sweep }) => sweep.pairs)),
      sweepPairsTried: sum(core.scenarios.map(({ sweep }) => sweep.tried)),
      knownBugsNoticed: core.kept.mutants.filter(({ caughtBy }) => caughtBy !== undefined).length,
      knownBugs: core.kept.mutants.length,
      brokenCores: broken.length,
      brokenCoresNotReadyForTheRightReason: broken.filter((each) => problemsOf(each).length === 0).length,
      twoBriefsDifferIn: differing.length === 0 ? "nothing" : differing.join(", "),
    },
    tables: [
      {
        title: "Broken cores",
        columns: ["mutant", "from seed", "verdict", "severity", "finding", "expected"],
        rows: broken.map(({ of, document }): Cell[] => [
          of.mutant,
          of.firstSeed,
          document.verdict,
          document.findings[0]?.severity ?? "",
          document.findings[0]?.title ?? "",
          `${of.severity}: ${of.invariant}`,
        ]),
      },
      {
        title: "Invariants of the correct core",
        columns: ["invariant", "standing", "runs that judged it", "fails in at most"],
        rows: core.invariants.map(({ invariant, kind, runs, failureRateMax }): Cell[] => [
          invariant,
          kind,
          runs,
          failureRateMax.toPrecision(2),
        ]),
      },
    ],
    problems: [
      ...(core.verdict === "ready" ? [] : [`the correct core is ${core.verdict}: ${core.reasons.join(" ")}`]),
      ...(unsure.length === 0 ? [] : [`not guaranteed of the correct core: ${unsure.join(", ")}`]),
      ...core.passBar
        .filter(({ state }) => state !== "holds")
        .map(({ rule, state }) => `the pass bar: ${rule} is ${state}`),
      ...broken.flatMap(problemsOf),
      ...differing.map((name) => `two briefs with the same flags differ in ${name}`),
    ],
  };
}

function problemsOf({ of, document }: { readonly of: BrokenCore; readonly document: ReviewDocument }): string[] {
  const { mutant, invariant, severity } = of;
  if (document.exitCode !== 1 || document.verdict !== "not ready") return [`${mutant}: ${document.verdict}`];
  const [first] = document.findings;
  return first?.invariants[0] === invariant && first.severity === severity
    ? []
    : [`${mutant}: ${first?.severity} ${first?.title}, not ${severity} ${invariant}`];
}

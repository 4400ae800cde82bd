import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "../../scenarios/mutants/mutant.ts";
import { jsonOf, root } from "./command.ts";
import type { Cell, Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";
import type { FailureResult, ReplayDocument, RunResult } from "./run-result.ts";

export interface MutantOptions {
  readonly seedsMax: number;
  /** Where repros go while they are made. */
  readonly outFolder: string;
  /** Where the repro of each mutant that was found is kept, if it is. */
  readonly corpusFolder: string | undefined;
}

/** Each mutant is found, by an invariant that it is known to break, and its repro replays in a fresh process. */
export function mutants(chosen: readonly Mutant[], options: MutantOptions): Part {
  const { seedsMax, outFolder, corpusFolder } = options;
  return {
    name: "mutants",
    title: `${chosen.length} mutants of the core, each found within ${seedsMax} seeds`,
    command: `npm run stormlane -- run --mutant ID --seeds ${seedsMax} --out ${outFolder} --json`,
    async find(say) {
      const found: Found[] = [];
      for (const mutant of chosen) {
        const result = await hunt(mutant, seedsMax, outFolder);
        say(`   ${mutant.id}  ${result.problem ?? `seed ${result.seedsNeeded}: ${result.signature}`}`);
        found.push(result);
        if (corpusFolder !== undefined && result.problem === undefined) keep(result, corpusFolder);
      }
      return findingsOf(found);
    },
  };
}

export interface Found {
  readonly mutant: Mutant;
  /** Runs until the first failure, that one too. */
  readonly seedsNeeded: number;
  readonly signature: string;
  readonly strategy: string;
  readonly faults: number;
  readonly preemptions: number;
  readonly delays: number;
  readonly minimal: boolean;
  /** Of the search and the shrinking. */
  readonly wallSeconds: number;
  /** What `replay` says of the repro in a fresh process, and what it says of the same case without the mutant. */
  readonly replay: string;
  readonly replayOfCorrectCore: string;
  readonly problem: string | undefined;
  readonly reproFile: string | undefined;
}

/** Under a name without the seed: the repro of a later version takes its place. */
function keep({ mutant, reproFile }: Found, corpusFolder: string): void {
  copyFileSync(join(root, reproFile!), join(root, corpusFolder, `${mutant.scenario}-${mutant.id}.json`));
}

export function findingsOf(found: readonly Found[]): Findings {
  const problems = found.flatMap(({ mutant, problem }) => (problem === undefined ? [] : [`${mutant.id}: ${problem}`]));
  const seeds = found.map(({ seedsNeeded }) => seedsNeeded).toSorted((left, right) => left - right);
  return {
    facts: {
      mutants: found.length,
      found: found.length - problems.length,
      seedsNeededMedian: seeds[Math.floor(seeds.length / 2)] ?? 0,
      seedsNeededMax: seeds.at(-1) ?? 0,
      repeatedExactlyInAFreshProcess: found.filter(({ replay }) => replay === "same-failure").length,
    },
    tables: [
      {
        title: "Mutants",
        columns: [
          ...["id", "mutant", "scenario", "failure", "strategy", "seeds needed", "wall seconds"],
          ...["faults", "preemptions", "delays", "minimal", "replay", "same case on the correct core"],
        ],
        rows: found.map(rowOf),
      },
    ],
    problems,
  };
}

function rowOf(found: Found): Cell[] {
  const { mutant, signature, strategy, seedsNeeded, wallSeconds } = found;
  return [
    ...[mutant.id, mutant.title, mutant.scenario, signature, strategy, seedsNeeded, wallSeconds],
    ...[found.faults, found.preemptions, found.delays, found.minimal, found.replay, found.replayOfCorrectCore],
  ];
}

async function hunt(mutant: Mutant, seedsMax: number, outFolder: string): Promise<Found> {
  const args = ["run", "--mutant", mutant.id, "--seeds", String(seedsMax), "--out", outFolder, "--json"];
  const result = (await jsonOf("src/cli/bin.ts", args)) as unknown as RunResult;
  const failure = result.scenarios.flatMap(({ failures }) => failures)[0];
  const file = failure?.reproFile ?? undefined;
  const replay = file === undefined ? "" : await replayOf(file);
  return {
    mutant,
    seedsNeeded: result.seeds.run,
    signature: failure?.signature ?? "",
    strategy: failure?.strategy ?? "",
    faults: failure?.faults ?? 0,
    preemptions: failure?.preemptions ?? 0,
    delays: failure?.delays ?? 0,
    minimal: failure?.minimal ?? false,
    wallSeconds: Math.round(result.wallMs / 100) / 10,
    replay,
    replayOfCorrectCore: file === undefined ? "" : await replayOf(withoutMutant(file)),
    problem: problemOf(mutant, result, failure, replay),
    reproFile: file,
  };
}

/** @param replay what `replay` said of the repro @returns why the mutant does not count as found, or undefined */
export function problemOf(
  mutant: Mutant,
  result: RunResult,
  failure: FailureResult | undefined,
  replay: string,
): string | undefined {
  if (failure === undefined) {
    const why = result.problems.map(({ text }) => text).join("; ");
    return `not found in ${result.seeds.run} seeds${why === "" ? "" : `: ${why}`}`;
  }
  if (failure.kind !== "violated" || !mutant.expects.includes(failure.invariant)) {
    return `failed otherwise than expected (${mutant.expects.join(", ")}): ${failure.signature}`;
  }
  return replay === "same-failure" ? undefined : `its repro does not replay: ${replay}`;
}

async function replayOf(file: string): Promise<string> {
  const { result } = (await jsonOf("src/cli/bin.ts", ["replay", file, "--json"])) as unknown as ReplayDocument;
  return result;
}

/** The same case around the correct core: whether it is the mutant that fails, and not the test bed. */
function withoutMutant(file: string): string {
  const { mutant: _, ...repro } = JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, unknown>;
  const path = file.replace(/\.json$/, ".correct-core.json");
  writeFileSync(join(root, path), `${JSON.stringify(repro, undefined, 2)}\n`);
  return path;
}

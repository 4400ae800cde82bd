import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Catalogue } from "../catalogue.ts";
import { outFolderOf } from "../run-settings.ts";
import { replayRepro, scenarioOfRepro } from "../replay-repro.ts";
import { readRepro, type Repro } from "../repro-file.ts";
import { UsageError } from "../usage-error.ts";

/** A failure that was kept, and what has become of it. */
export interface KeptFailure {
  /** As it is printed. */
  readonly file: string;
  readonly scenario: string;
  readonly fails: boolean;
  readonly text: string;
}

export interface KeptFailuresOptions {
  readonly cwd: string;
  readonly catalogue: Catalogue;
  /** Where this command writes repro files, as `--out` gives it. */
  readonly outFolder: string | undefined;
  readonly scenarios: readonly string[];
  readonly mutant: string | undefined;
}

/**
 * Replays what failed before: repro files of these scenarios, from the folder of kept counterexamples and from where
 * `run` writes them. A file of another mutant, or of a version that has changed too much, says nothing here.
 */
export async function* replayKeptFailures(options: KeptFailuresOptions): AsyncGenerator<KeptFailure> {
  const { cwd, catalogue, scenarios, mutant } = options;
  for (const file of keptFiles(options)) {
    const repro = readKept(join(cwd, file), file);
    if (repro === undefined || repro.mutant !== mutant || !scenarios.includes(repro.case.scenario)) continue;
    try {
      const { result } = await replayRepro(scenarioOfRepro(repro, file, catalogue), repro);
      const fails = result.kind === "same-failure" || result.kind === "another-failure";
      yield { file, scenario: repro.case.scenario, fails, text: result.text };
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
}

/** Relative to the working folder, without doubles, in the order of their names. */
function keptFiles({ cwd, catalogue, outFolder }: KeptFailuresOptions): string[] {
  const folders = new Set(["reports/corpus", outFolder ?? outFolderOf(catalogue, cwd)]);
  return [...folders].flatMap((folder) => {
    const path = join(cwd, folder);
    if (!existsSync(path)) return [];
    const names = readdirSync(path).filter((name) => name.endsWith(".json"));
    return names.toSorted().map((name) => relative(cwd, join(path, name)));
  });
}

/** @returns undefined for any other file: reports lie there, too */
function readKept(path: string, file: string): Repro | undefined {
  try {
    return readRepro(path, file);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

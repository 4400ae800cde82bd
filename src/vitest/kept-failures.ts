import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { plainLine } from "../report/plain-line.ts";
import { readRepro, type Repro } from "../cli/repro-file.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { Scenario } from "../sim/scenario.ts";

/** A failure that this test found before. */
export interface KeptFailure {
  readonly fileName: string;
  readonly repro: Repro;
}

/**
 * Those that failed last come first; of one moment, in code-unit order of their names.
 *
 * @param shownFolder as it is printed
 * @throws UsageError for a file that is no case of the scenario
 */
export function keptFailures(folder: string, shownFolder: string, scenario: Scenario): KeptFailure[] {
  return reproFiles(folder).map((fileName) => {
    const shown = join(shownFolder, fileName);
    const repro = readRepro(join(folder, fileName), shown);
    refuseForeign(repro, shown, scenario);
    return { fileName, repro };
  });
}

function reproFiles(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => extname(name) === ".json" && !name.startsWith("."))
    .toSorted()
    .map((name) => ({ name, failedAtMs: statSync(join(folder, name)).mtimeMs }))
    .toSorted((left, right) => right.failedAtMs - left.failedAtMs)
    .map(({ name }) => name);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return [];
    const why = `cannot be read (${code ?? "unknown error"})`;
    throw new UsageError({ what: folder, why, fix: "name a folder with the option reproFolder" });
  }
}

function refuseForeign({ case: input }: Repro, shown: string, scenario: Scenario): void {
  const refusal =
    input.scenario === scenario.name
      ? scenario.workloads.refuse(input.workload)
      : `is a case of ${plainLine(input.scenario, 60)}, and this test runs ${scenario.name}`;
  if (refusal === undefined) return;
  throw new UsageError({
    what: shown,
    why: input.scenario === scenario.name ? `its workload no longer fits: ${plainLine(refusal, 300)}` : refusal,
    fix: "delete the file if the scenario has changed on purpose",
  });
}

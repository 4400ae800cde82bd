import { firstDifference, secondRunDiffers } from "../campaign/explore-seeds.ts";
import type { Outcome } from "../sim/outcome.ts";
import { runCase } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { scenarioNames, type Catalogue } from "./catalogue.ts";
import { buildScenario, scenarioOfCase } from "./find-scenario.ts";
import { suggestName } from "./nearest-name.ts";
import { budgetsFor } from "./project/budgets-schema.ts";
import { judgeReplay, type ReplayResult } from "./replay-result.ts";
import type { Repro } from "./repro-file.ts";
import { UsageError } from "./usage-error.ts";

/** Runs the case of a repro in its scenario, and says how that compares with what was expected. */
export async function replayRepro(
  scenario: Scenario,
  repro: Repro,
): Promise<{ readonly outcome: Outcome; readonly result: ReplayResult }> {
  const outcome = await runCase(scenario, repro.case);
  const difference = repro.expected.signature === secondRunDiffers ? await compareRuns(scenario, outcome, repro) : "";
  return { outcome, result: judgeReplay(repro, outcome, difference) };
}

/**
 * The budgets are those that it failed with, then those of the project as they are now, then those asked for.
 *
 * @param budgets as `--budget` takes them
 * @throws UsageError when the scenario or mutant is gone, or does not take the workload any more
 */
export function scenarioOfRepro(repro: Repro, what: string, catalogue: Catalogue, budgets?: string): Scenario {
  const { mutant, epic } = repro;
  const mutants = catalogue.builtInMutants.map(({ id }) => id);
  const { scenario: given, workload } = repro.case;
  const name = scenarioOfCase(catalogue, given);
  if (name === undefined) throw gone({ what, part: "scenario", name: given, names: scenarioNames(catalogue) });
  if (mutant !== undefined && !mutants.includes(mutant)) {
    throw gone({ what, part: "mutant", name: mutant, names: mutants });
  }
  const scenario = buildScenario(
    catalogue,
    name,
    { mutant, epic, budgets: budgetsFor({ ...repro.budgets, ...catalogue.budgets }, budgets) },
    what,
  );
  const refusal = scenario.workloads.refuse(workload);
  if (refusal === undefined) return scenario;
  throw new UsageError({
    what,
    why: `its workload no longer fits ${scenario.name}: ${refusal}`,
    fix: "find the failure again from its seed",
  });
}

interface Gone {
  readonly what: string;
  readonly part: "scenario" | "mutant";
  readonly name: string;
  readonly names: readonly string[];
}

/** A repro file does not say of which system it is: that may be all that is wrong. */
function gone({ what, part, name, names }: Gone): UsageError {
  const system = part === "scenario" ? "if it is of a system of your own, name that with --system; else " : "";
  return new UsageError({
    what,
    why: `its ${part} ${name} no longer exists`,
    fix: `${system}${suggestName(name, names)}`,
  });
}

/** @returns where a second run of the case differs, or nothing */
async function compareRuns(scenario: Scenario, first: Outcome, repro: Repro): Promise<string> {
  const second = await runCase(scenario, repro.case);
  if (first.history.hash() === second.history.hash()) return "";
  return firstDifference([...first.history.lines()], [...second.history.lines()]);
}

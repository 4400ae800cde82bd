import { resolve } from "node:path";
import type { JsonValue } from "../base/json.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import { withBudgets } from "../limits/budgets/with-budgets.ts";
import { plainLine } from "../report/plain-line.ts";
import type { Scenario } from "../sim/scenario.ts";
import { scenarioNames, type Catalogue, type MutantEntry, type ScenarioOptions } from "./catalogue.ts";
import { readJsonFile } from "./input-file.ts";
import { suggestName } from "./nearest-name.ts";
import { builtInPrefix } from "./project/find-config.ts";
import { UsageError } from "./usage-error.ts";

const epicBytesMax = 1024 * 1024;

/** @returns the name of a scenario that exists */
export function findScenario(catalogue: Catalogue, given: string): string {
  const names = scenarioNames(catalogue);
  // In a project of a user's the built-in ones have the prefix in their names.
  const isProject = names.some((name) => name.startsWith(builtInPrefix));
  const name = !isProject && given.startsWith(builtInPrefix) ? given.slice(builtInPrefix.length) : given;
  if (names.includes(name)) return name;
  const own = names.filter((each) => !each.startsWith(builtInPrefix));
  const builtIn = `${builtInPrefix}${name}`;
  throw new UsageError({
    what: `scenario ${plainLine(given, 60)}`,
    why: "there is none of that name",
    fix: names.includes(builtIn)
      ? `did you mean ${builtIn}, which is built in?`
      : suggestName(name, name.startsWith(builtInPrefix) ? names : own),
  });
}

/**
 * The name under which the scenario of a repro file is known here: a built-in one is called otherwise in a user's project.
 *
 * @returns undefined when there is none
 */
export function scenarioOfCase(catalogue: Catalogue, name: string): string | undefined {
  const bare = name.startsWith(builtInPrefix) ? name.slice(builtInPrefix.length) : name;
  const names = scenarioNames(catalogue);
  if (names.includes(name)) return name;
  return [`${builtInPrefix}${bare}`, ...(bare === name ? [] : [bare])].find((each) => names.includes(each));
}

/** @param what how the user gave it, for the message */
export function findMutant(catalogue: Catalogue, given: string, what = "--mutant"): MutantEntry {
  const found = catalogue.builtInMutants.find(({ id }) => id === given);
  if (found !== undefined) return found;
  throw new UsageError({
    what: `${what} ${plainLine(given, 60)}`,
    why: "there is none of that id",
    fix: suggestName(
      given,
      catalogue.builtInMutants.map(({ id }) => id),
    ),
  });
}

export function readEpic(given: string, cwd: string): JsonValue {
  return readJsonFile({ what: `--epic ${given}`, path: resolve(cwd, given), sizeBytesMax: epicBytesMax });
}

interface Variant {
  readonly mutant: string | undefined;
  readonly epic: JsonValue | undefined;
  readonly budgets?: Budgets | undefined;
}

/** Builds a scenario that exists. @param epicFile what the epic is called when it is refused */
export function buildScenario(
  catalogue: Catalogue,
  name: string,
  { mutant, epic, budgets }: Variant,
  epicFile = "",
): Scenario {
  const options: ScenarioOptions = {
    ...(mutant === undefined ? {} : { mutant }),
    ...(epic === undefined ? {} : { epic }),
  };
  try {
    return withBudgets(catalogue.scenarioWith(name, options), budgets);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (epic === undefined && mutant !== undefined && error instanceof RangeError) {
      throw new UsageError({
        what: `--mutant ${mutant} in ${name}`,
        why: plainLine(error.message, 300),
        fix: "leave the scenario out: a mutant brings its own",
      });
    }
    if (epic === undefined) throw error;
    throw new UsageError({
      what: `--epic ${plainLine(epicFile, 200)}`,
      why: plainLine(error instanceof Error ? error.message : String(error), 300),
      fix: "see scenarios/epics for files that work",
    });
  }
}

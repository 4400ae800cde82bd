import { resolve } from "node:path";
import type { JsonValue } from "../base/json.ts";
import { plainLine } from "../report/plain-line.ts";
import type { Scenario } from "../sim/scenario.ts";
import { scenarioNames, type Catalogue, type MutantEntry, type ScenarioOptions } from "./catalogue.ts";
import { readJsonFile } from "./input-file.ts";
import { suggestName } from "./nearest-name.ts";
import { UsageError } from "./usage-error.ts";

const builtInPrefix = "stormlane:";
const epicBytesMax = 1024 * 1024;

/** @returns the name of a scenario that exists */
export function findScenario(catalogue: Catalogue, given: string): string {
  const name = given.startsWith(builtInPrefix) ? given.slice(builtInPrefix.length) : given;
  const names = scenarioNames(catalogue);
  if (names.includes(name)) return name;
  throw new UsageError({
    what: `scenario ${plainLine(given, 60)}`,
    why: "there is none of that name",
    fix: suggestName(name, names),
  });
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
}

/** Builds a scenario that exists. @param epicFile what the epic is called when it is refused */
export function buildScenario(catalogue: Catalogue, name: string, { mutant, epic }: Variant, epicFile = ""): Scenario {
  const options: ScenarioOptions = {
    ...(mutant === undefined ? {} : { mutant }),
    ...(epic === undefined ? {} : { epic }),
  };
  try {
    return catalogue.scenarioWith(name, options);
  } catch (error) {
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

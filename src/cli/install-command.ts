import { readFileSync } from "node:fs";
import { delimiter, extname, resolve } from "node:path";
import { programFaultOf } from "../../fakes/cli/program-fault.ts";
import { ForeignFile, installExecutables } from "../serving/executable/install.ts";
import { programNames, type InstalledScenario, type ProgramName } from "../serving/executable/settings.ts";
import { readScenarioFile, ScenarioMistake, type ArmedFault } from "../serving/scenario-file.ts";
import { prepareFolder } from "./atomic-file.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { suggestName } from "./nearest-name.ts";
import { readInteger, readSpeed, wrongValue } from "./option-values.ts";
import { ownVersion, quoted } from "./own-package.ts";
import { UsageError } from "./usage-error.ts";

type Flags = Readonly<Record<string, string | undefined>>;

/** `stormlane fakes install`: writes the fake programs as executables. @returns the exit code */
export async function installFakes(folder: string, flags: Flags, host: Host): Promise<number> {
  const target = resolve(host.cwd, folder);
  if (target.includes(delimiter)) {
    throw wrongValue("DIR", target, `holds a ${delimiter}, which parts the folders of PATH`, "name another folder");
  }
  const journal = flags["journal"] === undefined ? null : resolve(host.cwd, flags["journal"]);
  const installation = {
    folder: target,
    programs: readPrograms(flags["only"]),
    scenario: await readScenario(flags["scenario"], host),
    seed: readInteger("--seed", flags["seed"] ?? "1", { min: 0, max: Number.MAX_SAFE_INTEGER }),
    speed: readSpeed(flags["speed"] ?? "1"),
    journal,
    version: ownVersion(),
  };
  prepareFolder("DIR", target);
  const paths = install(installation);
  host.writeOut(
    [
      ...paths,
      "",
      "Put them before the real ones:",
      `  export PATH=${quoted(target)}:"$PATH"`,
      ...(journal === null ? [] : [`They write what they do to ${journal}.`]),
      "",
    ].join("\n"),
  );
  return exitCodes.held;
}

function install(installation: Parameters<typeof installExecutables>[0]): readonly string[] {
  try {
    return installExecutables(installation);
  } catch (error) {
    if (error instanceof ForeignFile) {
      const why = "it is there already, and this command did not write it";
      throw new UsageError({ what: error.path, why, fix: "name an empty folder, or choose programs with --only" });
    }
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    throw new UsageError({ what: path, why: `cannot be written (${code})`, fix: "name a place that can" });
  }
}

function readPrograms(text: string | undefined): readonly ProgramName[] {
  if (text === undefined) return programNames;
  return text.split(",").map((each) => {
    const found = programNames.find((name) => name === each.trim());
    if (found !== undefined) return found;
    throw wrongValue("--only", each, "no such program", suggestName(each, programNames));
  });
}

/** Checked here once: the executables themselves only check what has changed since. */
async function readScenario(path: string | undefined, host: Host): Promise<InstalledScenario | null> {
  if (path === undefined) return null;
  const absolute = resolve(host.cwd, path);
  try {
    const { faults = [] } = await readScenarioFile(absolute);
    checkFaults(faults);
  } catch (error) {
    if (error instanceof ScenarioMistake) throw new UsageError(error);
    throw error;
  }
  return { path: absolute, checkedText: extname(absolute) === ".json" ? readFileSync(absolute, "utf8") : null };
}

/** Those of services are for the served fakes. */
function checkFaults(faults: readonly ArmedFault[]): void {
  for (const each of faults) {
    if (!("program" in each)) continue;
    const { program, fault } = each;
    if (!programNames.some((name) => name === program)) {
      const fix = suggestName(program, programNames);
      throw new UsageError({ what: `faults: ${program}`, why: "no such program", fix });
    }
    try {
      programFaultOf(fault);
    } catch (error) {
      const why = (error as Error).message;
      throw new UsageError({ what: `faults: ${program}`, why, fix: "docs/faults.md lists them" });
    }
  }
}

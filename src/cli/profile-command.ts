import { resolve } from "node:path";
import { loadCatalogue } from "./catalogue.ts";
import { exitCodes } from "./exit-codes.ts";
import { buildScenario, findMutant, findScenario, readEpic } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { readInteger, readStrategy, wrongValue } from "./option-values.ts";
import { profileScenario } from "./profile/profile-scenario.ts";
import { engineSection, markdown, plainText, spanSections, type Section } from "./profile/profile-sections.ts";
import { readSpans } from "./profile/read-spans.ts";
import { profileSpans } from "./profile/span-profile.ts";
import { UsageError } from "./usage-error.ts";

export interface ProfileFlags {
  readonly spans?: readonly string[];
  readonly runs?: string;
  readonly seed?: string;
  readonly strategy?: string;
  readonly mutant?: string;
  readonly epic?: string;
  readonly format?: string;
  readonly json?: boolean;
  /** Taken only to say why not. */
  readonly system?: string;
}

/** `stormlane profile SCENARIO`, or `--spans FILE...` of real runs: the same report. @returns the exit code */
export async function profile(scenario: string | undefined, flags: ProfileFlags, host: Host): Promise<number> {
  const format = readFormat(flags);
  if (flags.system !== undefined) {
    throw new UsageError({
      what: "profile --system",
      why: "lanes, agents and kinds of work are noted by the core alone: of a system of your own there would be none",
      fix: "see what it does under load with stormlane limits --system, and its habits with stormlane review --system",
    });
  }
  if (scenario !== undefined && flags.spans !== undefined) {
    throw new UsageError({
      what: "profile",
      why: "a scenario and --spans were both given",
      fix: "leave one of them out",
    });
  }
  if (scenario !== undefined) return profileSimulated(scenario, flags, format, host);
  const files = flags.spans ?? [];
  if (files.length === 0) {
    throw new UsageError({
      what: "profile",
      why: "neither a scenario nor spans were named",
      fix: "name a scenario, or files of serve with --spans FILE...",
    });
  }
  const found = profileSpans(files.flatMap((file) => readSpans(resolve(host.cwd, file))));
  if (format === "json") host.writeOut(`${JSON.stringify(found)}\n`);
  else if (found.lanes.length === 0) host.writeOut("No run is in these spans.\n");
  else write("Real runs", spanSections(found), format, host);
  return exitCodes.held;
}

async function profileSimulated(given: string, flags: ProfileFlags, format: Format, host: Host): Promise<number> {
  const runs = readInteger("--runs", flags.runs ?? "20", { min: 1, max: 10_000 });
  const firstSeed = readInteger("--seed", flags.seed ?? "0", { min: 0, max: Number.MAX_SAFE_INTEGER - 10_000 });
  const strategy = readStrategy(flags.strategy ?? "first-due");
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const name = findScenario(catalogue, given);
  const mutant = flags.mutant === undefined ? undefined : findMutant(catalogue, flags.mutant).id;
  const epic = flags.epic === undefined ? undefined : readEpic(flags.epic, host.cwd);
  const scenario = buildScenario(catalogue, name, { mutant, epic }, flags.epic);
  const found = await profileScenario(scenario, { strategy, firstSeed, runs });
  if (format === "json") host.writeOut(`${JSON.stringify(found)}\n`);
  else {
    const { real, ops, virtualMs, wallMs, failed } = found;
    const heading =
      `${name}: ${runs} runs by ${strategy}, ${ops} operations, ${(virtualMs / 1000).toFixed(0)} s of virtual time in ` +
      `${(wallMs / 1000).toFixed(2)} s${failed === 0 ? "" : `; ${failed} did not hold`}`;
    write(heading, [...spanSections(found), engineSection(real.shares, real.usPerOp)], format, host);
  }
  return exitCodes.held;
}

type Format = "table" | "markdown" | "json";

function readFormat({ format = "table", json }: ProfileFlags): Format {
  if (json === true) return "json";
  if (format === "table" || format === "markdown") return format;
  throw wrongValue("--format", format, "no such format", "use table or markdown, or --json");
}

function write(heading: string, sections: readonly Section[], format: Format, host: Host): void {
  host.writeOut(format === "markdown" ? markdown(heading, sections) : `${heading}\n\n${plainText(sections)}`);
}

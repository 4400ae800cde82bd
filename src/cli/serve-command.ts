import { resolve } from "node:path";
import { writeFileAtomically } from "./atomic-file.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { readInteger, wrongValue } from "./option-values.ts";
import { dryRun } from "./serve/dry-run.ts";
import type { Environment } from "./serve/environment.ts";
import { readServeConfig } from "./serve/read-config.ts";
import { editorSchema } from "./serve/serve-config.ts";
import { runService } from "./serve/service.ts";
import { UsageError } from "./usage-error.ts";

type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** `stormlane serve`: the orchestrator core on a real board, until it is interrupted. @returns the exit code */
export async function serve(flags: Flags, host: Host, environment: Environment = process.env): Promise<number> {
  if (flags["printSchema"] !== undefined) return writeSchema(flags["printSchema"], host);
  const read = await readServeConfig({
    cwd: host.cwd,
    file: flags["config"] as string | undefined,
    environment,
    flags: settingsOf(flags),
  });
  if (read.kind === "wrong") {
    for (const { what, why, fix } of read.mistakes) host.writeError(`stormlane: ${what}: ${why}; ${fix}\n`);
    return exitCodes.usage;
  }
  const { config } = read;
  if (flags["dryRun"] === true) return dryRun(config, host, { path: environment["PATH"] ?? "" });
  return runService(config, host);
}

function writeSchema(flag: string | boolean, host: Host): number {
  const path = resolve(host.cwd, typeof flag === "string" ? flag : "stormlane.config.schema.json");
  try {
    writeFileAtomically(path, `${JSON.stringify(editorSchema(), undefined, 2)}\n`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({ what: path, why: `cannot be written (${code})`, fix: "name a place that can" });
  }
  host.writeOut(`${path}\nName it in stormlane.config.json as "$schema".\n`);
  return exitCodes.held;
}

/** What flags say, in the config file's paths. */
function settingsOf(flags: Flags): Readonly<Record<string, string | number>> {
  const settings: Record<string, string | number> = {};
  const pollers = flags["pollers"];
  if (typeof pollers === "string") settings["pollers"] = readInteger("--pollers", pollers, { min: 0, max: 64 });
  for (const name of ["webhook", "health"]) {
    const text = flags[name];
    if (typeof text === "string") settings[`${name}.port`] = readPort(`--${name}`, text);
  }
  const format = flags["logFormat"];
  if (typeof format === "string") {
    if (!["auto", "json", "human"].includes(format)) {
      throw wrongValue("--log-format", format, "no such format", "use auto, json or human");
    }
    settings["log.format"] = format;
  }
  return settings;
}

function readPort(option: string, text: string): number | "off" {
  return text === "off" ? text : readInteger(option, text, { min: 0, max: 65_535 });
}

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { JournalFile } from "../journal-file.ts";
import { ownHome } from "./environment.ts";
import { headerOf } from "./executable-journal.ts";
import {
  settingsFormat,
  settingsPath,
  type InstalledScenario,
  type InstalledSettings,
  type ProgramName,
} from "./settings.ts";

export interface Installation {
  /** Absolute. */
  readonly folder: string;
  readonly programs: readonly ProgramName[];
  readonly scenario: InstalledScenario | null;
  readonly seed: number;
  readonly speed: number;
  /** Absolute; null for none. */
  readonly journal: string | null;
  /** Of stormlane. */
  readonly version: string;
  /** An address that each start asks for leave, with POST `{ program, pid }`; it begins when it is answered. */
  readonly gate?: string;
}

/** A file of that name is there, and was not written by this command. */
export class ForeignFile extends Error {
  override readonly name = "ForeignFile";
  readonly path: string;

  constructor(path: string) {
    super(`${path} was not written by this command`);
    this.path = path;
  }
}

/**
 * Writes executables into a folder for PATH. All that was counted before is forgotten.
 *
 * @returns their paths
 * @throws ForeignFile and nothing is written
 * @throws NodeJS.ErrnoException when the folder cannot be written to
 */
export function installExecutables(installation: Installation): readonly string[] {
  const { folder, programs, journal, version, scenario, seed, speed, gate } = installation;
  const paths = programs.map((name) => join(folder, name));
  for (const path of paths) if (existsSync(path) && !isOurs(path)) throw new ForeignFile(path);
  mkdirSync(ownHome(folder), { recursive: true });
  const state = journal === null ? join(dirname(settingsPath(folder)), "state") : `${journal}.state`;
  const settings: InstalledSettings = {
    ...{ format: settingsFormat, version, scenario, seed, speed, journal, state },
    ...(gate === undefined ? {} : { gate }),
  };
  rmSync(state, { recursive: true, force: true });
  // It begins when the executables are installed, or earlier, with served fakes that write to it as well.
  if (journal !== null && !existsSync(journal)) JournalFile.create(journal, headerOf(settings)).close();
  writeFileSync(settingsPath(folder), `${JSON.stringify(settings, null, 2)}\n`);
  for (const [index, name] of programs.entries()) {
    writeFileSync(paths[index]!, executableText(name, folder));
    chmodSync(paths[index]!, 0o755);
  }
  return paths;
}

/**
 * Names this Node by its path: who spawns it may have replaced the environment, PATH included. The text is a script both
 * as a module and as none, since its name has no extension to tell by. Compiled code is kept where Node keeps it, in the
 * machine's temporary folder: without it a start takes three times as long.
 */
function executableText(name: ProgramName, folder: string): string {
  const entry = new URL(`run-executable${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
  const { execPath } = process;
  const isPlain = /^[^\s']+$/.test(execPath) && execPath.length <= shebangBytesMax;
  const start = isPlain
    ? `#!${execPath}\n`
    : `#!/bin/sh\n":" //; exec '${execPath.replaceAll("'", `'\\''`)}' "$0" "$@"\n`;
  return `${start}${mark}
process.removeAllListeners("warning");
process.getBuiltinModule("node:module").enableCompileCache?.();
import(${JSON.stringify(entry.href)}).then(
  ({ runExecutable }) => runExecutable(${JSON.stringify(name)}, ${JSON.stringify(resolve(folder))}),
  (error) => {
    process.stderr.write(\`stormlane: ${name}: \${error.message}; install the executables again\\n\`);
    process.exit(70);
  },
);
`;
}

function isOurs(path: string): boolean {
  return readFileSync(path, "utf8").includes(`\n${mark}\n`);
}

const mark = "// Written by stormlane fakes install.";
/** The kernel cuts off longer ones. */
const shebangBytesMax = 250;

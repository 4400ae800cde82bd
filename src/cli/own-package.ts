import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { assert } from "../base/assert.ts";
import type { Host } from "./host.ts";
import { isSystemUrl } from "./system/system-url.ts";

/** The version of this package. */
export function ownVersion(): string {
  const root = packageAbove(dirname(fileURLToPath(import.meta.url)));
  return root?.version ?? "unknown";
}

/** The manifest of this package. */
export function ownManifest(): {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
} {
  const root = packageAbove(dirname(fileURLToPath(import.meta.url)));
  assert(root !== undefined, "this package has a manifest");
  const { version = "0.0.0", devDependencies = {} } = readManifest(join(root.folder, "package.json"));
  return { version, devDependencies };
}

/** Where a printed command is called, and what it is about. */
export type CommandPlace = Pick<Host, "cwd"> & Partial<Pick<Host, "catalogueUrl">>;

/** A command that works where it is printed: in the clone of this project, or in a user's; of a system, with `--system`. */
export function replayCommand(place: CommandPlace, target: string, isFile: boolean): string {
  const { program, pathOf } = programAt(place.cwd);
  return [program, "replay", ...[isFile ? pathOf(target) : target, ...systemArguments(place)].map(quoted)].join(" ");
}

/** What tells a printed command which system it is about; nothing where none was named. */
export function systemArguments({ cwd, catalogueUrl }: CommandPlace): string[] {
  if (catalogueUrl === undefined || !isSystemUrl(catalogueUrl)) return [];
  return ["--system", programAt(cwd).pathOf(fileURLToPath(catalogueUrl))];
}

/** The same for a counterexample of real processes. */
export function liveReplayCommand(cwd: string, configFile: string, reproFile: string): string {
  const { program, pathOf } = programAt(cwd);
  return `${program} live --config ${quoted(pathOf(configFile))} --replay ${quoted(pathOf(reproFile))}`;
}

/** Any command line of this program, as it works where it is printed. */
export function commandLine(cwd: string, args: readonly string[]): string {
  return [programAt(cwd).program, ...args.map(quoted)].join(" ");
}

function programAt(cwd: string): { readonly program: string; readonly pathOf: (file: string) => string } {
  const root = packageAbove(cwd);
  const inClone = root?.name === "stormlane" && existsSync(join(root.folder, "src/cli/bin.ts"));
  // npm runs scripts in the root of the package, wherever it was called.
  const base = inClone ? root.folder : cwd;
  return {
    program: inClone ? "npm run stormlane --" : "npx stormlane",
    pathOf: (file) => relative(base, resolve(cwd, file)),
  };
}

/** For a shell, only where needed. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

interface PackageRoot {
  readonly folder: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function packageAbove(start: string): PackageRoot | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file)) {
      const { name, version } = readManifest(file);
      return { folder, name, version };
    }
    if (folder === dirname(folder)) return undefined;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(file: string): Manifest {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? {}) as Manifest;
  } catch {
    // Somebody else's damaged manifest is no reason not to print a command.
    return {};
  }
}

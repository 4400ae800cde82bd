import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonValue } from "../../src/base/json.ts";
import { inTextOrder } from "./end-state.ts";
import { runningPrograms } from "./left-programs.ts";

/** All absolute; the others are in the first one. */
export interface LiveFolders {
  readonly folder: string;
  readonly stateFolder: string;
  readonly projectsFolder: string;
}

/** What is held or left over, each in one sentence: leases, runs that failed, programs, locks, temporary files. */
export function whatIsHeld({ folder, stateFolder, projectsFolder }: LiveFolders): readonly string[] {
  const names = namesBelow(stateFolder);
  return [
    ...unreleased(names),
    ...names.filter((name) => /\.tmp$|\.scratch-/.test(name)).map((name) => `${name} is left over`),
    ...names.filter((name) => /^runs\/.*\.json$/.test(name)).flatMap((name) => failedRun(stateFolder, name)),
    ...names.filter((name) => name.endsWith("/children")).flatMap((name) => livingChildren(stateFolder, name)),
    ...namesBelow(projectsFolder)
      .filter((name) => /\.(tmp|lock)$|\.tmp[.-]/.test(name))
      .map((name) => `${name} is left over`),
    ...runningPrograms(folder).map(({ pid, command }) => `program ${pid} runs: ${command.slice(0, 200)}`),
  ];
}

function unreleased(names: readonly string[]): readonly string[] {
  const all = new Set(names);
  return (
    names
      .filter((name) => name.endsWith(".claim") && !all.has(name.replace(/claim$/, "released")))
      // A lease that was taken over was never given back; whoever holds the latest one answers for it.
      .filter(
        (name) => !names.some((other) => other > name && other.startsWith(folderOf(name)) && other.endsWith(".claim")),
      )
      .map((name) => `lease ${name} was not given back`)
  );
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

/** One that is open is over as well: people saw its card complete, and moved it on before the process had noted it. */
function failedRun(stateFolder: string, name: string): readonly string[] {
  const text = textOfFile(join(stateFolder, name));
  if (text === undefined) return [];
  const record = JSON.parse(text) as JsonValue;
  return isJsonObject(record) && record["status"] !== "failed" ? [] : [`run ${name} failed`];
}

/** Those that were started and not seen to end. */
function livingChildren(stateFolder: string, name: string): readonly string[] {
  const living = new Set<string>();
  for (const line of (textOfFile(join(stateFolder, name)) ?? "").split("\n")) {
    if (line.startsWith("+")) living.add(line.slice(1));
    if (line.startsWith("-")) living.delete(line.slice(1));
  }
  return [...living].map((pid) => `${name} has program ${pid}, which nobody saw end`);
}

/** Whoever tidies up may have removed it meanwhile. */
function textOfFile(path: string): string | undefined {
  return unlessGone(() => readFileSync(path, "utf8"));
}

function namesBelow(folder: string, below = ""): readonly string[] {
  const entries = unlessGone(() => readdirSync(join(folder, below), { withFileTypes: true })) ?? [];
  return entries
    .flatMap((entry) => {
      const name = join(below, entry.name);
      return entry.isDirectory() ? [name, ...namesBelow(folder, name)] : [name];
    })
    .toSorted(inTextOrder);
}

function unlessGone<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

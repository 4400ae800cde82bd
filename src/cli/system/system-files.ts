import { dirname, join } from "node:path";
import { UnmodifiedSystem } from "../../inprocess/in-process.ts";
import { compileMistake } from "./compile-mistake.ts";
import { readSystemConfig } from "./system-config.ts";

/** What the runs of a system depend on beside this package. */
export interface SystemFiles {
  /** Absolute: what names of files are relative to. */
  readonly root: string;
  /** Absolute, in a fixed order. */
  readonly files: readonly string[];
}

/** @param path of what `--system` names; @throws UsageError for files that do not compile */
export function systemFiles(path: string): SystemFiles {
  const config = readSystemConfig(path);
  const system = new UnmodifiedSystem(path);
  try {
    for (const { entry } of Object.values(config.processes)) system.main(entry);
  } catch (error) {
    throw compileMistake(path, error);
  }
  const root = dirname(path);
  const laid = Object.keys(config.files).map((file) => join(root, file));
  return { root, files: [path, ...laid, ...system.files.filter((file) => file !== path)] };
}

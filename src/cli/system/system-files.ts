import { dirname, join } from "node:path";
import { UnmodifiedSystem } from "../../inprocess/in-process.ts";
import { readSystemConfig } from "./system-config.ts";

/** What the runs of a system depend on beside this package. */
export interface SystemFiles {
  /** Absolute: what names of files are relative to. */
  readonly root: string;
  /** Absolute, in a fixed order. */
  readonly files: readonly string[];
}

/** @param path of what `--system` names, which was loaded before */
export function systemFiles(path: string): SystemFiles {
  const config = readSystemConfig(path);
  const system = new UnmodifiedSystem(path);
  for (const { entry } of Object.values(config.processes)) system.main(entry);
  const root = dirname(path);
  const laid = Object.keys(config.files).map((file) => join(root, file));
  return { root, files: [path, ...laid, ...system.files.filter((file) => file !== path)] };
}

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "./usage-error.ts";

/** Writes a file whole or not at all: whoever reads it meanwhile finds the old one. */
export function writeFileAtomically(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a folder for reports and proves that files can be written there. */
export function prepareFolder(option: string, folder: string): void {
  const probe = join(folder, `.probe.${process.pid}.tmp`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError({
      what: `${option} ${folder}`,
      why: `cannot be written to (${code})`,
      fix: `name a folder that can, with ${option}`,
    });
  }
}

/** One level at a time: `recursive` never comes back from a place like `/proc`, where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Several that start side by side make it at the same moment. If it is no folder, writing into it says so.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

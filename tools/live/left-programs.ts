import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout } from "node:timers/promises";

/** A process that works in the folder, or was started from it. */
export interface RunningProgram {
  readonly pid: number;
  /** As `codex`. */
  readonly name: string;
  readonly command: string;
}

/**
 * Programs outlive whoever started them, so they are looked for on the machine itself. Without the services, which are
 * known. Empty where there is no `/proc`.
 */
export function runningPrograms(folder: string): readonly RunningProgram[] {
  return processesIn(folder).filter(({ command }) => !/ serve --config \S+$/.test(command));
}

/** Programs may have started others while they were looked for: until none is left, for a second at most. */
export async function endProcesses(folder: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const left = processesIn(folder);
    if (left.length === 0) return;
    for (const { pid } of left) endProgram(pid);
    await setTimeout(50);
  }
}

/** The services too. */
export function processesIn(folder: string): readonly RunningProgram[] {
  const isOurs = (text: string): boolean => text === folder || text.includes(`${folder}/`);
  return numbersIn("/proc").flatMap((pid) => {
    if (pid === process.pid) return [];
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const command = words.join(" ").trim();
      if (!isOurs(command) && !isOurs(readlinkSync(`/proc/${pid}/cwd`))) return [];
      // A script comes after its interpreter.
      const file = words.slice(0, 2).find((word) => word.startsWith(folder)) ?? words[0] ?? "";
      return [{ pid, name: basename(file), command }];
    } catch {
      // Gone meanwhile, or somebody else's.
      return [];
    }
  });
}

function endProgram(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone meanwhile.
  }
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

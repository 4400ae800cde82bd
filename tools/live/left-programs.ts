import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

/** A program that works in the folder, or was started from it. */
export interface LeftProgram {
  readonly pid: number;
  readonly command: string;
}

/**
 * Programs outlive whoever started them, so what is left is looked for on the machine itself. Empty where there is no
 * `/proc`.
 */
export function leftPrograms(folder: string): readonly LeftProgram[] {
  const isOurs = (text: string): boolean => text === folder || text.includes(`${folder}/`);
  return numbersIn("/proc").flatMap((pid) => {
    if (pid === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return isOurs(command) || isOurs(readlinkSync(`/proc/${pid}/cwd`)) ? [{ pid, command }] : [];
    } catch {
      // Gone meanwhile, or somebody else's.
      return [];
    }
  });
}

/** Programs may have started others while they were looked for: until none is left, for a second at most. */
export async function endLeftPrograms(folder: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const left = leftPrograms(folder);
    if (left.length === 0) return;
    for (const { pid } of left) endProgram(pid);
    await setTimeout(50);
  }
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

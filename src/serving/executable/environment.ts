import { userInfo } from "node:os";
import { join } from "node:path";

/** Set for a child that a program left behind. */
export const leftBehind = "STORMLANE_LEFT_BEHIND";

/**
 * What a program sees of this process's environment. The user's own home becomes one beside the executables: fakes keep
 * settings and sessions in forms of their own, which must not get among the real ones. A home that somebody gave stays.
 *
 * @param folder where the executables are
 */
export function programEnvironment(folder: string): Readonly<Record<string, string>> {
  const { [leftBehind]: _, ...env } = process.env;
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(given), ...(isOwnHome(env["HOME"]) ? { HOME: ownHome(folder) } : {}) };
}

/** Below the folder of the executables. */
export function ownHome(folder: string): string {
  return join(folder, ".stormlane", "home");
}

/** Without the variable, programs ask the system for the user's own. */
function isOwnHome(home: string | undefined): boolean {
  if (home === undefined) return true;
  try {
    return home === userInfo().homedir;
  } catch {
    // A user without an entry in the system's list has no home to protect.
    return false;
  }
}

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What Node keeps of programs that ask for it, as the command line does: a cache, and no test's doing. */
const compileCache = "node-compile-cache";

/**
 * For this run, the system's temporary folder is one of its own, also for the processes that tests start.
 *
 * @returns what ends that. It removes all that is left in the folder, and says what that was: nothing may be
 */
export function enterTemporaryRoot(): () => string | undefined {
  const { TMPDIR: before } = process.env;
  const root = mkdtempSync(join(tmpdir(), "stormlane-tests-"));
  process.env["TMPDIR"] = root;
  return () => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    const left = readdirSync(root).filter((name) => name !== compileCache);
    // A child that is just being killed may still write.
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    return left.length === 0 ? undefined : leftBehind(left.toSorted());
  };
}

function leftBehind(names: readonly string[]): string {
  return (
    `tests left something behind in the temporary folder: ${names.join(", ")}\n` +
    "  why: what every run leaves fills the disk of whoever runs the tests often\n" +
    "  fix: find the test by the beginning of the name, and remove it when the test has finished"
  );
}

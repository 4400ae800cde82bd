import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What Node keeps of programs that ask for it, as the command line does: a cache, and no test's doing. */
const compileCache = "node-compile-cache";

const prefix = "stormlane-tests-";
const dayMs = 24 * 60 * 60 * 1000;

/**
 * For this run, the system's temporary folder is one of its own, also for the processes that tests start.
 *
 * @returns what ends that. It removes all that is left in the folder, and says what that was: nothing may be
 */
export function enterTemporaryRoot(): () => string | undefined {
  const { TMPDIR: before } = process.env;
  removeAbandoned(tmpdir());
  const root = mkdtempSync(join(tmpdir(), prefix));
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

/** Folders of runs that were killed, and so removed nothing. No run takes a day. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.startsWith(prefix))) {
    const path = join(folder, name);
    // Another run may be removing it as well; and some belong to somebody else.
    const stats = statSync(path, { throwIfNoEntry: false });
    const isAbandoned = stats !== undefined && stats.uid === process.getuid?.() && Date.now() - stats.mtimeMs > dayMs;
    if (isAbandoned) rmSync(path, { recursive: true, force: true });
  }
}

function leftBehind(names: readonly string[]): string {
  return (
    `tests left something behind in the temporary folder: ${names.join(", ")}\n` +
    "  why: what every run leaves fills the disk of whoever runs the tests often\n" +
    "  fix: find the test by the beginning of the name, and remove it when the test has finished"
  );
}

import type { Run } from "../../runs/run.ts";
import { tryLater } from "../../runs/run-stop.ts";
import { describeEnd, runForCard } from "../programs.ts";
import { syncRepository } from "./sync-repository.ts";
import type { WorkTree } from "./work-tree.ts";

export const defaultBranch = "main";
const environment = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };

/**
 * Hooks, and programs that the settings may name, are files of the workspace: what the tested code writes there must not
 * run. Objects are synced, so that a commit that was reported is not lost with the host.
 */
const ownSettings: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "commit.gpgSign=false",
  "core.fsync=all",
];

export interface GitOutcome {
  readonly ok: boolean;
  /** Exit code 128: what was asked for is not there, or worse. */
  readonly absent: boolean;
  readonly stdout: string;
  readonly reason: string;
}

/** Asks whether something exists. Git says no with 128; any other failure is no answer. */
export async function probe(run: Run, tree: WorkTree, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await git(run, tree, args);
  if (!outcome.ok && !outcome.absent) tryLater(outcome.reason);
  // Git also says 128 when it finds no repository: that is no answer about what was asked.
  if (!outcome.ok && !(await tree.isWhole())) tryLater(`the work tree ${tree.label} was changed`);
  return outcome;
}

export async function must(run: Run, tree: WorkTree, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await git(run, tree, args);
  if (!outcome.ok) tryLater(outcome.reason);
  return outcome;
}

/** Runs git; what a crash of the host damaged is made again once on the way. */
export async function git(run: Run, tree: WorkTree, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await runGit(run, tree, args);
  if (outcome.ok || !(await repair(run, tree, outcome.reason))) return outcome;
  return runGit(run, tree, args);
}

/**
 * After a crash of the host git may find its index or its settings cut short. Both can be made again from what is
 * committed: no work is in them. A story's work tree that is damaged in any other way is made anew, see `story-tree.ts`.
 *
 * @returns whether something was done
 */
export async function repair(run: Run, tree: WorkTree, reason: string): Promise<boolean> {
  const isMain = tree.gitFolder === tree.commonFolder;
  const damaged = reason.includes("index file") ? [`${tree.gitFolder}/index`] : [];
  if (reason.includes("bad config")) damaged.push(`${tree.commonFolder}/config`);
  if (isMain && reason.includes("not a git repository"))
    damaged.push(`${tree.gitFolder}/HEAD`, `${tree.gitFolder}/config`);
  const foldersMissing = reason.includes("/.git/") && reason.includes("No such file or directory");
  if (damaged.length === 0 && !foldersMissing) return false;
  const names = damaged.map((path) => path.slice(path.lastIndexOf("/") + 1));
  for (const [index, path] of damaged.entries()) {
    run.lease.require(run.limits.diskMarginMs);
    await run.ports.files.remove(path, { key: `${tree.label}/.git/${names[index]!}` });
  }
  run.ports.log.event("git.repaired", { card: run.reference, workspace: tree.label, damaged: names });
  if (foldersMissing || names.includes("config")) {
    const main = { ...tree, root: tree.commonFolder.slice(0, -"/.git".length) };
    await runGit(run, main, ["init", "-q", "-b", defaultBranch]);
  }
  await runGit(run, tree, ["reset", "-q"]);
  await syncRepository(run, tree, []);
  return true;
}

async function runGit(run: Run, tree: WorkTree, args: readonly string[]): Promise<GitOutcome> {
  const { name, email } = run.config.committer;
  const settings = [`user.name=${name}`, `user.email=${email}`, ...ownSettings].flatMap((setting) => ["-c", setting]);
  const outcome = await runForCard(run, {
    name: `git.${args[0]}`,
    command: "git",
    args: [...settings, ...args],
    cwd: tree.root,
    env: environment,
    timeLimitMs: run.limits.gitMsMax,
  });
  const { end } = outcome;
  if (end.kind !== "code") tryLater(`git ${args[0]}: ${describeEnd(end)}`);
  const text = outcome.stderr.replace(/\s+/g, " ").trim().slice(0, 300);
  return {
    ok: end.code === 0,
    absent: end.code === 128,
    stdout: outcome.stdout,
    reason: `git ${args[0]}: ${describeEnd(end)} ${text}`,
  };
}

/** Words of people as one argument: no line breaks or other control characters, and not without end. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, 500);
}

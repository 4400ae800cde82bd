import { checkStaged, readStatus, type ChangedPath, type StagedCheck } from "../decide/staged.ts";
import type { Run } from "../runs/run.ts";
import { fail, tryLater } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { describeEnd, runForCard } from "./programs.ts";

const defaultBranch = "main";
/** Ours alone: nothing of the workspace's administration or of Python's caches is ever shown or staged. */
const excluded = ".agentleeops/\n__pycache__/\n.pytest_cache/\n";
const environment = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };

/**
 * Hooks are files of the workspace: what the tested code writes there must not run. Objects are synced, so that a
 * commit that was reported is not lost with the host.
 */
const ownSettings: readonly string[] = ["core.hooksPath=/dev/null", "core.fsync=all"];

interface GitOutcome {
  readonly ok: boolean;
  /** Exit code 128: what was asked for is not there, or worse. */
  readonly absent: boolean;
  readonly stdout: string;
  readonly reason: string;
}

/**
 * Works in the workspace's repository, which has a first commit, so that branches have a start. A lock that some git
 * left behind is removed before and after.
 */
export async function withRepository<Value>(
  run: Run,
  workspace: Workspace,
  work: () => Promise<Value>,
): Promise<Value> {
  await ensureRepository(run, workspace);
  const value = await work();
  await removeStaleLock(run, workspace);
  return value;
}

async function ensureRepository(run: Run, workspace: Workspace): Promise<void> {
  const call = { key: `${workspace.dirname}/.git` };
  const head = await run.ports.files.readText(`${workspace.root}/.git/HEAD`, call);
  if (head.kind !== "ok" && head.error.code !== "ENOENT") {
    tryLater(`could not look for the repository: ${head.error.code}`);
  }
  if (head.kind === "ok" && isWholeHead(head.value)) await removeStaleLock(run, workspace);
  else await initialise(run, workspace, head.kind === "ok");
  if (await hasCommit(run, workspace)) return;
  run.lease.require(run.limits.diskMarginMs);
  await run.ports.files.makeFolder(`${workspace.root}/.git/info`, call);
  const written = await run.ports.files.write(`${workspace.root}/.git/info/exclude`, excluded, call);
  if (written.kind !== "ok") tryLater(`could not set up the repository: ${written.error.code}`);
  // Before the commit too: git syncs the commit, but a folder that was lost takes its files along.
  await syncRepository(run, workspace, []);
  await must(run, workspace, ["commit", "-q", "--allow-empty", "-m", `[${oneLine(run.scope)}] Start`]);
  await syncRepository(run, workspace, []);
}

/** Cut short by a crash of the host, it may name another branch, or none. Git ends it with a line break. */
function isWholeHead(head: string): boolean {
  return /^(?:ref: refs\/heads\/.*[^/\n]|[0-9a-f]{40,64})\n$/.test(head);
}

/** What is committed stays: only where it goes on is said anew. */
async function initialise(run: Run, workspace: Workspace, damaged: boolean): Promise<void> {
  if (damaged) {
    run.lease.require(run.limits.diskMarginMs);
    const call = { key: `${workspace.dirname}/.git/HEAD` };
    const removed = await run.ports.files.remove(`${workspace.root}/.git/HEAD`, call);
    if (removed.kind !== "ok") tryLater(`could not mend the repository: ${removed.error.code}`);
    run.ports.log.event("git.repaired", { card: run.reference, workspace: workspace.dirname, damaged: ["HEAD"] });
  }
  await must(run, workspace, ["init", "-q", "-b", defaultBranch]);
}

async function hasCommit(run: Run, workspace: Workspace): Promise<boolean> {
  const head = await probe(run, workspace, ["rev-parse", "--verify", "HEAD"]);
  // A HEAD that lost its content may resolve to nothing at all.
  if (!head.ok || /^[0-9a-f]{40,64}\s*$/.test(head.stdout)) return head.ok;
  await repair(run, workspace, "not a git repository");
  return (await probe(run, workspace, ["rev-parse", "--verify", "HEAD"])).ok;
}

/**
 * Git syncs what it commits, but neither its own settings nor the folders that it makes: a crash of the host could take
 * a branch away together with the folder it is in.
 */
async function syncRepository(run: Run, workspace: Workspace, branchFolders: readonly string[]): Promise<void> {
  for (const path of ["/.git/config", "/.git/HEAD", ...branchFolders, "/.git/refs/heads", "/.git/refs", "/.git", ""]) {
    const synced = await run.ports.files.sync(`${workspace.root}${path}`, { key: `${workspace.dirname}${path}` });
    if (synced.kind !== "ok" && synced.error.code !== "ENOENT")
      tryLater(`could not sync the repository: ${synced.error.code}`);
  }
}

/** Under the lease, and after every child of an earlier owner was ended, nobody can be holding it. */
async function removeStaleLock(run: Run, workspace: Workspace): Promise<void> {
  const path = `${workspace.root}/.git/index.lock`;
  const call = { key: `${workspace.dirname}/.git/index.lock` };
  const stat = await run.ports.files.stat(path, call);
  if (stat.kind !== "ok") return;
  run.lease.require(run.limits.diskMarginMs);
  const removed = await run.ports.files.remove(path, call);
  if (removed.kind !== "ok" && removed.error.code !== "ENOENT")
    tryLater(`could not remove a lock: ${removed.error.code}`);
  run.ports.log.event("git.unlocked", { card: run.reference, workspace: workspace.dirname });
}

/** Goes to the story's branch; makes it from the default branch when it is new. */
export async function ensureBranch(run: Run, workspace: Workspace, branch: string): Promise<void> {
  const current = await must(run, workspace, ["rev-parse", "--abbrev-ref", "HEAD"]);
  if (current.stdout.trim() === branch) return;
  const exists = await probe(run, workspace, ["rev-parse", "--verify", `refs/heads/${branch}`]);
  const args = exists.ok
    ? ["checkout", "-q", branch]
    : ["checkout", "-q", "-b", branch, await startPoint(run, workspace)];
  if ((await git(run, workspace, args)).ok) return;
  await clearSources(run, workspace);
  await must(run, workspace, args);
}

async function startPoint(run: Run, workspace: Workspace): Promise<string> {
  for (const name of [defaultBranch, "master"]) {
    if ((await probe(run, workspace, ["rev-parse", "--verify", `refs/heads/${name}`])).ok) return name;
  }
  return "HEAD";
}

/**
 * Sources that a cut-off run left uncommitted stand in the way of another branch. They are kept in that run's record,
 * which writes them again. Nothing outside `src/` is touched.
 */
async function clearSources(run: Run, workspace: Workspace): Promise<void> {
  await must(run, workspace, ["reset", "-q"]);
  for (const { code, path } of await status(run, workspace)) {
    if (!path.startsWith("src/")) {
      if (code === "??") continue;
      fail(
        "the branch cannot be changed",
        `${path} has changes that were not committed`,
        "Commit or discard them, then move the card back into this lane.",
      );
    }
    if (code !== "??") await must(run, workspace, ["checkout", "-q", "--", path]);
    else
      await run.ports.files.remove(`${workspace.root}/${path}`, {
        key: `${workspace.dirname}/${path}`,
        recursive: true,
      });
  }
}

async function status(run: Run, workspace: Workspace): Promise<readonly ChangedPath[]> {
  return readStatus((await must(run, workspace, ["status", "--porcelain", "-z"])).stdout);
}

/** Commits exactly one path. `false` when it stands in the branch already as it is. */
export async function commitPath(run: Run, workspace: Workspace, path: string, message: string): Promise<boolean> {
  await must(run, workspace, ["add", "--", path]);
  let staged = await stagedPaths(run, workspace, path);
  if (typeof staged === "object") {
    await must(run, workspace, ["reset", "-q"]);
    await must(run, workspace, ["add", "--", path]);
    staged = await stagedPaths(run, workspace, path);
  }
  if (typeof staged === "object") {
    fail(
      "nothing was committed",
      `${staged.others.join(", ")} would be in the commit too`,
      "Clean the index of the workspace, then move the card back into this lane.",
    );
  }
  if (staged === "nothing") {
    const present = await probe(run, workspace, ["cat-file", "-e", `HEAD:${path}`]);
    if (!present.ok) tryLater(`${path} is neither staged nor committed`);
    // It may be the commit of an attempt that was cut off before it synced.
    if (run.resumed) await syncRepository(run, workspace, ["/.git/refs/heads/feat"]);
    return false;
  }
  await must(run, workspace, ["commit", "-q", "-m", oneLine(message)]);
  await syncRepository(run, workspace, ["/.git/refs/heads/feat"]);
  return true;
}

async function stagedPaths(run: Run, workspace: Workspace, path: string): Promise<StagedCheck> {
  const { stdout } = await must(run, workspace, ["diff", "--cached", "--name-only", "--no-renames", "-z"]);
  return checkStaged(stdout, path);
}

export async function isCommitted(run: Run, workspace: Workspace, path: string): Promise<boolean> {
  return (await probe(run, workspace, ["cat-file", "-e", `HEAD:${path}`])).ok;
}

/** The file as the branch has it, whatever stands on disk or in the index. @returns whether it was different */
export async function restoreCommitted(run: Run, workspace: Workspace, path: string): Promise<boolean> {
  if ((await status(run, workspace)).every((entry) => entry.path !== path)) return false;
  await must(run, workspace, ["checkout", "-q", "HEAD", "--", path]);
  run.ports.log.event("git.restored", { card: run.reference, workspace: workspace.dirname, path });
  return true;
}

/** Asks whether something exists. Git says no with 128; any other failure is no answer. */
async function probe(run: Run, workspace: Workspace, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await git(run, workspace, args);
  if (!outcome.ok && !outcome.absent) tryLater(outcome.reason);
  return outcome;
}

async function must(run: Run, workspace: Workspace, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await git(run, workspace, args);
  if (!outcome.ok) tryLater(outcome.reason);
  return outcome;
}

async function git(run: Run, workspace: Workspace, args: readonly string[]): Promise<GitOutcome> {
  const outcome = await runGit(run, workspace, args);
  if (outcome.ok || !(await repair(run, workspace, outcome.reason))) return outcome;
  return runGit(run, workspace, args);
}

/**
 * After a crash of the host git may find its index or its settings cut short. Both can be made again from what is
 * committed: no work is in them. @returns whether something was done
 */
async function repair(run: Run, workspace: Workspace, reason: string): Promise<boolean> {
  const damaged = reason.includes("index file") ? ["index"] : [];
  if (reason.includes("bad config")) damaged.push("config");
  if (reason.includes("not a git repository")) damaged.push("HEAD", "config");
  const foldersMissing = reason.includes("/.git/") && reason.includes("No such file or directory");
  if (damaged.length === 0 && !foldersMissing) return false;
  for (const name of damaged) {
    run.lease.require(run.limits.diskMarginMs);
    await run.ports.files.remove(`${workspace.root}/.git/${name}`, { key: `${workspace.dirname}/.git/${name}` });
  }
  run.ports.log.event("git.repaired", { card: run.reference, workspace: workspace.dirname, damaged });
  if (foldersMissing || damaged.includes("config")) await runGit(run, workspace, ["init", "-q", "-b", defaultBranch]);
  await runGit(run, workspace, ["reset", "-q"]);
  await syncRepository(run, workspace, []);
  return true;
}

async function runGit(run: Run, workspace: Workspace, args: readonly string[]): Promise<GitOutcome> {
  const { name, email } = run.config.committer;
  const settings = [`user.name=${name}`, `user.email=${email}`, ...ownSettings].flatMap((setting) => ["-c", setting]);
  const outcome = await runForCard(run, {
    name: `git.${args[0]}`,
    command: "git",
    args: [...settings, ...args],
    cwd: workspace.root,
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
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, 500);
}

import { posix } from "node:path";
import { fatal } from "./failure.ts";
import type { ObjectId } from "./object.ts";
import { Repository } from "./repository.ts";
import type { RepositoryPlace } from "./repository.ts";
import type { Session } from "./session.ts";

/** One of the work trees of a repository. */
export interface Worktree extends RepositoryPlace {
  readonly isMain: boolean;
  /** undefined when its HEAD is detached. */
  readonly branch: string | undefined;
  readonly head: ObjectId | undefined;
  /** The reason, which may be empty; undefined when it is not locked. */
  readonly lockReason: string | undefined;
  /** Why `git worktree prune` would remove it; undefined when it would not. */
  readonly prunable: string | undefined;
}

/** The main one first, then the linked ones by path. Those that do not tell where they are, are passed over. */
export function listWorktrees(session: Session): readonly Worktree[] {
  const { commonFolder } = session.repository;
  const main = { root: posix.dirname(commonFolder), gitFolder: commonFolder, commonFolder };
  const linked = linkedNames(session).flatMap((name) => {
    const gitFolder = posix.join(commonFolder, "worktrees", name);
    const target = readLine(session, posix.join(gitFolder, "gitdir")) ?? "";
    if (target === "") return [];
    return describe(session, { root: posix.dirname(posix.resolve(gitFolder, target)), gitFolder, commonFolder });
  });
  return [describe(session, main), ...linked.toSorted((a, b) => (a.root < b.root ? -1 : 1))];
}

/** What `git worktree prune` would remove, by folder. */
export function prunableFolders(session: Session): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const { gitFolder, prunable } of listWorktrees(session)) {
    if (prunable !== undefined) folders.set(gitFolder, prunable);
  }
  for (const name of linkedNames(session)) {
    const gitFolder = posix.join(session.repository.commonFolder, "worktrees", name);
    const target = readLine(session, posix.join(gitFolder, "gitdir"));
    if ((target ?? "") !== "" || readLine(session, posix.join(gitFolder, "locked")) !== undefined) continue;
    folders.set(gitFolder, target === undefined ? "gitdir file does not exist" : "invalid gitdir file");
  }
  return folders;
}

/** The names of the folders in which linked work trees keep what is theirs alone. */
export function linkedNames(session: Session): readonly string[] {
  const folder = posix.join(session.repository.commonFolder, "worktrees");
  if (session.files.stat(folder) === null) return [];
  return session.files.list(folder).map((entry) => entry.name);
}

/** Where a branch is checked out. `exceptHere` passes over the work tree the command runs in. */
export function worktreeOfBranch(
  session: Session,
  branch: string,
  options: { readonly exceptHere: boolean },
): Worktree | undefined {
  const { gitFolder } = session.repository;
  return listWorktrees(session).find(
    (worktree) => worktree.branch === branch && !(options.exceptHere && worktree.gitFolder === gitFolder),
  );
}

/** A branch may be checked out once. */
export function refuseSecondCheckout(
  session: Session,
  branch: string,
  options: { readonly exceptHere: boolean },
): void {
  const other = worktreeOfBranch(session, branch, options);
  if (other !== undefined) fatal(`'${branch}' is already checked out at '${other.root}'`);
}

function describe(session: Session, place: RepositoryPlace): Worktree {
  const repository = new Repository(place, session.files, { durable: false });
  const isMain = place.gitFolder === place.commonFolder;
  const lockReason = isMain ? undefined : readLine(session, posix.join(place.gitFolder, "locked"));
  return {
    ...place,
    isMain,
    branch: repository.headBranch(),
    head: repository.headCommitId(),
    lockReason,
    prunable: isMain || lockReason !== undefined ? undefined : pruneReason(session, place),
  };
}

function pruneReason(session: Session, place: RepositoryPlace): string | undefined {
  const exists = session.files.stat(posix.join(place.root, ".git")) !== null;
  return exists ? undefined : "gitdir file points to non-existent location";
}

function readLine(session: Session, path: string): string | undefined {
  return session.files.stat(path)?.kind === "file" ? session.files.readText(path).trimEnd() : undefined;
}

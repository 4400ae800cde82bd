import type { Commit, ObjectId } from "./object.ts";
import type { Repository } from "./repository.ts";

export interface HistoryOptions {
  /** What can be reached from these is left out. */
  readonly without?: readonly ObjectId[];
  /** Default all. */
  readonly parentsOf?: (id: ObjectId, commit: Commit) => readonly ObjectId[];
}

/**
 * All commits that can be reached, each once: the latest first, of two made in one second the one that was met first,
 * as `git log` lists them.
 */
export function* history(
  repository: Repository,
  tips: readonly ObjectId[],
  options: HistoryOptions = {},
): Generator<ObjectId> {
  const seen = new Set(options.without === undefined ? [] : history(repository, options.without));
  const queue: { readonly id: ObjectId; readonly commit: Commit }[] = [];
  const meet = (id: ObjectId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const commit = repository.readCommit(id);
    const later = queue.findIndex((other) => other.commit.committer.atSeconds < commit.committer.atSeconds);
    queue.splice(later === -1 ? queue.length : later, 0, { id, commit });
  };
  for (const tip of tips) meet(tip);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    yield next.id;
    for (const parent of options.parentsOf?.(next.id, next.commit) ?? next.commit.parents) meet(parent);
  }
}

export function isAncestor(repository: Repository, id: ObjectId, tip: ObjectId): boolean {
  for (const other of history(repository, [tip])) if (other === id) return true;
  return false;
}

/** The best common ancestors: those that no other common ancestor can reach. More than one after criss-cross merges. */
export function mergeBases(repository: Repository, left: ObjectId, right: ObjectId): readonly ObjectId[] {
  const reachable = new Set(history(repository, [left]));
  const common = [...history(repository, [right])].filter((id) => reachable.has(id));
  const covered = new Set<ObjectId>();
  for (const id of common) {
    if (covered.has(id)) continue;
    for (const other of history(repository, repository.readCommit(id).parents)) covered.add(other);
  }
  return common.filter((id) => !covered.has(id));
}

import { fatal } from "./failure.ts";
import type { ObjectId, TreeEntry } from "./object.ts";
import type { Repository } from "./repository.ts";

/**
 * The commit that a name stands for: HEAD, `@`, a branch, `refs/heads/…`, an id or the start of one, each with
 * `~n`, `^`, `^{commit}` behind it. undefined when there is none.
 */
export function resolveCommit(repository: Repository, name: string): ObjectId | undefined {
  const match = /^(.*?)((?:\^\{commit\}|~\d*|\^)*)$/.exec(name);
  const base = match?.[1] ?? name;
  let id = resolveName(repository, base);
  for (const [step] of (match?.[2] ?? "").matchAll(/\^\{commit\}|~\d*|\^/g)) {
    if (step === "^{commit}") continue;
    const generations = step === "^" || step === "~" ? 1 : Number(step.slice(1));
    for (let count = 0; count < generations && id !== undefined; count++) id = repository.readCommit(id).parents[0];
  }
  return id;
}

export function requireCommit(repository: Repository, name: string): ObjectId {
  const id = resolveCommit(repository, name);
  if (id !== undefined) return id;
  return fatal(
    `ambiguous argument '${name}': unknown revision or path not in the working tree.\n` +
      "Use '--' to separate paths from revisions, like this:\n" +
      "'git <command> [<revision>...] -- [<file>...]'",
  );
}

/** What `<revision>:<path>`, or `:<path>` for the index, names. */
export function resolvePath(repository: Repository, name: string): TreeEntry | undefined {
  const colon = name.indexOf(":");
  const path = name.slice(colon + 1);
  if (colon === 0) return repository.readIndex().get(path);
  return repository.readCommit(requireCommit(repository, name.slice(0, colon))).tree.get(path);
}

/** From `tip` back to the first commit, newest first. History is linear: merges are not modelled. */
export function* ancestry(repository: Repository, tip: ObjectId): Generator<ObjectId> {
  for (let id: ObjectId | undefined = tip; id !== undefined; id = repository.readCommit(id).parents[0]) yield id;
}

export function abbreviated(id: ObjectId): string {
  return id.slice(0, ABBREVIATION_DIGITS);
}

const ABBREVIATION_DIGITS = 7;

function resolveName(repository: Repository, name: string): ObjectId | undefined {
  if (name === "HEAD" || name === "@") return repository.headCommitId();
  const branch = name.replace(/^(refs\/)?heads\//, "");
  const id = isBranchName(branch) ? repository.branchCommitId(branch) : undefined;
  if (id !== undefined) return id;
  if (/^[0-9a-f]{40}$/.test(name)) return repository.hasCommit(name) ? (name as ObjectId) : undefined;
  if (!/^[0-9a-f]{4,39}$/.test(name)) return undefined;
  const { commits } = repository.objectsWith(name);
  return commits.length === 1 ? commits[0] : undefined;
}

/** The rules of `git check-ref-format` that a branch name can break. */
export function isBranchName(name: string): boolean {
  return (
    name !== "" &&
    name !== "@" &&
    !name.startsWith("-") &&
    !name.endsWith("/") &&
    !name.endsWith(".") &&
    !/\.\.|@\{|\/\/|[\u0000-\u0020\u007f~^:?*[\\]/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

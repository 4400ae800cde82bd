import { fatal } from "./failure.ts";
import type { ObjectId, TreeEntry } from "./object.ts";
import type { Repository } from "./repository.ts";

/**
 * The commit that a name stands for: HEAD, `@`, a branch, a tag, `refs/…`, an id or the start of one, each with `~n`,
 * `^n`, `^{commit}` or `^{}` behind it. undefined when there is none.
 */
export function resolveCommit(repository: Repository, name: string): ObjectId | undefined {
  const [base, steps] = splitRevision(name);
  let id = peeled(repository, resolveName(repository, base));
  for (const step of steps) {
    if (id === undefined) return undefined;
    if (step.startsWith("^{")) continue;
    const number = step.length === 1 ? 1 : Number(step.slice(1));
    if (step.startsWith("^")) id = number === 0 ? id : repository.readCommit(id).parents[number - 1];
    else for (let count = 0; count < number && id !== undefined; count++) id = repository.readCommit(id).parents[0];
  }
  return id;
}

/** As `resolveCommit`, but an annotated tag stands for itself. */
export function resolveObject(repository: Repository, name: string): ObjectId | undefined {
  const [base, steps] = splitRevision(name);
  return steps.length === 0 ? resolveName(repository, base) : resolveCommit(repository, name);
}

export function requireCommit(repository: Repository, name: string): ObjectId {
  const id = resolveCommit(repository, name);
  return id ?? refuseRevision(name);
}

export function refuseRevision(name: string): never {
  return fatal(
    `ambiguous argument '${name}': unknown revision or path not in the working tree.\n` +
      "Use '--' to separate paths from revisions, like this:\n" +
      "'git <command> [<revision>...] -- [<file>...]'",
  );
}

/** What `<revision>:<path>`, or `:<path>` for the index, names. */
export function resolvePath(repository: Repository, name: string): TreeEntry | undefined {
  const [revision, path] = splitPath(name);
  if (revision === "") return repository.readIndex().get(path);
  const id = resolveCommit(repository, revision);
  if (id === undefined) fatal(`invalid object name '${revision}'.`);
  return repository.readCommit(id).tree.get(path);
}

/** Of `<revision>:<path>` that names nothing. */
export function refuseMissingPath(name: string, onDisk: boolean): never {
  const [revision, path] = splitPath(name);
  if (revision === "") {
    fatal(
      `path '${path}' ${onDisk ? "exists on disk, but not in the index" : "does not exist (neither on disk nor in the index)"}`,
    );
  }
  return fatal(
    `path '${path}' ${onDisk ? `exists on disk, but not in '${revision}'` : `does not exist in '${revision}'`}`,
  );
}

function splitPath(name: string): readonly [revision: string, path: string] {
  const colon = name.indexOf(":");
  return [name.slice(0, colon), name.slice(colon + 1)];
}

export function abbreviated(id: ObjectId): string {
  return id.slice(0, ABBREVIATION_DIGITS);
}

const ABBREVIATION_DIGITS = 7;

function splitRevision(name: string): readonly [base: string, steps: readonly string[]] {
  const tail = /(?:\^\{(?:commit)?\}|~\d*|\^\d*)*$/.exec(name)!;
  return [name.slice(0, tail.index), tail[0].match(/\^\{(?:commit)?\}|~\d*|\^\d*/g) ?? []];
}

function peeled(repository: Repository, id: ObjectId | undefined): ObjectId | undefined {
  return id === undefined ? undefined : (repository.readTag(id)?.commit ?? id);
}

function resolveName(repository: Repository, name: string): ObjectId | undefined {
  if (name === "HEAD" || name === "@") return repository.headCommitId();
  for (const folder of ["", "refs/", "refs/tags/", "refs/heads/"]) {
    const reference = `${folder}${name}`;
    if (!reference.startsWith("refs/") || !isReferenceName(reference)) continue;
    const id = repository.referenceId(reference);
    if (id !== undefined) return id;
  }
  const isKnown = (id: string): boolean => repository.hasCommit(id) || repository.readTag(id as ObjectId) !== undefined;
  if (/^[0-9a-f]{40}$/.test(name)) return isKnown(name) ? (name as ObjectId) : undefined;
  if (!/^[0-9a-f]{4,39}$/.test(name)) return undefined;
  const { commits } = repository.objectsWith(name);
  return commits.length === 1 ? commits[0] : undefined;
}

/** Names of branches and tags. Source: `git check-ref-format`. */
export function isBranchName(name: string): boolean {
  return name !== "" && name !== "HEAD" && !name.startsWith("-") && isReferenceName(name);
}

function isReferenceName(name: string): boolean {
  return (
    name !== "@" &&
    !name.endsWith("/") &&
    !name.endsWith(".") &&
    !/\.\.|@\{|\/\/|[\u0000-\u0020\u007f~^:?*[\\]/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}

import { posix } from "node:path";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import type { HostFiles } from "../../../src/ports/program.ts";
import { fatal } from "./failure.ts";
import { blobId, commitId, tagId } from "./object.ts";
import type { AnnotatedTag, Commit, FileMode, ObjectId, Signature, Tree, TreeEntry } from "./object.ts";

/** Where a repository and one of its work trees are. */
export interface RepositoryPlace {
  /** Of the work tree. */
  readonly root: string;
  /** What belongs to this work tree alone: `.git`, or `.git/worktrees/<name>` of a linked one. */
  readonly gitFolder: string;
  /** What all work trees share: the `.git` of the main one. */
  readonly commonFolder: string;
}

/**
 * One repository on the simulated disk, seen from one of its work trees. Layout below `.git`, in a format of our own:
 *
 *     HEAD                 `ref: refs/heads/<branch>` or an object id, and a newline
 *     DETACHED_FROM        what a checkout without a branch named, and the id
 *     index                JSON: {"entries": [[path, id, mode], ...]}, by path
 *     index.lock           the index that is about to replace `index`
 *     refs/heads/<branch>  an object id and a newline; refs/tags/<tag> likewise
 *     objects/<id>         the raw bytes of a blob
 *     commits/<id>         a commit as JSON, with its whole tree
 *     annotations/<id>     an annotated tag as JSON
 *     config               JSON: {"user.name": "..."}
 *     info/exclude         as `.gitignore`
 *     worktrees/<name>     of a linked work tree: the first four above, and `gitdir`, `commondir` and `locked` as real
 *                          git has them
 *
 * As real git by default, nothing here is synced unless `core.fsync` is set to `all` or `committed`.
 */
export class Repository {
  readonly root: string;
  readonly gitFolder: string;
  readonly commonFolder: string;
  private readonly files: HostFiles;
  private readonly durable: boolean;

  constructor(place: RepositoryPlace, files: HostFiles, options: { readonly durable: boolean }) {
    this.root = place.root;
    this.gitFolder = place.gitFolder;
    this.commonFolder = place.commonFolder;
    this.files = files;
    this.durable = options.durable;
  }

  get isLinked(): boolean {
    return this.gitFolder !== this.commonFolder;
  }

  /** The branch that HEAD names, also before its first commit; undefined when detached. */
  headBranch(): string | undefined {
    const head = this.readLine("HEAD");
    if (head === undefined) fatal("not a git repository (or any of the parent directories): .git");
    return head.startsWith(BRANCH_REFERENCE) ? head.slice(BRANCH_REFERENCE.length) : undefined;
  }

  headCommitId(): ObjectId | undefined {
    const branch = this.headBranch();
    return branch === undefined ? (this.readLine("HEAD") as ObjectId) : this.branchCommitId(branch);
  }

  headTree(): Tree {
    const id = this.headCommitId();
    return id === undefined ? new Map() : this.readCommit(id).tree;
  }

  setHeadBranch(branch: string): void {
    this.replace("HEAD", `${BRANCH_REFERENCE}${branch}\n`);
  }

  /** @param from what the user named, as `git branch` shows it as long as it leads there */
  setHeadDetached(id: ObjectId, from?: string): void {
    if (from !== undefined) this.files.write(this.path(DETACHED_FROM), `${from}\n${id}\n`);
    this.replace("HEAD", `${id}\n`);
  }

  /** What HEAD was detached at. undefined in a work tree that was made so. */
  detachedFrom(): { readonly name: string; readonly id: ObjectId } | undefined {
    const [name, id] = this.readOptional(DETACHED_FROM)?.split("\n") ?? [];
    return name === undefined || id === undefined ? undefined : { name, id: id as ObjectId };
  }

  branchCommitId(branch: string): ObjectId | undefined {
    return this.referenceId(`refs/heads/${branch}`);
  }

  /** @param reference as `refs/heads/main` */
  referenceId(reference: string): ObjectId | undefined {
    const line = this.readLine(reference);
    if (line === undefined) return undefined;
    if (!OBJECT_ID.test(line)) fatal(`bad object ${reference}`);
    return line as ObjectId;
  }

  setBranch(branch: string, id: ObjectId): void {
    this.setReference(`refs/heads/${branch}`, id);
  }

  /** Fails when another reference stands in the way, as `feat` does for `feat/x`. */
  setReference(reference: string, id: ObjectId): void {
    for (let parent = posix.dirname(reference); parent !== "refs"; parent = posix.dirname(parent)) {
      if (this.kindOf(parent) === "file") {
        fatal(`cannot lock ref '${reference}': '${parent}' exists; cannot create '${reference}'`);
      }
    }
    if (this.kindOf(reference) === "folder") {
      const below = this.references(reference)[0];
      if (below !== undefined) {
        const inTheWay = `${reference}/${below}`;
        fatal(`cannot lock ref '${reference}': '${inTheWay}' exists; cannot create '${reference}'`);
      }
      this.files.remove(this.path(reference), { recursive: true });
    }
    this.files.makeFolder(posix.dirname(this.path(reference)));
    this.replace(reference, `${id}\n`);
  }

  removeReference(reference: string): void {
    this.files.remove(this.path(reference));
  }

  branches(): string[] {
    return this.references("refs/heads");
  }

  tags(): string[] {
    return this.references("refs/tags");
  }

  readIndex(): Map<string, TreeEntry> {
    const text = this.readOptional("index");
    if (text === undefined) return new Map();
    const value = parseJson(text);
    const entries = isJsonObject(value) ? value["entries"] : undefined;
    if (!Array.isArray(entries)) fatal("index file corrupt");
    return treeOf(entries as EncodedTree);
  }

  /** The text that `index.lock` holds until it is renamed to `index`. */
  static encodeIndex(index: Tree): string {
    return JSON.stringify({ entries: encodeTree(index) });
  }

  writeBlob(content: Uint8Array): ObjectId {
    const id = blobId(content);
    this.writeObject(`objects/${id}`, content);
    return id;
  }

  readBlob(id: ObjectId): Uint8Array {
    if (!this.hasBlob(id)) fatal(`unable to read ${id}`);
    return this.files.readBytes(this.path(`objects/${id}`));
  }

  hasBlob(id: string): boolean {
    return this.kindOf(`objects/${id}`) !== undefined;
  }

  writeCommit(commit: Commit): ObjectId {
    const id = commitId(commit);
    const stored: StoredCommit = { ...commit, tree: encodeTree(commit.tree) };
    this.writeObject(`commits/${id}`, JSON.stringify(stored));
    return id;
  }

  readCommit(id: ObjectId): Commit {
    const text = this.readOptional(`commits/${id}`);
    if (text === undefined) fatal(`bad object ${id}`);
    const stored = parseJson(text);
    if (!isJsonObject(stored)) fatal(`loose object ${id} (stored in .git/objects) is corrupt`);
    const commit = stored as unknown as StoredCommit;
    return { ...commit, tree: treeOf(commit.tree) };
  }

  hasCommit(id: string): boolean {
    return this.kindOf(`commits/${id}`) !== undefined;
  }

  writeTag(tag: AnnotatedTag): ObjectId {
    const id = tagId(tag);
    this.files.makeFolder(this.path("annotations"));
    this.writeObject(`annotations/${id}`, JSON.stringify(tag));
    return id;
  }

  /** undefined when the id is not that of an annotated tag. */
  readTag(id: ObjectId): AnnotatedTag | undefined {
    const text = this.readOptional(`annotations/${id}`);
    return text === undefined ? undefined : (parseJson(text) as AnnotatedTag | undefined);
  }

  /** All objects whose id starts so. */
  objectsWith(prefix: string): { readonly commits: readonly ObjectId[]; readonly blobs: readonly ObjectId[] } {
    const matching = (folder: string): ObjectId[] =>
      this.files
        .list(this.path(folder))
        .map((entry) => entry.name as ObjectId)
        .filter((name) => name.startsWith(prefix));
    return { commits: matching("commits"), blobs: matching("objects") };
  }

  /** @param file below the git folder @returns undefined when absent */
  readOptional(file: string): string | undefined {
    return this.kindOf(file) === "file" ? this.files.readText(this.path(file)) : undefined;
  }

  /** Replaces a file by way of a lock file, so that no reader sees half of it. */
  replace(file: string, content: string): void {
    const lock = this.path(`${file}.lock`);
    this.files.write(lock, content);
    if (this.durable) this.files.sync(lock);
    this.files.rename(lock, this.path(file));
    if (this.durable) this.files.sync(posix.dirname(this.path(file)));
  }

  path(file: string): string {
    const own = file === "HEAD" || file === DETACHED_FROM || file.startsWith("HEAD.") || file.startsWith("index");
    return `${own ? this.gitFolder : this.commonFolder}/${file}`;
  }

  /** Names below a folder of references, in code-unit order. */
  private references(folder: string): string[] {
    const found: string[] = [];
    const visit = (prefix: string): void => {
      const path = this.path(posix.join(folder, prefix));
      for (const entry of this.files.stat(path) === null ? [] : this.files.list(path)) {
        const name = posix.join(prefix, entry.name);
        if (entry.kind === "folder") visit(name);
        else if (!name.endsWith(".lock")) found.push(name);
      }
    };
    visit("");
    return found.toSorted();
  }

  /** By way of a file of another name: a disk that takes no more leaves no half of an object under its id. */
  private writeObject(file: string, content: string | Uint8Array): void {
    const path = this.path(file);
    if (this.files.stat(path) !== null) return;
    const folder = posix.dirname(path);
    const temporaryPath = `${folder}/tmp_obj_${posix.basename(path)}`;
    this.files.write(temporaryPath, content);
    if (this.durable) this.files.sync(temporaryPath);
    this.files.rename(temporaryPath, path);
    if (this.durable) this.files.sync(folder);
  }

  private readLine(file: string): string | undefined {
    return this.readOptional(file)?.trimEnd();
  }

  private kindOf(file: string): "file" | "folder" | "link" | undefined {
    return this.files.stat(this.path(file))?.kind;
  }
}

/** At the closest folder at or above `folder` that holds a usable `.git`. A half-made one without HEAD does not count. */
export function findRepository(folder: string, files: HostFiles): RepositoryPlace | undefined {
  for (let root = folder; ; root = posix.dirname(root)) {
    const path = posix.join(root, ".git");
    if (files.stat(path)?.kind === "file") return linkedPlace(root, files);
    if (files.stat(posix.join(path, "HEAD")) !== null) return { root, gitFolder: path, commonFolder: path };
    if (root === "/") return undefined;
  }
}

/** Whether a work tree has its root here. */
export function holdsRepository(folder: string, files: HostFiles): boolean {
  const path = posix.join(folder, ".git");
  const kind = files.stat(path)?.kind;
  const gitFolder = kind === "file" ? gitFileTarget(folder, files) : path;
  return kind !== undefined && gitFolder !== undefined && files.stat(posix.join(gitFolder, "HEAD")) !== null;
}

export function mainPlace(root: string): RepositoryPlace {
  const gitFolder = posix.join(root, ".git");
  return { root, gitFolder, commonFolder: gitFolder };
}

function linkedPlace(root: string, files: HostFiles): RepositoryPlace {
  const path = posix.join(root, ".git");
  const gitFolder = gitFileTarget(root, files);
  if (gitFolder === undefined) fatal(`invalid gitfile format: ${path}`);
  if (files.stat(posix.join(gitFolder, "HEAD")) === null) fatal(`not a git repository: ${gitFolder}`);
  const common = posix.join(gitFolder, "commondir");
  const commonFolder =
    files.stat(common) === null ? gitFolder : posix.resolve(gitFolder, files.readText(common).trim());
  return { root, gitFolder, commonFolder };
}

/** Where the `.git` of a linked work tree leads. */
function gitFileTarget(root: string, files: HostFiles): string | undefined {
  const given = /^gitdir: (.+?)\n*$/.exec(files.readText(posix.join(root, ".git")))?.[1];
  return given === undefined ? undefined : posix.resolve(root, given);
}

type EncodedTree = readonly (readonly [path: string, id: string, mode: string])[];

interface StoredCommit {
  readonly tree: EncodedTree;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const DETACHED_FROM = "DETACHED_FROM";
const BRANCH_REFERENCE = "ref: refs/heads/";
const OBJECT_ID = /^[0-9a-f]{40}$/;

function encodeTree(tree: Tree): EncodedTree {
  return [...tree].map(([path, entry]) => [path, entry.id, entry.mode] as const);
}

function treeOf(encoded: EncodedTree): Map<string, TreeEntry> {
  return new Map(encoded.map(([path, id, mode]) => [path, { id: id as ObjectId, mode: mode as FileMode }]));
}

/** A crash of the host can leave any prefix of a file. */
function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

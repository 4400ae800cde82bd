import { posix } from "node:path";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import type { HostFiles } from "../../../src/ports/program.ts";
import { fatal } from "./failure.ts";
import { blobId, commitId } from "./object.ts";
import type { Commit, FileMode, ObjectId, Signature, Tree, TreeEntry } from "./object.ts";

/**
 * One repository on the simulated disk. Layout below `<root>/.git`, in a format of our own:
 *
 *     HEAD                 `ref: refs/heads/<branch>` or an object id, and a newline
 *     refs/heads/<branch>  an object id and a newline
 *     objects/<id>         the raw bytes of a blob
 *     commits/<id>         a commit as JSON, with its whole tree
 *     index                JSON: {"entries": [[path, id, mode], ...]}, by path
 *     index.lock           the index that is about to replace `index`
 *     config               JSON: {"user.name": "..."}
 *     info/exclude         as `.gitignore`
 *
 * As real git by default, nothing here is synced unless `core.fsync` is set to `all` or `committed`.
 */
export class Repository {
  readonly root: string;
  readonly gitFolder: string;
  private readonly files: HostFiles;
  private readonly durable: boolean;

  constructor(root: string, files: HostFiles, options: { readonly durable: boolean }) {
    this.root = root;
    this.gitFolder = posix.join(root, ".git");
    this.files = files;
    this.durable = options.durable;
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

  setHeadDetached(id: ObjectId): void {
    this.replace("HEAD", `${id}\n`);
  }

  branchCommitId(branch: string): ObjectId | undefined {
    const line = this.readLine(`refs/heads/${branch}`);
    if (line === undefined) return undefined;
    if (!OBJECT_ID.test(line)) fatal(`bad object refs/heads/${branch}`);
    return line as ObjectId;
  }

  /** Fails when another branch stands in the way, as `feat` does for `feat/x`. */
  setBranch(branch: string, id: ObjectId): void {
    const reference = `refs/heads/${branch}`;
    for (let parent = posix.dirname(branch); parent !== "."; parent = posix.dirname(parent)) {
      if (this.kindOf(`refs/heads/${parent}`) === "file") {
        fatal(`cannot lock ref '${reference}': 'refs/heads/${parent}' exists; cannot create '${reference}'`);
      }
    }
    if (this.kindOf(reference) === "folder") {
      if (this.branches(branch).length > 0)
        fatal(`cannot lock ref '${reference}': there are refs below '${reference}'`);
      this.files.remove(this.path(reference), { recursive: true });
    }
    this.files.makeFolder(posix.dirname(this.path(reference)));
    this.replace(reference, `${id}\n`);
  }

  removeBranch(branch: string): void {
    this.files.remove(this.path(`refs/heads/${branch}`));
  }

  /** Names in code-unit order; with `below` those under that folder alone. */
  branches(below = ""): string[] {
    const found: string[] = [];
    const visit = (prefix: string): void => {
      for (const entry of this.files.list(this.path(posix.join("refs/heads", prefix)))) {
        const name = posix.join(prefix, entry.name);
        if (entry.kind === "folder") visit(name);
        else if (!name.endsWith(".lock")) found.push(name);
      }
    };
    visit(below);
    return found.toSorted();
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
    return `${this.gitFolder}/${file}`;
  }

  private writeObject(file: string, content: string | Uint8Array): void {
    const path = this.path(file);
    if (this.files.stat(path) !== null) return;
    this.files.write(path, content);
    if (!this.durable) return;
    this.files.sync(path);
    this.files.sync(posix.dirname(path));
  }

  private readLine(file: string): string | undefined {
    return this.readOptional(file)?.trimEnd();
  }

  private kindOf(file: string): "file" | "folder" | "link" | undefined {
    return this.files.stat(this.path(file))?.kind;
  }
}

/** The closest folder at or above `folder` that holds a usable `.git`. A half-made one without HEAD does not count. */
export function findRepositoryRoot(folder: string, files: HostFiles): string | undefined {
  for (let root = folder; ; root = posix.dirname(root)) {
    if (files.stat(posix.join(root, ".git/HEAD")) !== null) return root;
    if (root === "/") return undefined;
  }
}

type EncodedTree = readonly (readonly [path: string, id: string, mode: string])[];

interface StoredCommit {
  readonly tree: EncodedTree;
  readonly parents: readonly ObjectId[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

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

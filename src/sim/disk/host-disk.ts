import { assert } from "../../base/assert.ts";
import type { DiskChange } from "../../history/changes.ts";
import type { EntryKind, FolderEntry } from "../../ports/files.ts";
import type { HostFiles } from "../../ports/program.ts";
import type { DiskErrorCode } from "../../ports/result.ts";
import { Content } from "./content.ts";
import { differences, type Difference } from "./differences.ts";
import { HostFileError } from "./host-file-error.ts";
import { NameJournal } from "./name-journal.ts";
import { attach, detach, FileNode, FolderNode, isWithin, LinkNode, pathOf, walkTree, type Node } from "./node.ts";
import { nodeAt, Paths, type LastPart, type Resolved } from "./resolve.ts";

/** What stands on a disk before anything runs, all of it synced. Missing parents are made. Shared between runs. */
export interface DiskImage {
  readonly folders: readonly string[];
  /** Path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** Path to target. */
  readonly links?: Readonly<Record<string, string>>;
}

export type WriteMode = "replace" | "createNew" | "append";

export interface HostDiskOptions {
  readonly base?: DiskImage;
  /** Content of all files together; names are free. Unlimited when absent. */
  readonly capacityBytes?: number;
}

export type SnapshotEntry =
  | { readonly path: string; readonly kind: "folder" }
  | { readonly path: string; readonly kind: "file"; readonly sizeBytes: number; readonly digest: string }
  | { readonly path: string; readonly kind: "link"; readonly target: string };

/**
 * The disk of one simulated host: one tree that all its processes and programs share, with the rules and error codes of
 * Linux, and what of it survives when the host crashes.
 *
 * It models: links, atomic rename, content and names that are synced apart, torn writes, a full disk.
 * It does not: permissions, owners, times, hard links, open files that outlive their name, limits on names.
 */
export class HostDisk implements HostFiles {
  /** Who acts: set before each call by whoever calls for somebody. Stands in reported changes. */
  actor = "";
  onChange: ((change: DiskChange) => void) | undefined;
  /**
   * Told of everything that a call reads and writes: names with what stands there by their path, what a folder lists by
   * its path and a slash. Not of syncs and crashes, nor of the space that is left.
   */
  onAccess: ((path: string, rw: "r" | "w") => void) | undefined;

  private readonly base: DiskImage | undefined;
  private readonly capacityBytes: number;
  private readonly journal = new NameJournal();
  private readonly root = new FolderNode();
  private readonly paths = new Paths(this.root);
  private loaded = false;
  private usedBytes = 0;
  private full = false;

  constructor(options: HostDiskOptions = {}) {
    this.base = options.base;
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
  }

  /** Somebody else took the rest of the space, or gave it back. */
  setFull(full: boolean): void {
    this.full = full;
  }

  readText(path: string): string {
    return this.file(path).content.text();
  }

  readBytes(path: string): Uint8Array {
    return this.file(path).content.bytes();
  }

  /** A full disk keeps what still fitted, and answers ENOSPC. */
  write(path: string, content: string | Uint8Array, mode: WriteMode = "replace"): void {
    this.writeContent(path, Content.of(content), mode);
  }

  /**
   * A write whose process was killed in the middle: it was begun, so a file that it creates or replaces is there, with
   * the first `keepBytes` bytes of the content.
   */
  tornWrite(path: string, content: string | Uint8Array, mode: WriteMode, keepBytes: number): void {
    this.writeContent(path, Content.of(content).prefix(keepBytes), mode);
  }

  sync(path: string): void {
    const node = this.existing(path, "target");
    if (node.kind === "folder") this.journal.sync(node);
    if (node.kind === "file") node.sync();
  }

  rename(from: string, to: string): void {
    const source = this.resolve(from, "name");
    const target = this.resolve(to, "name");
    const node = nodeAt(source, from);
    const displaced = target.node;
    if (source.name === "" || target.name === "") throw new HostFileError("EINVAL", from);
    const refusal = refusalOfRename(node, target);
    if (refusal !== undefined) throw new HostFileError(refusal, from);
    if (node === displaced) return;
    const fromPath = source.plain ? from : pathOf(node);
    const place = { folder: target.folder, name: target.name };
    const change = { what: "rename", node, from: node.place, to: place, displaced } as const;
    if (displaced !== undefined) this.unlink(displaced);
    this.changesName(node);
    this.takeName(node);
    attach(node, place);
    this.changesName(node);
    const toPath = target.plain ? to : pathOf(node);
    this.journal.record({ ...change, path: toPath });
    this.report(() => ({ store: "disk", type: "file.renamed", from: fromPath, to: toPath, by: this.actor }));
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const found = this.resolve(path, "name");
    // A link to nowhere with a slash behind it is absent rather than no folder.
    if (found.slash) this.existing(path, "entry");
    const node = nodeAt(found, path);
    if (found.name === "") throw new HostFileError("EINVAL", path);
    if (node.kind === "folder") this.onAccess?.(`${pathOf(node)}/`, "r");
    if (node.kind === "folder" && node.nodes.size > 0 && options.recursive !== true) {
      throw new HostFileError("ENOTEMPTY", path);
    }
    const realPath = found.plain ? path : pathOf(node);
    for (const each of node.kind === "folder" ? [...walkTree(node)].toReversed() : [node]) {
      const eachPath = each === node ? realPath : pathOf(each);
      this.journal.record({ what: "removal", path: eachPath, node: each, from: each.place, to: undefined });
      this.unlink(each);
    }
    this.report(() => ({ store: "disk", type: "file.removed", path: realPath, by: this.actor }));
  }

  makeFolder(path: string): void {
    const found = this.resolveMakingParents(path);
    if (found.node === undefined) this.create(new FolderNode(), found, path);
    else if (found.node.kind === "file") throw new HostFileError(found.slash ? "ENOTDIR" : "EEXIST", path);
    else if (this.existing(path, "target").kind !== "folder") throw new HostFileError("EEXIST", path);
  }

  list(path: string): readonly FolderEntry[] {
    const node = this.existing(path, "target");
    if (node.kind !== "folder") throw new HostFileError("ENOTDIR", path);
    this.onAccess?.(`${pathOf(node)}/`, "r");
    return node.entries();
  }

  stat(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | null {
    const found = this.resolveIfThere(path);
    if (found?.node === undefined) return null;
    const node = nodeAt(found, path);
    return { kind: node.kind, sizeBytes: sizeOf(node) };
  }

  realPath(path: string): string {
    return pathOf(this.existing(path, "target"));
  }

  makeLink(target: string, path: string): void {
    const found = this.resolve(path, "name");
    if (target === "") throw new HostFileError("ENOENT", path);
    if (found.node !== undefined) throw new HostFileError("EEXIST", path);
    if (found.slash) throw new HostFileError("ENOENT", path);
    const node = new LinkNode(target);
    this.create(node, found, path);
    this.report(() => ({ store: "disk", type: "link.made", path: pathOf(node), target, by: this.actor }));
  }

  /**
   * The host lost power. What is left is on the disk for good. Differences are reported as changes by `crash`.
   *
   * @param draw a named draw from 0 to `bound - 1`; 0 loses nothing
   */
  crash(draw: (purpose: string, bound: number) => number): void {
    if (!this.loaded) return;
    const before = this.onChange === undefined ? undefined : new Map(this.listing());
    this.paths.forget();
    this.journal.crash(this.root, draw);
    this.usedBytes = 0;
    for (const node of walkTree(this.root)) {
      if (node.kind !== "file") continue;
      node.loseWrites(draw, pathOf(node));
      this.usedBytes += node.content.sizeBytes;
    }
    if (before === undefined) return;
    for (const difference of differences(before, new Map(this.listing()))) {
      this.report(() => changeOf(difference, "crash"));
    }
  }

  /** All that stands on the disk but the root, parents first, in code-unit order of the names. */
  snapshot(): readonly SnapshotEntry[] {
    return Array.from(this.listing(), ([path, held]): SnapshotEntry => {
      if (held === null) return { path, kind: "folder" };
      if (typeof held === "string") return { path, kind: "link", target: held };
      return { path, kind: "file", sizeBytes: held.sizeBytes, digest: held.digest() };
    });
  }

  private writeContent(path: string, content: Content, mode: WriteMode): void {
    const found = this.resolve(path, mode === "createNew" || path.endsWith("/") ? "name" : "target");
    if (found.slash) throw new HostFileError("EISDIR", path);
    if (found.node !== undefined && mode === "createNew") throw new HostFileError("EEXIST", path);
    if (found.node?.kind === "folder") throw new HostFileError("EISDIR", path);
    assert(found.node?.kind !== "link", "links are followed");
    const node = found.node ?? new FileNode(Content.empty());
    if (found.node === undefined) this.create(node, found, path);

    const kept = mode === "append" ? node.content : Content.empty();
    const capacityBytes = this.full ? this.usedBytes : this.capacityBytes;
    const roomBytes = capacityBytes - this.usedBytes + node.content.sizeBytes - kept.sizeBytes;
    const after = kept.followedBy(content.prefix(roomBytes));
    this.usedBytes += after.sizeBytes - node.content.sizeBytes;
    node.write(after, kept.sizeBytes);
    this.onAccess?.(pathOf(node), "w");
    this.report(() => fileWritten(found.plain ? path : pathOf(node), after, this.actor));
    if (content.sizeBytes > roomBytes) throw new HostFileError("ENOSPC", path);
  }

  private create(node: Node, { folder, name, plain }: Resolved, path: string): void {
    const place = { folder, name };
    attach(node, place);
    this.changesName(node);
    this.journal.record({ what: "creation", path: plain ? path : pathOf(node), node, from: undefined, to: place });
  }

  private unlink(node: Node): void {
    if (node.kind === "file") this.usedBytes -= node.content.sizeBytes;
    this.changesName(node);
    this.takeName(node);
  }

  private takeName(node: Node): void {
    if (node.kind === "folder") this.paths.forget();
    detach(node);
  }

  /** A name comes or goes where the node is. */
  private changesName(node: Node): void {
    if (this.onAccess === undefined) return;
    const path = pathOf(node);
    this.onAccess(path, "w");
    this.onAccess(path.slice(0, path.lastIndexOf("/") + 1), "w");
  }

  private file(path: string): FileNode {
    const node = this.existing(path, "target");
    if (node.kind === "folder") throw new HostFileError("EISDIR", path);
    assert(node.kind === "file", "links are followed");
    return node;
  }

  private existing(path: string, last: LastPart): Node {
    return nodeAt(this.resolve(path, last), path);
  }

  private resolve(path: string, last: LastPart): Resolved {
    if (!this.loaded) this.load();
    return this.paths.resolve(path, last, this.onAccess === undefined ? undefined : this.onLookUp);
  }

  private readonly onLookUp = (folder: FolderNode, name: string): void => {
    const path = pathOf(folder);
    this.onAccess!(path === "/" ? `/${name}` : `${path}/${name}`, "r");
  };

  /** Undefined when a folder on the way is missing. */
  private resolveIfThere(path: string): Resolved | undefined {
    try {
      return this.resolve(path, "entry");
    } catch (error) {
      if (error instanceof HostFileError && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  private resolveMakingParents(path: string): Resolved {
    try {
      return this.resolve(path, "name");
    } catch (error) {
      if (!(error instanceof HostFileError) || error.code !== "ENOENT") throw error;
    }
    this.makeFolder(parentOf(path));
    return this.resolve(path, "name");
  }

  /** The image becomes a tree when it is first looked at: many hosts of a campaign never touch their disk. */
  private load(): void {
    this.loaded = true;
    const { folders = [], files = {}, links = {} } = this.base ?? {};
    const known = new Map<string, FolderNode>([["", this.root]]);
    for (const path of folders) this.imageFolder(path, known);
    for (const [path, text] of Object.entries(files)) {
      const content = Content.of(text);
      this.usedBytes += content.sizeBytes;
      this.imageNode(path, new FileNode(content), known);
    }
    for (const [path, target] of Object.entries(links)) this.imageNode(path, new LinkNode(target), known);
  }

  private imageFolder(path: string, known: Map<string, FolderNode>): FolderNode {
    let folder = known.get(path === "/" ? "" : path);
    if (folder === undefined) {
      folder = new FolderNode();
      this.imageNode(path, folder, known);
      known.set(path, folder);
    }
    return folder;
  }

  private imageNode(path: string, node: Node, known: Map<string, FolderNode>): void {
    assert(path.startsWith("/") && !path.endsWith("/"), `not a plain absolute path in a disk image: ${path}`);
    const slashAt = path.lastIndexOf("/");
    const folder = this.imageFolder(path.slice(0, slashAt), known);
    attach(node, { folder, name: path.slice(slashAt + 1) });
    node.keptPlace = node.place;
  }

  /** Path to what is held there: content of a file, target of a link, null for a folder. */
  private *listing(): Generator<[string, Content | string | null]> {
    if (!this.loaded) this.load();
    for (const node of walkTree(this.root)) {
      if (node === this.root) continue;
      yield [pathOf(node), node.kind === "file" ? node.content : node.kind === "link" ? node.target : null];
    }
  }

  private report(change: () => DiskChange): void {
    this.onChange?.(change());
  }
}

/** The digest is taken when somebody reads it: most changes are never looked at. */
function fileWritten(path: string, content: Content, by: string): DiskChange {
  return {
    store: "disk",
    type: "file.written",
    path,
    get digest() {
      return content.digest();
    },
    sizeBytes: content.sizeBytes,
    by,
  };
}

function changeOf({ path, after }: Difference, by: string): DiskChange {
  if (after === undefined) return { store: "disk", type: "file.removed", path, by };
  if (typeof after === "string") return { store: "disk", type: "link.made", path, target: after, by };
  return fileWritten(path, after, by);
}

/** In the order in which Linux finds out. */
function refusalOfRename(node: Node, { folder, node: displaced, slash }: Resolved): DiskErrorCode | undefined {
  if (node.kind !== "folder" && slash) return "ENOTDIR";
  if (node === displaced) return undefined;
  if (node.kind === "folder") {
    if (isWithin(folder, node)) return "EINVAL";
    if (displaced !== undefined && displaced.kind !== "folder") return "ENOTDIR";
  }
  if (displaced?.kind !== "folder") return undefined;
  if (isWithin(node, displaced)) return "ENOTEMPTY";
  if (node.kind !== "folder") return "EISDIR";
  return displaced.nodes.size > 0 ? "ENOTEMPTY" : undefined;
}

function sizeOf(node: Node): number {
  if (node.kind === "link") return Content.of(node.target).sizeBytes;
  return node.kind === "file" ? node.content.sizeBytes : 0;
}

function parentOf(path: string): string {
  const plain = path.replace(/\/+$/, "");
  return plain.slice(0, plain.lastIndexOf("/")) || "/";
}

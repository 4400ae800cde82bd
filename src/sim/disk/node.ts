import { assert } from "../../base/assert.ts";
import type { FolderEntry } from "../../ports/files.ts";
import { Content } from "./content.ts";

/** What a name stands for. A node has at most one name: there are no hard links. */
export type Node = FileNode | FolderNode | LinkNode;

/** Where a node stands in the tree. */
export interface Place {
  readonly folder: FolderNode;
  readonly name: string;
}

abstract class NamedNode {
  /** As processes see it; undefined for the root and for what was removed. */
  place: Place | undefined;
  /** As the host would find it after a crash, but for the name changes that are not synced yet. */
  keptPlace: Place | undefined;
}

/** One write since the last sync, by what the file held once it was done. */
interface Write {
  readonly after: Content;
  /** Bytes that were there before and stay: all of them when it appends, none when it replaces. */
  readonly keptBytes: number;
}

export class FileNode extends NamedNode {
  readonly kind = "file";
  content: Content;
  private synced: Content;
  private unsynced: Write[] = [];

  constructor(content: Content) {
    super();
    this.content = content;
    this.synced = content;
  }

  write(after: Content, keptBytes: number): void {
    this.content = after;
    this.unsynced.push({ after, keptBytes });
    // A file that is never synced must not keep all it ever held. What is forgotten is only a way to lose more.
    if (this.unsynced.length > unsyncedWritesMax) this.unsynced.shift();
  }

  sync(): void {
    this.synced = this.content;
    this.unsynced = [];
  }

  /** What is left after a crash: the synced content and a prefix of the later writes, the last one perhaps in part. */
  loseWrites(draw: (purpose: string, bound: number) => number, path: string): void {
    const count = this.unsynced.length;
    const lost = count === 0 ? 0 : draw(`writes lost of ${path}`, count + 1);
    if (lost > 0) {
      const before = this.unsynced[count - lost - 1]?.after ?? this.synced;
      const torn = this.unsynced[count - lost]!;
      const newBytes = torn.after.sizeBytes - torn.keptBytes;
      const progress = draw(`progress of the torn write of ${path}`, newBytes + 1);
      // 0: not begun. Else it was begun, which cuts a replaced file, and went on for some bytes but not all.
      this.content = progress === 0 ? before : torn.after.prefix(torn.keptBytes + progress - 1);
    }
    this.sync();
  }
}

export class FolderNode extends NamedNode {
  readonly kind = "folder";
  readonly nodes = new Map<string, Node>();
  /** Name changes in this folder that are not synced yet. */
  unsyncedCount = 0;

  /** Kept from the first listing on: the same folders are listed again and again, with a name more or less. */
  private sorted: FolderEntry[] | undefined;
  /** Somebody holds `sorted`: it changes by a copy. */
  private isShared = false;

  add(name: string, node: Node): void {
    assert(!this.nodes.has(name), "a name stands for one node");
    this.nodes.set(name, node);
    if (this.sorted !== undefined) this.own().splice(positionOf(this.sorted, name), 0, { name, kind: node.kind });
  }

  delete(name: string): void {
    const isThere = this.nodes.delete(name);
    assert(isThere, "only a name that is there can go");
    if (this.sorted !== undefined) this.own().splice(positionOf(this.sorted, name), 1);
  }

  /** In code-unit order of the names. */
  entries(): readonly FolderEntry[] {
    if (this.sorted === undefined) {
      const entries = Array.from(this.nodes, ([name, node]): FolderEntry => ({ name, kind: node.kind }));
      this.sorted = entries.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    }
    this.isShared = true;
    return this.sorted;
  }

  private own(): FolderEntry[] {
    assert(this.sorted !== undefined, "there is a listing to change");
    if (this.isShared) this.sorted = [...this.sorted];
    this.isShared = false;
    return this.sorted;
  }
}

/** Where a name stands, or would. */
function positionOf(sorted: readonly FolderEntry[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]!.name < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class LinkNode extends NamedNode {
  readonly kind = "link";
  readonly target: string;

  constructor(target: string) {
    super();
    this.target = target;
  }
}

export function attach(node: Node, place: Place): void {
  assert(node.place === undefined, "a node has one name");
  place.folder.add(place.name, node);
  node.place = place;
}

export function detach(node: Node): void {
  assert(node.place !== undefined, "only what has a name can lose it");
  node.place.folder.delete(node.place.name);
  node.place = undefined;
}

export function pathOf(node: Node): string {
  let path = "";
  for (let place = node.place; place !== undefined; place = place.folder.place) path = `/${place.name}${path}`;
  return path === "" ? "/" : path;
}

/** Whether `node` is `folder` or stands somewhere below it. */
export function isWithin(node: Node, folder: FolderNode): boolean {
  for (let each: Node | undefined = node; each !== undefined; each = each.place?.folder) {
    if (each === folder) return true;
  }
  return false;
}

/** A node and all below it, parents first, in code-unit order of the names. */
export function* walkTree(node: Node): Generator<Node> {
  yield node;
  if (node.kind !== "folder") return;
  for (const { name } of node.entries()) yield* walkTree(node.nodes.get(name)!);
}

const unsyncedWritesMax = 64;

import { assert } from "../../base/assert.ts";
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

  /** In code-unit order of the names. */
  entries(): [string, Node][] {
    return [...this.nodes].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }
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
  assert(!place.folder.nodes.has(place.name), "a name stands for one node");
  place.folder.nodes.set(place.name, node);
  node.place = place;
}

export function detach(node: Node): void {
  assert(node.place !== undefined, "only what has a name can lose it");
  node.place.folder.nodes.delete(node.place.name);
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
  for (const [, child] of node.entries()) yield* walkTree(child);
}

const unsyncedWritesMax = 64;

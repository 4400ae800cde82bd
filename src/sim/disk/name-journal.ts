import { attach, detach, isWithin, walkTree, type FolderNode, type Node, type Place } from "./node.ts";

/** A change of names, as one atomic step. */
export interface NameChange {
  readonly what: "creation" | "rename" | "removal";
  /** Of what was created or removed; the new path of what was renamed. Names the draw that decides a crash. */
  readonly path: string;
  readonly node: Node;
  /** Undefined for a creation. */
  readonly from: Place | undefined;
  /** Undefined for a removal. */
  readonly to: Place | undefined;
  /** What stood at `to`, and lost its name in the same step. */
  readonly displaced?: Node | undefined;
}

/**
 * The name changes of a disk that a crash of the host may still undo, oldest first. Each is kept or lost on its own,
 * and none is ever half done.
 */
export class NameJournal {
  private readonly changes: NameChange[] = [];

  record(change: NameChange): void {
    this.changes.push(change);
    for (const folder of touched(change)) folder.unsyncedCount++;
  }

  /**
   * Makes all changes of names in a folder survive, with those that they stand on: earlier changes of each other folder
   * they touch, and the way to a folder that something was moved into. What stays in the journal touches none of these
   * folders, so the two parts can be told apart whatever their order was.
   */
  sync(folder: FolderNode): void {
    if (folder.unsyncedCount === 0) return;
    const folders = new Set([folder]);
    const ways = new Set<Node>();
    const synced: NameChange[] = [];
    const { changes } = this;
    // What stays moves up to the end of the journal, in its order; the room before it goes.
    let firstLeft = changes.length;
    for (let index = changes.length - 1; index >= 0; index--) {
      const change = changes[index]!;
      const leadsTo = ways.has(change.node) && change.to !== undefined;
      if (!leadsTo && !touchesOne(change, folders)) {
        changes[--firstLeft] = change;
        continue;
      }
      synced.push(change);
      for (const each of touched(change)) folders.add(each);
      if (change.to !== undefined && (leadsTo || isMove(change))) ways.add(change.to.folder);
    }
    changes.splice(0, firstLeft);
    for (let index = synced.length - 1; index >= 0; index--) keep(synced[index]!);
  }

  /**
   * The names as a host finds them after a crash: those that were synced, and each later change unless the draw loses
   * it. A change that has lost what it stands on is lost with it. Whatever processes could see by a synced name before
   * the crash is still there afterwards, under one name.
   *
   * @param draw 0 keeps a change, 1 loses it
   */
  crash(root: FolderNode, draw: (purpose: string, bound: number) => number): void {
    const seen = new Set<Node>(walkTree(root));
    const nodes = new Set(seen);
    for (const { node, displaced } of this.changes) {
      nodes.add(node);
      if (displaced !== undefined) nodes.add(displaced);
    }
    returnToKept(nodes);
    const counts = new Map<string, number>();
    for (const change of this.changes) {
      const purpose = `${change.what} of ${change.path} lost`;
      const count = (counts.get(purpose) ?? 0) + 1;
      counts.set(purpose, count);
      if (draw(count === 1 ? purpose : `${purpose} ${count}`, 2) === 0) redo(change, root, seen);
    }
    this.changes.length = 0;
    for (const node of nodes) node.keptPlace = undefined;
    for (const node of walkTree(root)) {
      node.keptPlace = node.place;
      if (node.kind === "folder") node.unsyncedCount = 0;
    }
  }
}

function keep(change: NameChange): void {
  change.node.keptPlace = change.to;
  for (const folder of touched(change)) folder.unsyncedCount--;
}

/** The folders whose sync decides on this change, each once; a folder that disappears counts, for what left it before. */
function touched({ node, from, to, displaced }: NameChange): readonly FolderNode[] {
  const folders: FolderNode[] = [];
  if (to !== undefined) folders.push(to.folder);
  if (from !== undefined && from.folder !== to?.folder) folders.push(from.folder);
  if (displaced?.kind === "folder") folders.push(displaced);
  if (to === undefined && node.kind === "folder") folders.push(node);
  return folders;
}

/** Whether one of the folders is among those that decide on this change: `touched`, without a list of them. */
function touchesOne({ node, from, to, displaced }: NameChange, folders: ReadonlySet<FolderNode>): boolean {
  return (
    (to !== undefined && folders.has(to.folder)) ||
    (from !== undefined && folders.has(from.folder)) ||
    (displaced?.kind === "folder" && folders.has(displaced)) ||
    (to === undefined && node.kind === "folder" && folders.has(node))
  );
}

function isMove({ from, to }: NameChange): boolean {
  return from !== undefined && to !== undefined && from.folder !== to.folder;
}

function returnToKept(nodes: Iterable<Node>): void {
  for (const node of nodes) {
    if (node.place !== undefined) detach(node);
  }
  for (const node of nodes) {
    if (node.keptPlace !== undefined) attach(node, node.keptPlace);
  }
}

/** @param seen what processes could see before the crash: no change may cost its name */
function redo({ node, to }: NameChange, root: FolderNode, seen: ReadonlySet<Node>): void {
  if (to === undefined) {
    if (node.place !== undefined && !holdsAny(node)) detach(node);
    return;
  }
  if (!isWithin(to.folder, root) || (node.kind === "folder" && isWithin(to.folder, node))) return;
  const occupant = to.folder.nodes.get(to.name);
  if (occupant === node) return;
  if (occupant !== undefined) {
    if (seen.has(occupant) || holdsAny(occupant)) return;
    detach(occupant);
  }
  if (node.place !== undefined) detach(node);
  attach(node, to);
}

function holdsAny(node: Node): boolean {
  return node.kind === "folder" && node.nodes.size > 0;
}

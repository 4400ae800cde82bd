import { assert } from "../../base/assert.ts";
import { HostFileError } from "./host-file-error.ts";
import { pathOf, type FolderNode, type Node } from "./node.ts";

/** Where a path leads: a name in an existing folder, and what stands there. */
export interface Resolved {
  readonly folder: FolderNode;
  /** Empty when the path leads to the root, or to a folder by `.` or `..`. */
  readonly name: string;
  readonly node: Node | undefined;
  /** The path ends in a slash, `.` or `..`, so that a folder is meant: what stands there may be a file all the same. */
  readonly slash: boolean;
  /** The path is the very one under which the name stands: no links, dots or spare slashes on the way. */
  readonly plain: boolean;
}

/**
 * Whether a link at the end of a path is followed. `target`: yes. `entry`: only with a slash behind it, as lstat(2)
 * does. `name`: never, for what makes or moves the name itself.
 */
export type LastPart = "target" | "entry" | "name";

/** Told of each name that is looked up in a folder, whether it is there or not. */
export type OnLookUp = (folder: FolderNode, name: string) => void;

/**
 * The paths of one disk. It knows again the folders that plain paths have led to, so that a path in one of them costs
 * two look-ups, however deep it is.
 */
export class Paths {
  private readonly root: FolderNode;
  private readonly folders = new Map<string, FolderNode>();

  constructor(root: FolderNode) {
    this.root = root;
  }

  /** As the function `resolve` does; all of the way for whoever is told of it. */
  resolve(path: string, last: LastPart, onLookUp?: OnLookUp): Resolved {
    if (onLookUp !== undefined) return resolve(this.root, path, last, onLookUp);
    const slashAt = path.lastIndexOf("/");
    const folder = slashAt > 0 ? this.folders.get(path.slice(0, slashAt)) : undefined;
    if (folder !== undefined) {
      const name = path.slice(slashAt + 1);
      const node = folder.nodes.get(name);
      if (node === undefined ? isPlainName(name) : node.kind !== "link") {
        return { folder, name, node, slash: false, plain: true };
      }
    }
    const found = resolve(this.root, path, last);
    if (folder === undefined && slashAt > 0) this.learn(path.slice(0, slashAt), found.folder);
    return found;
  }

  /** To be called whenever a folder loses its name. A link is never on the way of a path that is known. */
  forget(): void {
    this.folders.clear();
  }

  private learn(path: string, folder: FolderNode): void {
    if (pathOf(folder) === path) this.folders.set(path, folder);
  }
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("\0");
}

/**
 * Follows a path as Linux does (path_resolution(7)): `..` after a link is the parent of the link's target, and 40
 * links are the limit.
 *
 * @throws HostFileError ENOENT, ENOTDIR or ELOOP; a missing last part is no error
 */
function resolve(root: FolderNode, path: string, last: LastPart, onLookUp?: OnLookUp): Resolved {
  assert(path.startsWith("/"), `not an absolute path: ${path}`);
  if (path.includes("\0")) throw new HostFileError("EINVAL", path);
  let folder = root;
  let rest = path;
  let at = 0;
  let linkCount = 0;
  for (;;) {
    const start = skipSlashes(rest, at);
    if (start === rest.length)
      return { folder: folder.place?.folder ?? root, name: "", node: folder, slash: true, plain: false };
    const slashAt = rest.indexOf("/", start);
    const end = slashAt === -1 ? rest.length : slashAt;
    const name = rest.slice(start, end);
    at = end;
    if (name === ".") continue;
    if (name === "..") {
      folder = folder.place?.folder ?? root;
      continue;
    }
    const node = folder.nodes.get(name);
    onLookUp?.(folder, name);
    const isLast = skipSlashes(rest, end) === rest.length;
    const slash = end < rest.length;
    if (node?.kind === "link" && (!isLast || last === "target" || (slash && last === "entry"))) {
      if (++linkCount > linksMax) throw new HostFileError("ELOOP", path);
      if (node.target.startsWith("/")) folder = root;
      rest = node.target + rest.slice(end);
      at = 0;
      continue;
    }
    if (isLast) return { folder, name, node, slash, plain: false };
    if (node === undefined) throw new HostFileError("ENOENT", path);
    if (node.kind !== "folder") throw new HostFileError("ENOTDIR", path);
    folder = node;
  }
}

/** @throws HostFileError ENOENT when nothing stands there, ENOTDIR when a folder was meant and something else does */
export function nodeAt({ node, slash }: Resolved, path: string): Node {
  if (node === undefined) throw new HostFileError("ENOENT", path);
  if (slash && node.kind !== "folder") throw new HostFileError("ENOTDIR", path);
  return node;
}

function skipSlashes(path: string, from: number): number {
  let at = from;
  while (at < path.length && path.charCodeAt(at) === slashCode) at++;
  return at;
}

const slashCode = 0x2f;
const linksMax = 40;

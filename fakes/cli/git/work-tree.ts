import { posix } from "node:path";
import type { EntryKind, FolderEntry } from "../../../src/ports/files.ts";
import type { HostFiles } from "../../../src/ports/program.ts";
import { fatal } from "./failure.ts";
import { IgnoreRules } from "./ignore.ts";
import { blobId, sameEntry } from "./object.ts";
import type { Tree, TreeEntry } from "./object.ts";
import { holdsRepository } from "./repository.ts";
import type { Repository } from "./repository.ts";

/** The files of one work tree, seen beside the index. Paths are relative to its root. */
export class WorkTree {
  private readonly repository: Repository;
  private readonly files: HostFiles;

  constructor(repository: Repository, files: HostFiles) {
    this.repository = repository;
    this.files = files;
  }

  /** Walks the whole tree. Links are entries, never followed. Another repository is one entry that ends in a slash. */
  scan(index: Tree): WorkTreeScan {
    const tracked = new Map<string, TreeEntry>();
    const untracked: string[] = [];
    const ignored: string[] = [];
    const ignoredTops: string[] = [];
    const untrackedFolders = new Map<string, string>();
    const trackedFolders = foldersOf(index.keys());
    const rules = new IgnoreRules(this.repository, this.files);
    const visit = (
      folder: string,
      state: { readonly ignored: boolean; readonly collapsed: string | undefined },
    ): void => {
      for (const entry of this.entries(folder)) {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        if (entry.name === ".git") continue;
        if (entry.kind !== "folder" && index.has(path)) {
          tracked.set(path, this.entryOf(path, entry.kind));
          continue;
        }
        const isIgnored = state.ignored || rules.ignores(path, entry.kind);
        if (isIgnored && !state.ignored) ignoredTops.push(path);
        if (entry.kind === "folder") {
          const known = trackedFolders.has(path);
          if (!known && holdsRepository(this.absolute(path), this.files)) {
            if (isIgnored) continue;
            untracked.push(`${path}/`);
            if (state.collapsed !== undefined) untrackedFolders.set(`${path}/`, state.collapsed);
            continue;
          }
          visit(path, { ignored: isIgnored, collapsed: known ? undefined : (state.collapsed ?? path) });
          continue;
        }
        if (isIgnored) {
          ignored.push(path);
          continue;
        }
        untracked.push(path);
        if (state.collapsed !== undefined) untrackedFolders.set(path, state.collapsed);
      }
    };
    visit("", { ignored: false, collapsed: undefined });
    return { tracked, untracked: untracked.toSorted(), ignored: ignored.toSorted(), ignoredTops, untrackedFolders };
  }

  entryOf(path: string, kind: EntryKind): TreeEntry {
    return { id: blobId(this.content(path, kind)), mode: kind === "link" ? "120000" : "100644" };
  }

  /** The bytes that become a blob. The disk cannot tell the text of a link, so what it leads to stands for it. */
  content(path: string, kind: EntryKind): Uint8Array {
    const absolute = this.absolute(path);
    return kind === "link" ? Buffer.from(this.linkTarget(absolute)) : this.files.readBytes(absolute);
  }

  kindOf(path: string): EntryKind | undefined {
    return this.isBeyondLink(path) ? undefined : this.files.stat(this.absolute(path))?.kind;
  }

  isBeyondLink(path: string): boolean {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent)) {
      if (this.files.stat(this.absolute(parent))?.kind === "link") return true;
    }
    return false;
  }

  write(path: string, entry: TreeEntry): void {
    const absolute = this.absolute(path);
    const kind = this.files.stat(absolute)?.kind;
    if (kind === "folder") fatal(`cannot create file at '${path}': Is a directory`);
    if (kind === "link" || (kind === "file" && entry.mode === "120000")) this.files.remove(absolute);
    this.files.makeFolder(posix.dirname(absolute));
    const content = this.repository.readBlob(entry.id);
    if (entry.mode === "120000") this.files.makeLink(Buffer.from(content).toString(), absolute);
    else this.files.write(absolute, content);
  }

  /** With the folders above it that become empty. */
  remove(path: string): void {
    if (this.kindOf(path) === undefined) return;
    this.files.remove(this.absolute(path));
    for (let folder = posix.dirname(path); folder !== "."; folder = posix.dirname(folder)) {
      if (this.files.list(this.absolute(folder)).length > 0) return;
      this.files.remove(this.absolute(folder), { recursive: true });
    }
  }

  /** Writes and removes what it takes to get from one tree to the other, and nothing else. */
  change(from: Tree, to: Tree): void {
    for (const path of from.keys()) if (!to.has(path)) this.remove(path);
    for (const [path, entry] of to) {
      const before = from.get(path);
      if (before === undefined || !sameEntry(before, entry)) this.write(path, entry);
    }
  }

  absolute(path: string): string {
    return path === "" ? this.repository.root : posix.join(this.repository.root, path);
  }

  private entries(folder: string): readonly FolderEntry[] {
    return this.files.list(this.absolute(folder));
  }

  private linkTarget(absolute: string): string {
    try {
      return this.files.realPath(absolute);
    } catch {
      return "dangling";
    }
  }
}

export interface WorkTreeScan {
  /** Indexed paths that exist on disk, with what stands there now. */
  readonly tracked: ReadonlyMap<string, TreeEntry>;
  /** Neither indexed nor ignored. Another repository, a linked work tree too, with a slash at its end. */
  readonly untracked: readonly string[];
  /** Ignored files, also those inside ignored folders. */
  readonly ignored: readonly string[];
  /** The ignored files and folders themselves. */
  readonly ignoredTops: readonly string[];
  /** For an untracked path: the topmost folder above it in which nothing is indexed. */
  readonly untrackedFolders: ReadonlyMap<string, string>;
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let folder = posix.dirname(path); folder !== "." && !folders.has(folder); folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

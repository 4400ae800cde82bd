import type { Host } from "../../sim/host.ts";

/** What somebody has open: it has a name as long as nobody removes it, or puts another in its place. */
export interface FollowedFile {
  /** Absolute, with links followed; undefined when it has none any more. */
  path: string | undefined;
}

/** The open files of a host, by what is done to their names, whoever does it. */
export class FollowedFiles {
  private readonly followed = new Set<FollowedFile>();

  private constructor({ disk }: Host) {
    const before = disk.onChange;
    disk.onChange = (change) => {
      before?.(change);
      if (change.type === "file.renamed") {
        this.forEachBelow(change.to, (file) => this.lose(file));
        this.forEachBelow(change.from, (file, path) => {
          file.path = change.to + path.slice(change.from.length);
        });
      }
      if (change.type === "file.removed") this.forEachBelow(change.path, (file) => this.lose(file));
    };
  }

  /** Those of a host: one for all its processes. */
  static of(host: Host): FollowedFiles {
    let files = filesOf.get(host);
    if (files === undefined) {
      files = new FollowedFiles(host);
      filesOf.set(host, files);
    }
    return files;
  }

  /** @param path absolute, with links followed */
  follow(path: string): FollowedFile {
    const file: FollowedFile = { path };
    this.followed.add(file);
    return file;
  }

  forget(file: FollowedFile): void {
    this.followed.delete(file);
  }

  private lose(file: FollowedFile): void {
    file.path = undefined;
    this.forget(file);
  }

  private forEachBelow(folder: string, visit: (file: FollowedFile, path: string) => void): void {
    for (const file of [...this.followed]) {
      if (file.path === folder || file.path?.startsWith(`${folder}/`) === true) visit(file, file.path);
    }
  }
}

/** By the host of a run: it goes when the run does. */
const filesOf = new WeakMap<Host, FollowedFiles>();

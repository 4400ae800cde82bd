import type { DiskChange } from "../history/changes.ts";

/** A change of what one path holds. Of nothing, or a link, there is no `digest` and no `sizeBytes`. */
export interface PathChange {
  readonly path: string;
  readonly digest: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly by: string;
  readonly how: "written" | "removed" | "renamed" | "linked";
}

/** Whoever can tell the digest of what a file holds: taken when it is read, for most are never looked at. */
interface Digested {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** The files of the host as their changes tell it: path to what was written there. */
export class DiskView {
  private readonly files = new Map<string, Digested>();

  digestOf(path: string): string | undefined {
    return this.files.get(path)?.digest;
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  /** @returns what changed where, path by path */
  observe(change: DiskChange): readonly PathChange[] {
    const { by } = change;
    switch (change.type) {
      case "file.written":
        this.files.set(change.path, change);
        return [new PathHolds(change.path, change, by, "written")];
      case "file.removed":
        return this.below(change.path).map((path) => {
          this.files.delete(path);
          return { path, digest: undefined, by, how: "removed" as const };
        });
      case "file.renamed":
        return this.below(change.from).flatMap((path) => {
          const content = this.files.get(path);
          const target = change.to + path.slice(change.from.length);
          this.files.delete(path);
          if (content !== undefined) this.files.set(target, content);
          return [
            { path, digest: undefined, by, how: "removed" as const },
            new PathHolds(target, content, by, "renamed"),
          ];
        });
      case "link.made":
        this.files.delete(change.path);
        return [{ path: change.path, digest: undefined, by, how: "linked" }];
    }
  }

  /** The path itself, known or not, or what is known below it when it is a folder. */
  private below(path: string): readonly string[] {
    if (this.files.has(path)) return [path];
    const found = [...this.files.keys()].filter((each) => each.startsWith(`${path}/`));
    return found.length === 0 ? [path] : found;
  }
}

/** A change to what `content` tells, with its digest as late. */
class PathHolds implements PathChange {
  readonly path: string;
  readonly by: string;
  readonly how: "written" | "renamed";
  private readonly content: Digested | undefined;

  constructor(path: string, content: Digested | undefined, by: string, how: "written" | "renamed") {
    this.path = path;
    this.content = content;
    this.by = by;
    this.how = how;
  }

  get digest(): string | undefined {
    return this.content?.digest;
  }

  get sizeBytes(): number | undefined {
    return this.content?.sizeBytes;
  }
}

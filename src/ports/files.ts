import type { Result } from "./result.ts";

/**
 * A disk. Paths are absolute with `/`. Symbolic links are followed except where said.
 * A write is seen by every process of the host when it is answered, and survives a crash of the host only once synced:
 * the file for its content, its folder for its name.
 */
export interface FilesPort {
  readText(path: string, options?: FileCall): Promise<Result<string>>;
  readBytes(path: string, options?: FileCall): Promise<Result<Uint8Array>>;
  /** Not atomic: a crash may leave any prefix. The parent folder must exist. */
  write(path: string, content: string | Uint8Array, options?: WriteOptions): Promise<Result<void>>;
  /** Makes the file's content, or the folder's names, survive a crash of the host. */
  sync(path: string, options?: FileCall): Promise<Result<void>>;
  /** Atomic; replaces a file at `to`. Does not follow a link at either end. */
  rename(from: string, to: string, options?: FileCall): Promise<Result<void>>;
  /** Removes a file or a link (never its target); with `recursive` a folder and all below it. ENOENT when absent. */
  remove(path: string, options?: FileCall & { readonly recursive?: boolean }): Promise<Result<void>>;
  /** With all missing parents; an existing folder is fine. */
  makeFolder(path: string, options?: FileCall): Promise<Result<void>>;
  /** Entries in code-unit order of their names. */
  list(path: string, options?: FileCall): Promise<Result<readonly FolderEntry[]>>;
  /** Of the entry itself: a link is a link. */
  stat(path: string, options?: FileCall): Promise<Result<FileStat>>;
  /** Every link resolved. ENOENT when any part is absent. */
  realPath(path: string, options?: FileCall): Promise<Result<string>>;
  /** Makes a symbolic link at `path`. */
  makeLink(target: string, path: string, options?: FileCall): Promise<Result<void>>;
}

export interface FileCall {
  /** Stands for the path in fault sites, where the path itself depends on the schedule. */
  readonly key?: string;
}

export interface WriteOptions extends FileCall {
  /** `createNew` fails with EEXIST: at most one of many writers succeeds. Default `replace`. */
  readonly mode?: "replace" | "createNew" | "append";
}

export type EntryKind = "file" | "folder" | "link";

export interface FolderEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export interface FileStat {
  readonly kind: EntryKind;
  /** 0 for folders. */
  readonly sizeBytes: number;
}

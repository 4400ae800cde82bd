import { posix } from "node:path";
import type { EntryKind, FolderEntry } from "../../../src/ports/files.ts";
import type { HostFiles } from "../../../src/ports/program.ts";
import type { DiskErrorCode } from "../../../src/ports/result.ts";

/** The smallest disk that a program can run on: no crashes, no capacity. */
export class MemoryDisk implements HostFiles {
  private readonly nodes = new Map<string, Node>([["/", { kind: "folder" }]]);
  readonly synced: string[] = [];

  readText(path: string): string {
    return Buffer.from(this.readBytes(path)).toString();
  }

  readBytes(path: string): Uint8Array {
    const node = this.require(this.realPath(path));
    if (node.kind !== "file") throw new HostFileError("EISDIR", path);
    return node.content;
  }

  write(path: string, content: string | Uint8Array, mode: "replace" | "createNew" | "append" = "replace"): void {
    if (mode === "createNew" && this.stat(path) !== null) throw new HostFileError("EEXIST", path);
    const target =
      this.stat(path) === null
        ? posix.join(this.realPath(posix.dirname(path)), posix.basename(path))
        : this.realPath(path);
    const old = this.nodes.get(target);
    if (old?.kind === "folder") throw new HostFileError("EISDIR", path);
    if (this.require(posix.dirname(target)).kind !== "folder") throw new HostFileError("ENOTDIR", path);
    const bytes = Buffer.from(content as string);
    const before = mode === "append" && old?.kind === "file" ? old.content : new Uint8Array();
    this.nodes.set(target, { kind: "file", content: Buffer.concat([before, bytes]) });
  }

  sync(path: string): void {
    this.synced.push(path);
  }

  rename(from: string, to: string): void {
    const source = this.entry(from);
    const target = this.entry(to);
    const node = this.require(source);
    const old = this.nodes.get(target);
    if (old?.kind === "folder" && this.list(target).length > 0) throw new HostFileError("ENOTEMPTY", to);
    for (const [path, inside] of this.below(source)) {
      this.nodes.delete(path);
      this.nodes.set(target + path.slice(source.length), inside);
    }
    this.nodes.delete(source);
    this.nodes.set(target, node);
  }

  remove(path: string, options: { readonly recursive?: boolean } = {}): void {
    const at = this.entry(path);
    if (this.require(at).kind === "folder" && options.recursive !== true) throw new HostFileError("EISDIR", path);
    for (const [below] of this.below(at)) this.nodes.delete(below);
    this.nodes.delete(at);
  }

  makeFolder(path: string): void {
    if (path === "/") return;
    const parent = posix.dirname(path);
    if (this.stat(parent) === null) this.makeFolder(parent);
    const at = this.entry(path);
    const kind = this.nodes.get(at)?.kind;
    if (kind === "file") throw new HostFileError("EEXIST", path);
    if (kind === undefined) this.nodes.set(at, { kind: "folder" });
  }

  list(path: string): readonly FolderEntry[] {
    const at = this.realPath(path);
    if (this.require(at).kind !== "folder") throw new HostFileError("ENOTDIR", path);
    return this.below(at)
      .filter(([below]) => posix.dirname(below) === at)
      .map(([below, node]) => ({ name: posix.basename(below), kind: node.kind }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  stat(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | null {
    try {
      const node = this.nodes.get(this.entry(path));
      return node === undefined ? null : { kind: node.kind, sizeBytes: node.kind === "file" ? node.content.length : 0 };
    } catch (error) {
      if (error instanceof HostFileError) return null;
      throw error;
    }
  }

  realPath(path: string): string {
    let real = "/";
    const parts = path.split("/").filter((part) => part !== "");
    for (let links = 0; parts.length > 0;) {
      const next = posix.join(real, parts.shift()!);
      const node = this.require(next);
      if (node.kind !== "link") {
        real = next;
        continue;
      }
      if (++links > 40) throw new HostFileError("ELOOP", path);
      parts.unshift(...node.target.split("/").filter((part) => part !== ""));
      if (node.target.startsWith("/")) real = "/";
    }
    return real;
  }

  makeLink(target: string, path: string): void {
    const at = this.entry(path);
    if (this.nodes.has(at)) throw new HostFileError("EEXIST", path);
    this.nodes.set(at, { kind: "link", target });
  }

  /** All files below a folder but those of git, as path to text. */
  files(folder: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [path, node] of this.below(folder)) {
      if (node.kind !== "file" || /\/\.git(\/|$)/.test(path)) continue;
      found[posix.relative(folder, path)] = Buffer.from(node.content).toString();
    }
    return found;
  }

  private entry(path: string): string {
    return path === "/" ? "/" : posix.join(this.realPath(posix.dirname(path)), posix.basename(path));
  }

  private require(path: string): Node {
    const node = this.nodes.get(path);
    if (node === undefined) throw new HostFileError("ENOENT", path);
    return node;
  }

  private below(folder: string): [string, Node][] {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    return [...this.nodes]
      .filter(([path]) => path !== folder && path.startsWith(prefix))
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

type Node =
  | { readonly kind: "file"; readonly content: Uint8Array }
  | { readonly kind: "folder" }
  | { readonly kind: "link"; readonly target: string };

class HostFileError extends Error {
  override readonly name = "HostFileError";
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
    this.path = path;
  }
}

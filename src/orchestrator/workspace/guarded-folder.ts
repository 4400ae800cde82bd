import type { Ports } from "../../ports/ports.ts";
import type { PortError, Result } from "../../ports/result.ts";
import type { Answer, Trouble } from "../answer.ts";
import type { Guard } from "../guard.ts";
import { writeDurably } from "./durable-write.ts";
import { isPlainPath, isReserved, parentOf } from "./path-rules.ts";

export interface GuardedFolderOptions {
  readonly ports: Ports;
  readonly guard: Guard;
  /** Validity of the guard that a write asks for. */
  readonly diskMarginMs: number;
  /** Absolute, as it is spelt in calls. */
  readonly root: string;
  /** The same without links. */
  readonly realRoot: string;
  /** Absolute; in the same file system. */
  readonly temporaryFolder: string;
  /** Of the lease: no two writers share a temporary file. */
  readonly generation: number;
  /** As the folder stands in the names of calls. */
  readonly label: string;
  /** Of one file; unlimited unless given. `card`: the reference that the log names. */
  readonly artifactLimit?: { readonly bytesMax: number; readonly card: string };
  /** How a file is replaced as a whole; durably unless given. */
  readonly writeFile?: typeof writeDurably;
}

/**
 * Reads and writes below one folder and nowhere else: paths are relative and plain, and nothing goes through a link.
 * Every write of the core into a workspace passes here.
 */
export class GuardedFolder {
  readonly root: string;
  readonly realRoot: string;
  readonly label: string;

  private readonly options: GuardedFolderOptions;
  /** Folders whose own name is known to survive a crash of the host. */
  private readonly durableFolders = new Set<string>();

  constructor(options: GuardedFolderOptions) {
    this.options = options;
    this.root = options.root;
    this.realRoot = options.realRoot;
    this.label = options.label;
  }

  /** undefined when there is no such file, or something stands in its place that is none. */
  async read(path: string): Promise<Answer<string | undefined>> {
    if (!isPlainPath(path)) return refused(`${JSON.stringify(path)} is no path inside the workspace`);
    const call = { key: `${this.label}/${path}` };
    const real = await this.files.realPath(`${this.root}/${path}`, call);
    if (real.kind !== "ok") return isAbsence(real.error) ? { kind: "ok", value: undefined } : failed(real);
    if (real.value !== `${this.realRoot}/${path}`) return { kind: "ok", value: undefined };
    const text = await this.files.readText(`${this.root}/${path}`, call);
    if (text.kind === "ok") return text;
    return isAbsence(text.error) ? { kind: "ok", value: undefined } : failed(text);
  }

  /** The same for many files: what stands on the way to those of one folder is looked at once. */
  async readAll(paths: readonly string[]): Promise<Answer<ReadonlyMap<string, string | undefined>>> {
    const contents = new Map<string, string | undefined>();
    for (const [parent, group] of Map.groupBy(paths, parentOf)) {
      const files = group.length > fewFiles ? await this.filesIn(parent) : { kind: "ok" as const, value: undefined };
      if (files.kind !== "ok") return files;
      for (const path of group) {
        const name = path.slice(path.lastIndexOf("/") + 1);
        const content = await this.readKnown(path, files.value === undefined ? undefined : files.value.has(name));
        if (content.kind !== "ok") return content;
        contents.set(path, content.value);
      }
    }
    return { kind: "ok", value: contents };
  }

  /** @param isFile undefined when nobody has looked */
  private async readKnown(path: string, isFile: boolean | undefined): Promise<Answer<string | undefined>> {
    if (isFile === undefined) return this.read(path);
    if (!isFile) return { kind: "ok", value: undefined };
    const text = await this.files.readText(`${this.root}/${path}`, { key: `${this.label}/${path}` });
    if (text.kind === "ok") return text;
    return isAbsence(text.error) ? { kind: "ok", value: undefined } : failed(text);
  }

  /** Names of the plain files of a folder; none when a link stands on the way to it. */
  private async filesIn(parent: string): Promise<Answer<ReadonlySet<string>>> {
    const call = { key: `${this.label}/${parent}/` };
    const folder = parent === "" ? this.root : `${this.root}/${parent}`;
    const real = await this.files.realPath(folder, call);
    if (real.kind !== "ok") return isAbsence(real.error) ? { kind: "ok", value: new Set() } : failed(real);
    if (real.value !== (parent === "" ? this.realRoot : `${this.realRoot}/${parent}`)) {
      return { kind: "ok", value: new Set() };
    }
    const listing = await this.files.list(folder, call);
    if (listing.kind !== "ok") return isAbsence(listing.error) ? { kind: "ok", value: new Set() } : failed(listing);
    const files = listing.value.filter(({ kind }) => kind === "file").map(({ name }) => name);
    return { kind: "ok", value: new Set(files) };
  }

  /** Replaces the file as a whole. Refuses what lies outside, and what belongs to git or to the workspace itself. */
  async write(path: string, content: string): Promise<Answer<void>> {
    if (!isPlainPath(path) || isReserved(path)) {
      return refused(`${JSON.stringify(path)} is no path that may be written`);
    }
    const { artifactLimit: limit } = this.options;
    const sizeBytes = Buffer.byteLength(content);
    if (limit !== undefined && sizeBytes > limit.bytesMax) {
      this.options.ports.log.event("limit.reached", {
        limit: "artifactBytesMax",
        card: limit.card,
        path,
        value: sizeBytes,
      });
      return refused(`${path} would have ${sizeBytes} bytes, and ${limit.bytesMax} are allowed`);
    }
    const call = { key: `${this.label}/${path}` };
    const parent = parentOf(path);
    const folder = parent === "" ? this.root : `${this.root}/${parent}`;
    const expected = parent === "" ? this.realRoot : `${this.realRoot}/${parent}`;
    let real = await this.files.realPath(folder, call);
    if (real.kind !== "ok" && real.error.code === "ENOENT") {
      this.options.guard.require(this.options.diskMarginMs);
      const made = await this.files.makeFolder(folder, call);
      if (made.kind !== "ok") return failed(made);
      real = await this.files.realPath(folder, call);
    }
    if (real.kind !== "ok") return failed(real);
    if (real.value !== expected) return refused(`${parent || "."} is a link`);
    if (parent !== "" && !this.durableFolders.has(parent)) {
      const synced = await this.files.sync(this.root, call);
      if (synced.kind !== "ok") return failed(synced);
      this.durableFolders.add(parent);
    }
    return this.replace({ path: `${this.root}/${path}`, name: encodeURIComponent(path), content, key: call.key });
  }

  /** Removes a file, or a folder with all that is in it; a link goes, its target stays. */
  async remove(path: string): Promise<Answer<void>> {
    if (!isPlainPath(path)) return refused(`${JSON.stringify(path)} is no path inside the workspace`);
    const call = { key: `${this.label}/${path}` };
    const parent = parentOf(path);
    const real = await this.files.realPath(parent === "" ? this.root : `${this.root}/${parent}`, call);
    if (real.kind !== "ok") return isAbsence(real.error) ? done : failed(real);
    if (real.value !== (parent === "" ? this.realRoot : `${this.realRoot}/${parent}`)) {
      return refused(`${parent || "."} is a link`);
    }
    this.options.guard.require(this.options.diskMarginMs);
    const removed = await this.files.remove(`${this.root}/${path}`, { ...call, recursive: true });
    return removed.kind === "ok" || isAbsence(removed.error) ? done : failed(removed);
  }

  /** Puts one whole file in place. `path` is absolute and known to lie where it may. */
  async replace(file: {
    readonly path: string;
    /** Of the temporary file. */
    readonly name: string;
    readonly content: string;
    readonly key: string;
  }): Promise<Answer<void>> {
    this.options.guard.require(this.options.diskMarginMs);
    const temporaryPath = `${this.options.temporaryFolder}/${file.name}.g${this.options.generation}`;
    const call = { key: file.key };
    const write = { path: file.path, temporaryPath, content: file.content, call };
    const { writeFile = writeDurably } = this.options;
    let written = await writeFile(this.files, write);
    if (written.kind !== "ok" && written.error.code === "ENOENT") {
      // Somebody removed the workspace's own folders.
      for (const path of [temporaryPath, file.path]) {
        const made = await this.files.makeFolder(path.slice(0, path.lastIndexOf("/")), call);
        if (made.kind !== "ok") return failed(made);
      }
      written = await writeFile(this.files, write);
    }
    if (written.kind === "ok") return done;
    // What could not be finished must not be found later, least of all by git.
    await this.files.remove(temporaryPath, call);
    return failed(written);
  }

  private get files(): Ports["files"] {
    return this.options.ports.files;
  }
}

/** So many are read one by one: looking at their folder would cost as much. */
const fewFiles = 2;

const done: Answer<void> = { kind: "ok", value: undefined };

export function refused(reason: string): Trouble {
  return { kind: "refused", reason };
}

export function failed(result: Exclude<Result<unknown>, { kind: "ok" }>): Trouble {
  return { kind: result.kind, reason: `the disk answered ${result.error.code}` };
}

/** Nothing is there, or what is there is no file: a link in a circle, a folder. */
export function isAbsence({ code }: PortError): boolean {
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "EISDIR";
}

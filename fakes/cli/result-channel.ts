import { posix } from "node:path";
import type { EntryKind, FolderEntry } from "../../src/ports/files.ts";
import type { HostFiles, Program, ProgramContext, ProgramStep } from "../../src/ports/program.ts";

/** What happens to pieces of a result on their way out. */
export interface ResultDamage {
  /** Of each channel, standard output or the file, the first piece that is not empty. */
  readonly first?: (bytes: Uint8Array) => Uint8Array;
  /** Of each channel the last piece. */
  readonly last?: (bytes: Uint8Array) => Uint8Array;
  readonly every?: (bytes: Uint8Array) => Uint8Array;
  /** The file is not even made. Standard output is damaged as said above. */
  readonly withoutFile?: boolean;
}

/** Runs the program with its result damaged: standard output, and the file named by `-o` or `--output-last-message`. */
export function* withResult(
  program: Program,
  context: ProgramContext,
  damage: ResultDamage,
): Generator<ProgramStep, number, string | undefined> {
  const output = new Channel(damage, (bytes) => context.stdout(bytes));
  const path = resultPath(context);
  const files = path === undefined ? context.files : new FilesWithResult(context.files, path, damage);
  const exitCode = yield* program.run(changedContext(context, { files, stdout: (content) => output.write(content) }));
  output.end();
  return exitCode;
}

/**
 * Runs the program until it has printed so many bytes on standard output; what it does from there on does not happen.
 * @returns its exit code, undefined when it was stopped
 */
export function* withOutputLimit(
  program: Program,
  context: ProgramContext,
  sizeBytes: number,
): Generator<ProgramStep, number | undefined, string | undefined> {
  let leftBytes = sizeBytes;
  const stdout = (content: string | Uint8Array): void => {
    const bytes: Uint8Array = typeof content === "string" ? Buffer.from(content) : content;
    context.stdout(bytes.subarray(0, leftBytes));
    leftBytes -= bytes.length;
    if (leftBytes < 0) throw new OutputLimitReached();
  };
  try {
    return yield* program.run(changedContext(context, { stdout }));
  } catch (error) {
    if (!(error instanceof OutputLimitReached)) throw error;
    return undefined;
  }
}

/** Leaves a program in the middle of a write. */
class OutputLimitReached extends Error {
  override readonly name = "OutputLimitReached";
}

function changedContext(
  context: ProgramContext,
  changes: Partial<Pick<ProgramContext, "files" | "stdout">>,
): ProgramContext {
  return {
    args: context.args,
    env: context.env,
    cwd: context.cwd,
    pid: context.pid,
    files: context.files,
    nowMs: () => context.nowMs(),
    stdout: (content) => context.stdout(content),
    stderr: (content) => context.stderr(content),
    record: (change) => context.record(change),
    draw: (purpose, bound) => context.draw(purpose, bound),
    unmodelled: (what) => context.unmodelled(what),
    ...changes,
  };
}

function resultPath(context: ProgramContext): string | undefined {
  const { args } = context;
  for (let index = 0; index < args.length; index++) {
    const match = /^(?:-o|--output-last-message)(?:=(.*))?$/.exec(args[index]!);
    const given = match === null ? undefined : (match[1] ?? args[index + 1]);
    if (given !== undefined) return posix.resolve(context.cwd, given);
  }
  return undefined;
}

/** Holds the last piece back until it is known to be the last. */
class Channel {
  private readonly damage: ResultDamage;
  private readonly forward: (bytes: Uint8Array) => void;
  private held: Uint8Array | undefined;
  private started = false;

  constructor(damage: ResultDamage, forward: (bytes: Uint8Array) => void) {
    this.damage = damage;
    this.forward = forward;
  }

  write(content: string | Uint8Array): void {
    if (content.length === 0) return;
    let bytes: Uint8Array = typeof content === "string" ? Buffer.from(content) : content;
    if (!this.started) bytes = this.damage.first?.(bytes) ?? bytes;
    this.started = true;
    bytes = this.damage.every?.(bytes) ?? bytes;
    if (this.damage.last === undefined) return this.send(bytes);
    if (this.held !== undefined) this.send(this.held);
    this.held = bytes;
  }

  end(): void {
    if (this.held !== undefined) this.send(this.damage.last?.(this.held) ?? this.held);
    this.held = undefined;
  }

  private send(bytes: Uint8Array): void {
    if (bytes.length > 0) this.forward(bytes);
  }
}

/** The host's disk, but for what is written to one path. */
class FilesWithResult implements HostFiles {
  private readonly files: HostFiles;
  private readonly resultPath: string;
  private readonly damage: ResultDamage;

  constructor(files: HostFiles, path: string, damage: ResultDamage) {
    this.files = files;
    this.resultPath = path;
    this.damage = damage;
  }

  write(path: string, content: string | Uint8Array, mode?: "replace" | "createNew" | "append"): void {
    if (path !== this.resultPath) return this.files.write(path, content, mode);
    if (this.damage.withoutFile === true) return;
    let bytes: Uint8Array = typeof content === "string" ? Buffer.from(content) : content;
    for (const damage of [this.damage.first, this.damage.every, this.damage.last]) bytes = damage?.(bytes) ?? bytes;
    this.files.write(path, bytes, mode);
  }

  readText(path: string): string {
    return this.files.readText(path);
  }

  readBytes(path: string): Uint8Array {
    return this.files.readBytes(path);
  }

  sync(path: string): void {
    this.files.sync(path);
  }

  rename(from: string, to: string): void {
    this.files.rename(from, to);
  }

  remove(path: string, options?: { readonly recursive?: boolean }): void {
    this.files.remove(path, options);
  }

  makeFolder(path: string): void {
    this.files.makeFolder(path);
  }

  list(path: string): readonly FolderEntry[] {
    return this.files.list(path);
  }

  stat(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | null {
    return this.files.stat(path);
  }

  realPath(path: string): string {
    return this.files.realPath(path);
  }

  makeLink(target: string, path: string): void {
    this.files.makeLink(target, path);
  }
}

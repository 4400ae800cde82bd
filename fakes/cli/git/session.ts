import { posix } from "node:path";
import { assert } from "../../../src/base/assert.ts";
import type { Footprint } from "../../../src/base/footprint.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import type { HostFiles, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { isHostFileFailure } from "../host-file-failure.ts";
import { fatal } from "./failure.ts";
import type { Tree } from "./object.ts";
import { findRepository, Repository } from "./repository.ts";

/** A subcommand: runs from yield to yield, ends with an exit code or a `GitFailure`. */
export type GitRun = Generator<ProgramStep, number, string | undefined>;
export type GitCommand = (session: Session, args: readonly string[]) => GitRun;

/** One invocation of git: where it runs, its configuration, and the lock it may hold. */
export class Session {
  readonly context: ProgramContext;
  readonly files: HostFiles;
  readonly cwd: string;
  /** As `commit`, for messages about what is not modelled. */
  readonly command: string;
  private readonly overrides: ReadonlyMap<string, string>;
  private opened: Repository | undefined;
  private lockPath: string | undefined;

  constructor(
    context: ProgramContext,
    invocation: {
      readonly cwd: string;
      readonly command: string;
      readonly overrides: ReadonlyMap<string, string>;
    },
  ) {
    this.context = context;
    this.files = context.files;
    this.cwd = invocation.cwd;
    this.command = invocation.command;
    this.overrides = invocation.overrides;
  }

  /** Opened on first use; fails as real git does outside of any repository. */
  get repository(): Repository {
    if (this.opened !== undefined) return this.opened;
    const place = findRepository(this.cwd, this.files);
    if (place === undefined) fatal("not a git repository (or any of the parent directories): .git");
    // `core.fsync` may stand in the repository's own configuration, so it is read through a first handle.
    this.opened = new Repository(place, this.files, { durable: false });
    const fsync = this.config("core.fsync")?.split(",") ?? [];
    if (fsync.includes("all") || fsync.includes("committed")) {
      this.opened = new Repository(place, this.files, { durable: true });
    }
    return this.opened;
  }

  /** Where the command runs, from the root of the work tree; empty at the root. */
  get prefix(): string {
    return posix.relative(this.repository.root, this.cwd);
  }

  /** From `-c`, then the repository, then `~/.gitconfig`. */
  config(key: string): string | undefined {
    const name = key.toLowerCase();
    const overridden = this.overrides.get(name);
    if (overridden !== undefined) return overridden;
    return this.configFile("local")[name] ?? this.configFile("global")[name];
  }

  configFile(scope: "local" | "global"): Readonly<Record<string, string>> {
    const path = this.configPath(scope);
    if (path === undefined || this.files.stat(path) === null) return {};
    const text = this.files.readText(path);
    const value = parseConfig(text);
    if (value === undefined) fatal(`bad config line 1 in file ${path}`);
    return value;
  }

  writeConfigFile(scope: "local" | "global", values: Readonly<Record<string, string>>): void {
    const path = this.configPath(scope);
    if (path === undefined) fatal("$HOME not set");
    this.files.write(path, JSON.stringify(values));
  }

  /**
   * Takes `index.lock`. It stays behind when the process is killed before `writeIndex` or `unlockIndex`, and an
   * existing one is refused whoever left it.
   */
  lockIndex(): void {
    assert(this.lockPath === undefined, "git: the index is locked once per command");
    const path = this.repository.path("index.lock");
    try {
      this.files.write(path, "", "createNew");
    } catch (error) {
      if (!isHostFileFailure(error) || error.code !== "EEXIST") throw error;
      fatal(
        `Unable to create '${path}': File exists.\n\n` +
          "Another git process seems to be running in this repository, e.g.\n" +
          "an editor opened by 'git commit'. Please make sure all processes\n" +
          "are terminated then try again. If it still fails, a git process\n" +
          "may have crashed in this repository earlier:\n" +
          "remove the file manually to continue.",
      );
    }
    this.lockPath = path;
  }

  /** Puts the new index in place and gives the lock back in one rename. */
  writeIndex(index: Tree): void {
    assert(this.lockPath !== undefined, "git: the index is written under its lock");
    const ordered = new Map([...index].toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
    this.files.write(this.lockPath, Repository.encodeIndex(ordered));
    this.files.rename(this.lockPath, this.repository.path("index"));
    this.lockPath = undefined;
  }

  /** For a command that ends on its own without a new index. Without effect when no lock is held. */
  unlockIndex(): void {
    if (this.lockPath === undefined) return;
    this.files.remove(this.lockPath);
    this.lockPath = undefined;
  }

  /** A path of the work tree as it is shown from where the command runs. A slash at the end stays. */
  relative(path: string): string {
    const seen = posix.relative(`/${this.prefix}`, `/${path}`);
    return path.endsWith("/") ? `${seen === "" ? "." : seen}/` : seen;
  }

  /** Whether something is at this path of the work tree. */
  isOnDisk(path: string): boolean {
    return this.files.stat(posix.join(this.repository.root, path)) !== null;
  }

  /** Time passes; what follows reads or writes the repository. */
  work(durationUs: number, rw: "r" | "w"): ProgramStep {
    const { root, commonFolder, isLinked } = this.repository;
    const shared: Footprint = { id: `git:${posix.dirname(commonFolder)}`, rw };
    return { kind: "work", durationUs, touches: isLinked ? [shared, { id: `git:${root}`, rw }] : [shared] };
  }

  print(line: string): void {
    this.context.stdout(`${line}\n`);
  }

  printError(line: string): void {
    this.context.stderr(`${line}\n`);
  }

  unmodelled(args: readonly string[]): never {
    this.context.unmodelled({
      method: `git ${this.command}`,
      args: [...args],
      file: `fakes/cli/git/commands/${this.command}.ts`,
    });
  }

  private configPath(scope: "local" | "global"): string | undefined {
    if (scope === "local") {
      const place = this.opened ?? findRepository(this.cwd, this.files);
      return place === undefined ? undefined : posix.join(place.commonFolder, "config");
    }
    const home = this.context.env["HOME"];
    return home === undefined ? undefined : posix.join(home, ".gitconfig");
  }
}

function parseConfig(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? (value as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

import { assert } from "../../base/assert.ts";
import { digest64, sha256 } from "../../base/digest.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import type { Guard } from "../guard.ts";
import { approvalFileName, type Approval } from "../governance/approval.ts";
import {
  artifactAt,
  lockedHash,
  lockedPaths,
  nextGeneration,
  withApproval,
  type Ratchet,
} from "../governance/ratchet.ts";
import { ApprovalLedger } from "./approval-ledger.ts";
import { writeDurably } from "./durable-write.ts";
import { failed, GuardedFolder, isAbsence, refused } from "./guarded-folder.ts";
import { isPlainPath, isReserved, parentOf } from "./path-rules.ts";
import { listRecords, type RatchetFiles, type RatchetPolicy } from "./ratchet-files.ts";
import type { WorkspacePolicy } from "./workspace-policy.ts";

export interface WorkspaceOptions {
  readonly ports: Ports;
  readonly guard: Guard;
  /** Validity of the guard that a write asks for. */
  readonly diskMarginMs: number;
  readonly ratchetPolicy: RatchetPolicy;
  readonly writeFile: WorkspacePolicy["writeFile"];
  readonly artifactBytesMax: number;
  readonly projectsFolder: string;
  /** Absolute: where the records of approval of all workspaces are kept. */
  readonly ledgersFolder: string;
  readonly dirname: string;
  /** `FEATURE`: the folder must exist. */
  readonly mode: "NEW" | "FEATURE";
  /** Of the epic that owns the workspace. */
  readonly scope: string;
  readonly generation: number;
  /** An earlier run was cut off: what it left half-made is removed. */
  readonly resumed: boolean;
}

/** Opens the folder of an epic; makes it when it is new. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Answer<Workspace>> {
  const { ports, projectsFolder, dirname, guard } = options;
  const root = `${projectsFolder}/${dirname}`;
  const admin = `${root}/.agentleeops`;
  const call = { key: dirname };
  const projects = await ports.files.realPath(projectsFolder, { key: "projects" });
  if (projects.kind !== "ok") return failed(projects);
  let real = await ports.files.realPath(root, call);
  if (real.kind !== "ok" && real.error.code === "ENOENT") {
    if (options.mode === "FEATURE") return refused(`the workspace ${dirname} does not exist`);
    guard.require(options.diskMarginMs);
    const made = await ports.files.makeFolder(root, call);
    if (made.kind !== "ok") return failed(made);
    real = await ports.files.realPath(root, call);
  }
  if (real.kind !== "ok") return failed(real);
  if (real.value !== `${projects.value}/${dirname}`) return refused(`the workspace ${dirname} is a link`);

  const owned = await own(options, root, admin);
  if (owned.kind !== "ok") return owned;
  if (options.resumed) await removeTemporaries(ports, admin, dirname);
  const { generation } = options;
  // A name that is no plain one would lead elsewhere.
  const ledgerFolder = `${options.ledgersFolder}/${/^[a-z0-9-]+$/.test(dirname) ? dirname : digest64(dirname)}`;
  const ledger = new ApprovalLedger(ports, { folder: ledgerFolder, label: dirname, generation });
  const files: RatchetFiles = { ports, folder: admin, label: dirname, generation, ledger };
  const ratchet = await options.ratchetPolicy.load(files);
  if (ratchet.kind !== "ok") return ratchet;
  return { kind: "ok", value: new Workspace(options, { realRoot: real.value, files, ratchet: ratchet.value }) };
}

/** A workspace belongs to the epic that used it first: two epics in one folder would not exclude each other. */
async function own(options: WorkspaceOptions, root: string, admin: string): Promise<Answer<void>> {
  const { ports, dirname, scope } = options;
  const call = { key: `${dirname}/owner` };
  const owner = await ports.files.readText(`${admin}/epic`, call);
  if (owner.kind === "ok") {
    const epic = readOwner(owner.value);
    if (epic === scope) return done;
    if (epic !== undefined) return refused(`the workspace ${dirname} belongs to ${epic.slice(0, 200)}`);
    ports.log.event("workspace.ownerLost", { workspace: dirname, scope });
  } else if (owner.error.code !== "ENOENT") return failed(owner);
  options.guard.require(options.diskMarginMs);
  for (const name of ["approvals", "locked", "tmp"]) {
    const made = await ports.files.makeFolder(`${admin}/${name}`, { key: `${dirname}/${name}` });
    if (made.kind !== "ok") return failed(made);
  }
  for (const folder of [admin, root]) {
    const synced = await ports.files.sync(folder, call);
    if (synced.kind !== "ok") return failed(synced);
  }
  // Last: where the owner stands, the folders stand as well.
  const temporaryPath = `${admin}/tmp/epic.g${options.generation}`;
  const written = await writeDurably(ports.files, {
    path: `${admin}/epic`,
    temporaryPath,
    content: `${digest64(scope)} ${scope}\n`,
    call,
  });
  return written.kind === "ok" ? done : failed(written);
}

/** undefined when the text is damaged: a name that lost its end must not look like another epic's. */
function readOwner(text: string): string | undefined {
  const scope = text.slice(17, -1);
  return text === `${digest64(scope)} ${scope}\n` ? scope : undefined;
}

async function removeTemporaries(ports: Ports, admin: string, label: string): Promise<void> {
  const listing = await ports.files.list(`${admin}/tmp`, { key: `${label}/tmp` });
  if (listing.kind !== "ok") return;
  for (const { name } of listing.value) await ports.files.remove(`${admin}/tmp/${name}`, { key: `${label}/tmp` });
}

/** File names. */
export interface ChangedRecords {
  /** Were taken away. */
  readonly missing: readonly string[];
  /** Nobody here wrote them. */
  readonly forged: readonly string[];
}

/** What a run may do in the folder of its epic. Paths are relative and plain. Nothing goes through a link. */
export class Workspace {
  readonly root: string;
  readonly dirname: string;
  /** Without links. */
  readonly realRoot: string;

  private readonly options: WorkspaceOptions;
  private readonly folder: GuardedFolder;
  private readonly ratchetFiles: RatchetFiles;
  private readonly told = new Set<string>();
  private ratchet: Ratchet;
  /** Names in the ledger, once they were asked for: nobody else adds to it while this run has the lease. */
  private records: Set<string> | undefined;

  constructor(
    options: WorkspaceOptions,
    found: { readonly realRoot: string; readonly files: RatchetFiles; readonly ratchet: Ratchet },
  ) {
    this.options = options;
    this.root = `${options.projectsFolder}/${options.dirname}`;
    this.dirname = options.dirname;
    this.realRoot = found.realRoot;
    this.folder = this.guard({ root: this.root, realRoot: this.realRoot, label: this.dirname });
    this.ratchetFiles = found.files;
    this.ratchet = found.ratchet;
  }

  /** The work tree of one story, below the workspace's own folder. */
  worktree(id: string): GuardedFolder {
    const path = worktreePath(id);
    const root = `${this.root}/${path}`;
    return this.guard({ root, realRoot: `${this.realRoot}/${path}`, label: `${this.dirname}/${id}` });
  }

  /** Removes the folder of a story's work tree; what git knows of it stays. */
  removeWorktree(id: string): Promise<Answer<void>> {
    return this.folder.remove(worktreePath(id));
  }

  private guard(place: { readonly root: string; readonly realRoot: string; readonly label: string }): GuardedFolder {
    const { ports, guard, diskMarginMs, generation, artifactBytesMax, scope } = this.options;
    return new GuardedFolder({
      ports,
      guard,
      diskMarginMs,
      generation,
      temporaryFolder: `${this.admin}/tmp`,
      writeFile: this.options.writeFile,
      artifactLimit: { bytesMax: artifactBytesMax, card: scope },
      ...place,
    });
  }

  isLocked(path: string): boolean {
    return lockedHash(this.ratchet, path) !== undefined;
  }

  /** Approved artifacts in code-unit order. */
  lockedPaths(): readonly string[] {
    return lockedPaths(this.ratchet);
  }

  /** undefined when there is no such file, or something stands in its place that is none. */
  read(path: string): Promise<Answer<string | undefined>> {
    return this.folder.read(path);
  }

  /** As `read`; of an approved file always what was approved, whatever stands in its place by now. */
  async readTrue(path: string): Promise<Answer<string | undefined>> {
    const found = await this.read(path);
    const hash = lockedHash(this.ratchet, path);
    if (found.kind !== "ok" || hash === undefined) return found;
    const file = { files: this.ratchetFiles, path, hash, content: found.value };
    return (await this.options.ratchetPolicy.isIntact(file)) ? found : this.readKept(path, hash);
  }

  private async readKept(path: string, hash: string): Promise<Answer<string>> {
    const kept = await this.files.readText(`${this.admin}/locked/${hash}`, { key: `${this.dirname}/locked/${path}` });
    if (kept.kind !== "ok" && !isAbsence(kept.error)) return failed(kept);
    if (kept.kind === "ok" && sha256(kept.value) === hash) return { kind: "ok", value: kept.value };
    return refused(`${path} was changed after its approval, and no true copy of it is left`);
  }

  /** Replaces the file as a whole. Refuses what is approved and what lies outside. */
  async write(path: string, content: string): Promise<Answer<void>> {
    if (!isPlainPath(path) || isReserved(path)) {
      return refused(`${JSON.stringify(path)} is no path that may be written`);
    }
    const question = {
      ratchet: this.ratchet,
      path,
      locked: this.isLocked(path),
      exists: async () =>
        (await this.files.stat(`${this.root}/${path}`, { key: `${this.dirname}/${path}` })).kind === "ok",
    };
    if (!(await this.options.ratchetPolicy.mayWrite(question))) return refused(`${path} is approved and locked`);
    return this.folder.write(path, content);
  }

  /** Refuses what is approved and what lies outside. */
  async remove(path: string): Promise<Answer<void>> {
    if (this.isLocked(path) || isReserved(path)) return refused(`${path} may not be removed`);
    return this.folder.remove(path);
  }

  /** What the approved content was made from; undefined when the path is not locked. */
  basisOf(path: string): string | undefined {
    const artifact = artifactAt(this.ratchet, path);
    return artifact?.status === "LOCKED" ? artifact.basis : undefined;
  }

  /** The hash of the approved content; undefined when the path is not locked. */
  hashOf(path: string): string | undefined {
    return lockedHash(this.ratchet, path);
  }

  /** Was approved once, and is open again. */
  isReopened(path: string): boolean {
    return artifactAt(this.ratchet, path)?.status === "UNLOCKED";
  }

  /**
   * Approves what stands on disk. Order: the kept copy, the record of the approval, its copy in the workspace, the
   * ratchet; from the second on it holds, whatever happens to the others.
   *
   * @returns the hash
   */
  async lock(path: string, approved: { readonly card: string; readonly basis: string }): Promise<Answer<string>> {
    const known = lockedHash(this.ratchet, path);
    if (known !== undefined) return { kind: "ok", value: known };
    const content = await this.read(path);
    if (content.kind !== "ok") return content;
    if (content.value === undefined || content.value.trim() === "") return refused(`there is no ${path} to approve`);
    const hash = sha256(content.value);
    const kept = await this.writeAdmin(`locked/${hash}`, content.value, `locked/${path}`);
    if (kept.kind !== "ok") return kept;
    const { card, basis } = approved;
    const generation = nextGeneration(this.ratchet, path);
    const recorded = await this.record({ kind: "lock", path, hash, generation, basis }, { card });
    return recorded.kind === "ok" ? { kind: "ok", value: hash } : recorded;
  }

  /** Opens an approved artifact again. Its content stays, also as a kept copy. Without effect when it is not locked. */
  async unlock(
    path: string,
    asked: { readonly card: string; readonly cause: string; readonly reason: string },
  ): Promise<Answer<void>> {
    const known = artifactAt(this.ratchet, path);
    if (known?.status !== "LOCKED") return done;
    const { hash, basis } = known;
    return this.record({ kind: "unlock", path, hash, generation: nextGeneration(this.ratchet, path), basis }, asked);
  }

  private async record(approval: Approval, asked: { readonly card: string }): Promise<Answer<void>> {
    const { kind, path, hash } = approval;
    const nowMs = this.options.ports.clock.nowMs();
    const content = `${JSON.stringify({ ...approval, ...asked, atMs: nowMs })}\n`;
    const name = approvalFileName(approval);
    this.options.guard.require(this.options.diskMarginMs);
    const recorded = await this.ratchetFiles.ledger.add(name, content);
    if (recorded.kind !== "ok") return recorded;
    this.records?.add(name);
    const copied = await this.writeAdmin(`approvals/${name}`, content, `approvals/${path}`);
    if (copied.kind !== "ok") return copied;
    const changed = withApproval(this.ratchet, approval, nowMs);
    this.options.guard.require(this.options.diskMarginMs);
    const saved = await this.options.ratchetPolicy.save(this.ratchetFiles, changed);
    if (saved.kind !== "ok") return saved;
    this.ratchet = changed;
    this.options.ports.log.event(kind === "lock" ? "artifact.locked" : "artifact.unlocked", {
      workspace: this.dirname,
      path,
      hash,
      card: asked.card,
    });
    return done;
  }

  /** Approved artifacts that are not what was approved, in code-unit order. */
  async findChanged(): Promise<Answer<readonly string[]>> {
    const changed: string[] = [];
    const locked = [...this.lockedPaths()];
    const contents = await this.folder.readAll(locked);
    if (contents.kind !== "ok") return contents;
    for (const path of locked) {
      const hash = lockedHash(this.ratchet, path)!;
      const file = { files: this.ratchetFiles, path, hash, content: contents.value.get(path) };
      if (!(await this.options.ratchetPolicy.isIntact(file))) changed.push(path);
    }
    return { kind: "ok", value: changed };
  }

  /** Puts an approved artifact back as it was approved, from the kept copy. */
  async restore(path: string, card: string): Promise<Answer<void>> {
    const hash = lockedHash(this.ratchet, path);
    assert(hash !== undefined, `${path} is approved`);
    const kept = await this.readKept(path, hash);
    if (kept.kind !== "ok") return kept;
    this.options.guard.require(this.options.diskMarginMs);
    // First: through a link, what stands in the file's place is somebody else's.
    const cleared = await this.removeLinkedParent(path);
    if (cleared.kind !== "ok") return cleared;
    const stat = await this.files.stat(`${this.root}/${path}`, { key: `${this.dirname}/${path}` });
    if (stat.kind === "ok" && stat.value.kind === "folder") {
      const call = { key: `${this.dirname}/${path}`, recursive: true };
      const removed = await this.files.remove(`${this.root}/${path}`, call);
      if (removed.kind !== "ok") return failed(removed);
    }
    const written = await this.folder.write(path, kept.value);
    if (written.kind === "ok") {
      this.options.ports.log.event("artifact.restored", { workspace: this.dirname, path, card });
    }
    return written;
  }

  /** How the copies of the records in this workspace differ from the records. */
  async findChangedRecords(): Promise<Answer<ChangedRecords>> {
    if (this.records === undefined) {
      const kept = await this.ratchetFiles.ledger.list();
      if (kept.kind !== "ok") return kept;
      this.records = new Set(kept.value);
    }
    const found = await listRecords(this.ratchetFiles);
    if (found.kind !== "ok") return found;
    const records = [...this.records];
    const forged = found.value.filter((name) => !records.includes(name));
    return { kind: "ok", value: { missing: records.filter((name) => !found.value.includes(name)), forged } };
  }

  async putBackRecords({ missing, forged }: ChangedRecords): Promise<Answer<void>> {
    for (const name of forged) {
      const removed = await this.folder.remove(`.agentleeops/approvals/${name}`);
      if (removed.kind !== "ok") return removed;
    }
    for (const name of missing) {
      const content = await this.ratchetFiles.ledger.read(name);
      if (content.kind !== "ok") return content;
      const copied = await this.writeAdmin(`approvals/${name}`, content.value ?? "", `approvals/${name}`);
      if (copied.kind !== "ok") return copied;
    }
    return done;
  }

  /** Takes a file out of the way, to where people find it: `.agentleeops/aside`. */
  async setAside(path: string): Promise<Answer<void>> {
    const content = await this.read(path);
    if (content.kind !== "ok") return content;
    if (content.value !== undefined) {
      const kept = await this.writeAdmin(`aside/${encodeURIComponent(path)}`, content.value, `aside/${path}`);
      if (kept.kind !== "ok") return kept;
    }
    return this.remove(path);
  }

  restoreGitConfig(content: string): Promise<Answer<void>> {
    const key = `${this.dirname}/.git/config`;
    return this.folder.replace({ path: `${this.root}/.git/config`, name: "git-config", content, key });
  }

  /** Whether this run says so for the first time. */
  isNews(what: string): boolean {
    if (this.told.has(what)) return false;
    this.told.add(what);
    return true;
  }

  /** A folder that was replaced by a link to elsewhere is none of ours: the link goes, its target stays. */
  private async removeLinkedParent(path: string): Promise<Answer<void>> {
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      const call = { key: `${this.dirname}/${parent}` };
      const stat = await this.files.stat(`${this.root}/${parent}`, call);
      if (stat.kind !== "ok" || stat.value.kind === "folder") continue;
      const removed = await this.files.remove(`${this.root}/${parent}`, call);
      if (removed.kind !== "ok") return failed(removed);
    }
    return done;
  }

  private writeAdmin(path: string, content: string, label: string): Promise<Answer<void>> {
    const name = label.replaceAll("/", "-");
    return this.folder.replace({ path: `${this.admin}/${path}`, name, content, key: `${this.dirname}/${label}` });
  }

  private get files(): Ports["files"] {
    return this.options.ports.files;
  }

  private get admin(): string {
    return `${this.root}/.agentleeops`;
  }
}

const done: Answer<void> = { kind: "ok", value: undefined };

/** Where the work trees of stories stand in a workspace: git is told not to look there. */
export const worktreesPath = ".agentleeops/worktrees";

function worktreePath(id: string): string {
  return `${worktreesPath}/${id}`;
}

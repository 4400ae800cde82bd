import { sha256 } from "../../base/digest.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { parseApprovalFileName, type Approval } from "../governance/approval.ts";
import { emptyRatchet, parseRatchet, serialiseRatchet, withApprovals, type Ratchet } from "../governance/ratchet.ts";
import { writeDurably } from "./durable-write.ts";

/** The ratchet of one workspace on disk, for the policy that reads and writes it. */
export interface RatchetFiles {
  readonly ports: Ports;
  /** `.agentleeops`, absolute. */
  readonly folder: string;
  /** As it stands in calls: the workspace's name. */
  readonly label: string;
  /** Of the lease: no two writers share a temporary file. */
  readonly generation: number;
}

/** How the ratchet is kept and what it forbids. */
export interface RatchetPolicy {
  load(files: RatchetFiles): Promise<Answer<Ratchet>>;
  save(files: RatchetFiles, ratchet: Ratchet): Promise<Answer<void>>;
  mayWrite(question: WriteQuestion): boolean | Promise<boolean>;
  /** Whether an approved file is what was approved. */
  isIntact(found: ApprovedFile): boolean | Promise<boolean>;
}

export interface ApprovedFile {
  readonly files: RatchetFiles;
  readonly path: string;
  /** Of what was approved. */
  readonly hash: string;
  /** Of the file itself, reached through no link; undefined when there is none. */
  readonly content: string | undefined;
}

export interface WriteQuestion {
  readonly ratchet: Ratchet;
  /** In its plain spelling, inside the workspace. */
  readonly path: string;
  readonly locked: boolean;
  /** Whether a file stands there now. */
  exists(): Promise<boolean>;
}

/** Fails closed: what cannot be read is rebuilt from the approvals, and without them nothing may be written. */
export const strictRatchet: RatchetPolicy = {
  load: loadRatchet,
  save: saveRatchet,
  mayWrite: ({ locked }) => !locked,
  isIntact: ({ content, hash }) => content !== undefined && sha256(content) === hash,
};

async function loadRatchet(files: RatchetFiles): Promise<Answer<Ratchet>> {
  const text = await files.ports.files.readText(ratchetPath(files), { key: `${files.label}/ratchet` });
  if (text.kind !== "ok" && text.error.code !== "ENOENT") return { kind: "fail", reason: text.error.code };
  const approvals = await listApprovals(files);
  if (approvals.kind !== "ok") return approvals;
  const parsed = text.kind === "ok" ? parseRatchet(text.value) : emptyRatchet;
  if (parsed === undefined && approvals.value.length === 0) {
    const kept = await hasKept(files);
    if (kept.kind !== "ok") return kept;
    // With no copy of anything approved either, there was never an approval: it holds as much as none.
    if (kept.value)
      return { kind: "refused", reason: "the ratchet cannot be read and no record of an approval is left" };
  }
  const whole = withApprovals(parsed ?? emptyRatchet, approvals.value, files.ports.clock.nowMs());
  if (whole !== parsed) {
    // An attempt that was cut off may have left records that are not there for good: the ratchet must not outlive them.
    const synced = await files.ports.files.sync(`${files.folder}/approvals`, { key: `${files.label}/approvals` });
    if (synced.kind !== "ok") return { kind: synced.kind, reason: synced.error.code };
    files.ports.log.event("ratchet.rebuilt", { workspace: files.label, artifacts: approvals.value.length });
    const saved = await saveRatchet(files, whole);
    if (saved.kind !== "ok") return saved;
  }
  return { kind: "ok", value: whole };
}

async function saveRatchet(files: RatchetFiles, ratchet: Ratchet): Promise<Answer<void>> {
  const result = await writeDurably(files.ports.files, {
    path: ratchetPath(files),
    temporaryPath: `${files.folder}/tmp/ratchet.g${files.generation}`,
    content: serialiseRatchet(ratchet),
    call: { key: `${files.label}/ratchet` },
  });
  return result.kind === "ok" ? { kind: "ok", value: undefined } : { kind: result.kind, reason: result.error.code };
}

/** Whether a copy of something approved is kept: it is written before the record of its approval. */
async function hasKept({ ports, folder, label }: RatchetFiles): Promise<Answer<boolean>> {
  const listing = await ports.files.list(`${folder}/locked`, { key: `${label}/locked` });
  if (listing.kind === "ok") return { kind: "ok", value: listing.value.length > 0 };
  return listing.error.code === "ENOENT" ? { kind: "ok", value: false } : { kind: "fail", reason: listing.error.code };
}

export async function listApprovals(files: RatchetFiles): Promise<Answer<readonly Approval[]>> {
  const listing = await files.ports.files.list(`${files.folder}/approvals`, { key: `${files.label}/approvals` });
  if (listing.kind !== "ok") {
    return listing.error.code === "ENOENT" ? { kind: "ok", value: [] } : { kind: "fail", reason: listing.error.code };
  }
  return { kind: "ok", value: listing.value.flatMap(({ name }) => parseApprovalFileName(name) ?? []) };
}

export function ratchetPath(files: Pick<RatchetFiles, "folder">): string {
  return `${files.folder}/ratchet.json`;
}

import { sha256 } from "../../base/digest.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";
import { parseApprovalFileName } from "../governance/approval.ts";
import { emptyRatchet, foldApprovals, parseRatchet, serialiseRatchet, type Ratchet } from "../governance/ratchet.ts";
import type { ApprovalLedger } from "./approval-ledger.ts";
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
  readonly ledger: ApprovalLedger;
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

/**
 * Fails closed: the ratchet is what the records say, and one that says something else is written anew. Of a workspace
 * that comes without records of its own, the ratchet's word is taken; when it cannot be read, nothing may be written.
 */
export const strictRatchet: RatchetPolicy = {
  load: loadRatchet,
  save: saveRatchet,
  mayWrite: ({ locked }) => !locked,
  isIntact: ({ content, hash }) => content !== undefined && sha256(content) === hash,
};

async function loadRatchet(files: RatchetFiles): Promise<Answer<Ratchet>> {
  const text = await files.ports.files.readText(ratchetPath(files), { key: `${files.label}/ratchet` });
  if (text.kind !== "ok" && text.error.code !== "ENOENT") return { kind: "fail", reason: text.error.code };
  const parsed = text.kind === "ok" ? parseRatchet(text.value) : emptyRatchet;
  const names = await knownRecords(files);
  if (names.kind !== "ok") return names;
  const approvals = names.value.flatMap((name) => parseApprovalFileName(name) ?? []);
  if (approvals.length === 0) return parsed === undefined ? startAnew(files) : { kind: "ok", value: parsed };
  const whole = foldApprovals(approvals, parsed ?? emptyRatchet, files.ports.clock.nowMs());
  if (whole === parsed) return { kind: "ok", value: whole };
  files.ports.log.event("ratchet.rebuilt", { workspace: files.label, artifacts: approvals.length });
  const saved = await saveRatchet(files, whole);
  return saved.kind === "ok" ? { kind: "ok", value: whole } : saved;
}

/** Those of the ledger. A workspace that was approved before there was one brings its own, once. */
async function knownRecords(files: RatchetFiles): Promise<Answer<readonly string[]>> {
  const kept = await files.ledger.list();
  if (kept.kind !== "ok") return kept;
  if (kept.value !== undefined) return { kind: "ok", value: kept.value };
  const found = await listRecords(files);
  if (found.kind !== "ok") return found;
  for (const name of found.value) {
    const path = `${files.folder}/approvals/${name}`;
    const text = await files.ports.files.readText(path, { key: `${files.label}/approvals/${name}` });
    if (text.kind !== "ok") return { kind: "fail", reason: text.error.code };
    const added = await files.ledger.add(name, text.value);
    if (added.kind !== "ok") return added;
  }
  return found;
}

/** With no copy of anything approved either, there was never an approval: a ratchet that cannot be read holds as much as none. */
async function startAnew(files: RatchetFiles): Promise<Answer<Ratchet>> {
  const kept = await hasKept(files);
  if (kept.kind !== "ok") return kept;
  if (kept.value) return { kind: "refused", reason: "the ratchet cannot be read and no record of an approval is left" };
  files.ports.log.event("ratchet.rebuilt", { workspace: files.label, artifacts: 0 });
  const saved = await saveRatchet(files, emptyRatchet);
  return saved.kind === "ok" ? { kind: "ok", value: emptyRatchet } : saved;
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

/** File names of the records that stand in the workspace. */
export async function listRecords(files: RatchetFiles): Promise<Answer<readonly string[]>> {
  const listing = await files.ports.files.list(`${files.folder}/approvals`, { key: `${files.label}/approvals` });
  if (listing.kind !== "ok") {
    return listing.error.code === "ENOENT" ? { kind: "ok", value: [] } : { kind: "fail", reason: listing.error.code };
  }
  const names = listing.value.map(({ name }) => name).filter((name) => parseApprovalFileName(name) !== undefined);
  return { kind: "ok", value: names };
}

function ratchetPath(files: Pick<RatchetFiles, "folder">): string {
  return `${files.folder}/ratchet.json`;
}

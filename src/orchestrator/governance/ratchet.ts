import { isJsonObject } from "../../base/json.ts";
import { latestApprovals, type Approval } from "./approval.ts";

export interface RatchetedArtifact {
  readonly status: "LOCKED" | "UNLOCKED";
  /** SHA-256 of the approved content; of an unlocked one, of what was approved until then. */
  readonly hash: string;
  /** ISO 8601, UTC. Of an unlocked one, since when it is. */
  readonly locked_at: string;
  /** Of the record of approval that this stands for. */
  readonly generation: number;
  /** What the approved content was made from; see `Approval`. */
  readonly basis: string;
}

/**
 * What is approved in one workspace, by path: the fold of the records of approval. It tightens by a lock, and loosens by
 * an unlock that people asked for, and in no other way.
 */
export interface Ratchet {
  readonly version: 1;
  readonly artifacts: Readonly<Record<string, RatchetedArtifact>>;
}

export const emptyRatchet: Ratchet = { version: 1, artifacts: {} };

export function artifactAt(ratchet: Ratchet, path: string): RatchetedArtifact | undefined {
  return Object.hasOwn(ratchet.artifacts, path) ? ratchet.artifacts[path] : undefined;
}

/** The hash that binds a path; undefined when it may be written. */
export function lockedHash(ratchet: Ratchet, path: string): string | undefined {
  const artifact = artifactAt(ratchet, path);
  return artifact?.status === "LOCKED" ? artifact.hash : undefined;
}

/** In code-unit order. */
export function lockedPaths(ratchet: Ratchet): readonly string[] {
  return Object.keys(ratchet.artifacts)
    .filter((path) => lockedHash(ratchet, path) !== undefined)
    .toSorted();
}

/** Of the next record for a path. */
export function nextGeneration(ratchet: Ratchet, path: string): number {
  return (artifactAt(ratchet, path)?.generation ?? 0) + 1;
}

/** @returns the same ratchet when the record is no later than what the ratchet knows */
export function withApproval(ratchet: Ratchet, approval: Approval, nowMs: number): Ratchet {
  const { path, kind, hash, generation, basis } = approval;
  const known = artifactAt(ratchet, path);
  const status = kind === "lock" ? "LOCKED" : "UNLOCKED";
  if (known !== undefined) {
    if (known.generation > generation) return ratchet;
    if (known.generation === generation && known.status === status && known.hash === hash && known.basis === basis)
      return ratchet;
  }
  const artifact: RatchetedArtifact = { status, hash, locked_at: new Date(nowMs).toISOString(), generation, basis };
  return { version: 1, artifacts: { ...ratchet.artifacts, [path]: artifact } };
}

/** What the records say, whatever the ratchet says. The same ratchet when it says just that. */
export function foldApprovals(approvals: readonly Approval[], ratchet: Ratchet, nowMs: number): Ratchet {
  const latest = latestApprovals(approvals);
  let whole: Ratchet = { version: 1, artifacts: {} };
  for (const [path, approval] of latest) {
    const known = artifactAt(ratchet, path);
    const isSame =
      known !== undefined &&
      withApproval(ratchet, approval, nowMs) === ratchet &&
      known.generation === approval.generation;
    whole = isSame
      ? { version: 1, artifacts: { ...whole.artifacts, [path]: known } }
      : withApproval(whole, approval, nowMs);
  }
  const isWhole = Object.keys(ratchet.artifacts).length === latest.size;
  return isWhole && [...latest.keys()].every((path) => artifactAt(ratchet, path) === artifactAt(whole, path))
    ? ratchet
    : whole;
}

export function serialiseRatchet(ratchet: Ratchet): string {
  // Not by assignment: a path may be called `__proto__`.
  const artifacts = Object.fromEntries(
    Object.keys(ratchet.artifacts)
      .toSorted()
      .map((path) => [path, ratchet.artifacts[path]!]),
  );
  return `${JSON.stringify({ version: 1, artifacts }, null, 2)}\n`;
}

/** undefined when the text is no ratchet: never read that as "nothing is locked". */
export function parseRatchet(text: string): Ratchet | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value["version"] !== 1 || !isJsonObject(value["artifacts"])) return undefined;
  for (const artifact of Object.values(value["artifacts"])) {
    if (!isJsonObject(artifact)) return undefined;
    if (artifact["status"] !== "LOCKED" && artifact["status"] !== "UNLOCKED") return undefined;
    if (typeof artifact["hash"] !== "string" || !/^[0-9a-f]{64}$/.test(artifact["hash"])) return undefined;
    if (typeof artifact["locked_at"] !== "string") return undefined;
    if (!Number.isSafeInteger(artifact["generation"]) || Number(artifact["generation"]) < 1) return undefined;
    if (typeof artifact["basis"] !== "string" || !/^[0-9a-f]{16}$/.test(artifact["basis"])) return undefined;
  }
  return value as unknown as Ratchet;
}

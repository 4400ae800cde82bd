import { isJsonObject } from "../../base/json.ts";

export interface LockedArtifact {
  readonly status: "LOCKED" | "UNLOCKED";
  /** SHA-256 of the approved content. */
  readonly hash: string;
  /** ISO 8601, UTC. */
  readonly locked_at: string;
}

/** What is approved in one workspace: path inside it to the approved content. It only ever tightens. */
export interface Ratchet {
  readonly version: 1;
  readonly artifacts: Readonly<Record<string, LockedArtifact>>;
}

export const emptyRatchet: Ratchet = { version: 1, artifacts: {} };

/** The hash that binds a path; undefined when it may be written. */
export function lockedHash(ratchet: Ratchet, path: string): string | undefined {
  const artifact = Object.hasOwn(ratchet.artifacts, path) ? ratchet.artifacts[path] : undefined;
  return artifact?.status === "LOCKED" ? artifact.hash : undefined;
}

/** In code-unit order. */
export function lockedPaths(ratchet: Ratchet): readonly string[] {
  return Object.keys(ratchet.artifacts)
    .filter((path) => lockedHash(ratchet, path) !== undefined)
    .toSorted();
}

/** The same ratchet when the path is locked already: what was approved first stays. */
export function lock(ratchet: Ratchet, lock: { path: string; hash: string; lockedAtMs: number }): Ratchet {
  if (lockedHash(ratchet, lock.path) !== undefined) return ratchet;
  const artifact: LockedArtifact = {
    status: "LOCKED",
    hash: lock.hash,
    locked_at: new Date(lock.lockedAtMs).toISOString(),
  };
  return { version: 1, artifacts: { ...ratchet.artifacts, [lock.path]: artifact } };
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
  }
  return value as unknown as Ratchet;
}

export interface Approval {
  readonly path: string;
  readonly hash: string;
}

/**
 * The name of the file that records one approval: it says by itself what was approved, so that a listing of the
 * approvals is enough to tell whether the ratchet is whole.
 */
export function approvalFileName({ path, hash }: Approval): string {
  return `${encodeURIComponent(path)}@${hash}.json`;
}

export function parseApprovalFileName(name: string): Approval | undefined {
  const match = /^([A-Za-z0-9%._!~*'()-]+)@([0-9a-f]{64})\.json$/.exec(name);
  if (match === null) return undefined;
  try {
    return { path: decodeURIComponent(match[1]!), hash: match[2]! };
  } catch {
    return undefined;
  }
}

/** Every approval holds, whatever the ratchet says. The same ratchet when nothing was missing. */
export function withApprovals(ratchet: Ratchet, approvals: readonly Approval[], lockedAtMs: number): Ratchet {
  let whole = ratchet;
  for (const { path, hash } of approvals) whole = lock(whole, { path, hash, lockedAtMs });
  return whole;
}

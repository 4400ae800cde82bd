/**
 * One record of what people approved, or took back: written once, never changed. The records of a path, in the order of
 * their generations, say whether it is locked and on what.
 */
export interface Approval {
  readonly kind: "lock" | "unlock";
  /** Inside the workspace. */
  readonly path: string;
  /** SHA-256 of what was approved; of an unlock, of what was approved until then. */
  readonly hash: string;
  /** From 1, for each path. */
  readonly generation: number;
  /** 16 hexadecimal digits: of the approved thing that this one was made from; zeros for nothing. */
  readonly basis: string;
}

/**
 * The name of the file of one record: it says by itself what was approved, so that a listing of the approvals is enough
 * to tell whether the ratchet is whole.
 */
export function approvalFileName({ kind, path, hash, generation, basis }: Approval): string {
  return `${encodeURIComponent(path)}@${String(generation).padStart(4, "0")}-${kind}-${basis}-${hash}.json`;
}

export function parseApprovalFileName(name: string): Approval | undefined {
  const match = /^([A-Za-z0-9%._!~*'()-]+)@(\d{4,9})-(lock|unlock)-([0-9a-f]{16})-([0-9a-f]{64})\.json$/.exec(name);
  if (match === null) return undefined;
  try {
    const [, path, generation, kind, basis, hash] = match;
    return {
      kind: kind as Approval["kind"],
      path: decodeURIComponent(path!),
      hash: hash!,
      generation: Number(generation),
      basis: basis!,
    };
  } catch {
    return undefined;
  }
}

/**
 * The record that counts for each path: the one of the highest generation. Of two with one generation, which only a
 * write that came late can leave, the lock counts; of two locks the one with the lower hash.
 */
export function latestApprovals(approvals: readonly Approval[]): ReadonlyMap<string, Approval> {
  const latest = new Map<string, Approval>();
  for (const approval of approvals) {
    const known = latest.get(approval.path);
    if (known === undefined || isLater(approval, known)) latest.set(approval.path, approval);
  }
  return latest;
}

function isLater(approval: Approval, than: Approval): boolean {
  if (approval.generation !== than.generation) return approval.generation > than.generation;
  if (approval.kind !== than.kind) return approval.kind === "lock";
  return approval.hash < than.hash;
}

import type { OpIdentity } from "../history/event.ts";

/** Who caused an effect: the sender of the operation, also when the network delivered it a second time. */
export interface Origin {
  readonly process: string;
  readonly incarnation: number;
  /** The network's doing: nobody sent it again. */
  readonly repeated: boolean;
}

export function originOf(op: OpIdentity | undefined): Origin {
  if (op === undefined) return { process: "", incarnation: 0, repeated: false };
  if (op.process !== "network") return { process: op.process, incarnation: op.incarnation, repeated: false };
  // The key of a repeated delivery is the site of the first one.
  const first = /^(.*?)@(\d+)\//.exec(op.key);
  return { process: first?.[1] ?? "", incarnation: Number(first?.[2] ?? 0), repeated: true };
}

/** What the operation was about, as its caller named it: also of one that the network delivered again. */
export function subjectOf(op: OpIdentity | undefined): string {
  if (op === undefined) return "";
  if (op.process !== "network") return op.key;
  return /\/[\w.]+\((.*)\)#\d+$/.exec(op.key)?.[1] ?? "";
}

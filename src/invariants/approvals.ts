import type { BoardView, CardView } from "./board-view.ts";
import type { DiskView, PathChange } from "./disk-view.ts";
import type { Facts } from "./facts.ts";

/** An approved file: what it held when it was approved, and who has changed it since. */
export interface Approval {
  /** As `shop/DESIGN.md`: the workspace and the path in it. */
  readonly place: string;
  readonly digest: string | undefined;
  /** While it is not what was approved. */
  deviation: { readonly by: string; readonly atUs: number; readonly how: PathChange["how"] } | undefined;
  /** What was written there since that was not approved, in their order. */
  readonly foreign: PathChange[];
}

/** That an approved file was opened again. */
export interface Reopening {
  readonly place: string;
  /** Of the file, absolute. */
  readonly path: string;
}

/**
 * Which files are approved: from the moment that a record of the approval stands on the disk, in the workspace or in the
 * system's own ledger, until one that opens them again does. What others put there says nothing, nor does a copy that
 * comes later.
 */
export class Approvals {
  private readonly root: string;
  private readonly ledgers: string;
  private readonly disk: DiskView;
  private readonly isSystem: (process: string) => boolean;
  private readonly byPath = new Map<string, Approval>();
  /** The generation of the record that counts, by the file that it is about. */
  private readonly generations = new Map<string, number>();

  constructor(facts: Facts, disk: DiskView, isSystem: (process: string) => boolean) {
    this.root = `${facts.projectsFolder}/`;
    this.ledgers = `${facts.stateFolder}/approvals/`;
    this.disk = disk;
    this.isSystem = isSystem;
  }

  /** @returns what the change opens again, if it does */
  observe(change: PathChange, atUs: number): Reopening | undefined {
    const record = this.recordAt(change.path);
    if (record !== undefined) return this.observeRecord(record, change);
    const approval = this.byPath.get(change.path);
    if (approval === undefined) return undefined;
    if (change.digest === approval.digest) approval.deviation = undefined;
    else approval.deviation ??= { by: whoseContent(approval, change), atUs, how: change.how };
    if (change.by !== "crash" && change.digest !== approval.digest) approval.foreign.push(change);
    return undefined;
  }

  private observeRecord({ kind, path, generation }: ApprovalRecord, change: PathChange): Reopening | undefined {
    if (change.digest === undefined || !this.isSystem(change.by)) return undefined;
    if (generation <= (this.generations.get(path) ?? 0)) return undefined;
    this.generations.set(path, generation);
    if (kind === "unlock") return this.reopen(path);
    this.approve(path);
    return undefined;
  }

  private recordAt(path: string): ApprovalRecord | undefined {
    if (path.startsWith(this.root)) return readRecord(/^(.*)\/\.agentleeops\/approvals\/([^/]+)$/.exec(path));
    if (!path.startsWith(this.ledgers)) return undefined;
    const place = /^([^/]+)\/([^/]+)$/.exec(path.slice(this.ledgers.length));
    return place === null ? undefined : readRecord([path, this.root + place[1]!, place[2]!]);
  }

  /** @param path absolute */
  at(path: string): Approval | undefined {
    return this.byPath.get(path);
  }

  /** @param workspace its absolute folder */
  *of(workspace: string): Generator<Approval> {
    for (const [path, approval] of this.byPath) if (path.startsWith(`${workspace}/`)) yield approval;
  }

  get size(): number {
    return this.byPath.size;
  }

  /** What was approved first stays, until it is opened again. */
  private approve(path: string): void {
    if (this.byPath.has(path)) return;
    const digest = this.disk.digestOf(path);
    this.byPath.set(path, { place: path.slice(this.root.length), digest, deviation: undefined, foreign: [] });
  }

  private reopen(path: string): Reopening | undefined {
    return this.byPath.delete(path) ? { place: path.slice(this.root.length), path } : undefined;
  }
}

/**
 * A crash that undoes a repair in the middle brings back what others wrote, or, as they need not have synced it, the
 * beginning of it: it is theirs, not the crash's.
 */
function whoseContent({ foreign }: Approval, { by, digest, sizeBytes = Number.POSITIVE_INFINITY }: PathChange): string {
  if (by !== "crash") return by;
  const theirs = foreign.findLast((each) => each.digest === digest || sizeBytes < (each.sizeBytes ?? 0));
  return theirs?.by ?? by;
}

interface ApprovalRecord {
  readonly kind: "lock" | "unlock";
  /** Absolute: what the record is about. */
  readonly path: string;
  readonly generation: number;
}

/**
 * The name of a record of approval holds the path, its place in their order, and the content's hash.
 *
 * @param place the whole path, the workspace, and the name of the file
 */
function readRecord(place: readonly string[] | null): ApprovalRecord | undefined {
  const [, workspace, name] = place ?? [];
  const match =
    name === undefined ? null : /^([^@]+)@(\d{4,})-(lock|unlock)-[0-9a-f]{16}-[0-9a-f]{64}\.json$/.exec(name);
  if (match === null) return undefined;
  try {
    const path = `${workspace}/${decodeURIComponent(match[1]!)}`;
    return { kind: match[3] as ApprovalRecord["kind"], path, generation: Number(match[2]) };
  } catch {
    return undefined;
  }
}

/** The folder of a card's workspace, absolute; undefined when the card names none. */
export function workspaceOf(facts: Facts, card: CardView | undefined): string | undefined {
  const dirname = card?.metadata.get("dirname");
  return dirname === undefined || dirname === "" ? undefined : `${facts.projectsFolder}/${dirname}`;
}

/** The workspace of a work tree: a story's has its place below the workspace's own folder. */
export function workspaceOfTree(root: string): string {
  return root.replace(/\/\.agentleeops\/worktrees\/[^/]+$/, "");
}

/** The same for a run, by the card it was for. */
export function workspaceOfRun(facts: Facts, board: BoardView, cardId: number): string | undefined {
  return workspaceOf(facts, board.cards.get(cardId));
}

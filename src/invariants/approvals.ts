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
}

/** Which files are approved: from the moment that the record of the approval stands on the disk. */
export class Approvals {
  private readonly root: string;
  private readonly disk: DiskView;
  private readonly byPath = new Map<string, Approval>();

  constructor(facts: Facts, disk: DiskView) {
    this.root = `${facts.projectsFolder}/`;
    this.disk = disk;
  }

  observe(change: PathChange, atUs: number): void {
    if (!change.path.startsWith(this.root)) return;
    const approved = approvedPath(change.path);
    if (approved !== undefined) {
      if (change.digest !== undefined) this.approve(approved);
      return;
    }
    const approval = this.byPath.get(change.path);
    if (approval === undefined) return;
    if (change.digest === approval.digest) approval.deviation = undefined;
    else approval.deviation ??= { by: change.by, atUs, how: change.how };
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

  /** What was approved first stays. */
  private approve(path: string): void {
    if (this.byPath.has(path)) return;
    const digest = this.disk.digestOf(path);
    this.byPath.set(path, { place: path.slice(this.root.length), digest, deviation: undefined });
  }
}

/** The absolute path that a record of an approval is about: its name holds the path and the content's hash. */
function approvedPath(path: string): string | undefined {
  const match = /^(.*)\/\.agentleeops\/approvals\/([^/]+)@[0-9a-f]{64}\.json$/.exec(path);
  if (match === null) return undefined;
  try {
    return `${match[1]!}/${decodeURIComponent(match[2]!)}`;
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

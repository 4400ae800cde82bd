import type { Answer } from "../answer.ts";
import { mustBeTrue, type Board, type CardHandle } from "../board/board.ts";

export interface TagChange {
  readonly board: Board;
  readonly projectId: number;
  readonly card: CardHandle;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** As they were when the run began, if it has read them. */
  readonly atDispatch: readonly string[] | undefined;
}

export interface TagPolicy {
  /** @returns the tags after the change */
  write(change: TagChange): Promise<Answer<readonly string[]>>;
}

/** The board replaces all tags at once, so they are read again directly before; nothing is written when nothing changes. */
export const readModifyWrite: TagPolicy = {
  async write(change) {
    const { board, card, projectId } = change;
    const current = await board.getTaskTags(card);
    if (current.kind !== "ok") return current;
    const wanted = changedTags(current.value, change);
    if (wanted === undefined) return current;
    const written = mustBeTrue(await board.setTaskTags(projectId, card, wanted));
    return written.kind === "ok" ? { kind: "ok", value: wanted } : written;
  },
};

/** undefined when the change changes nothing. Keeps the order of what stays. */
export function changedTags(
  current: readonly string[],
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): readonly string[] | undefined {
  const kept = current.filter((tag) => !change.remove.includes(tag));
  const added = change.add.filter((tag) => !kept.includes(tag));
  return kept.length === current.length && added.length === 0 ? undefined : [...kept, ...added];
}

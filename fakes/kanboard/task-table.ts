import type { OpenCards } from "./open-cards.ts";
import { PagedArray } from "./paged-array.ts";
import type { TaskRow } from "./rows.ts";
import { Table } from "./table.ts";

/**
 * The cards. When one moves, the positions of others follow; their rows follow when they are looked at next, so a move
 * costs the same in a full column as in an empty one.
 */
export class TaskTable extends Table<TaskRow> {
  private readonly openCards: OpenCards;
  /** The version of the positions that each row was last held against. */
  private readonly versions: PagedArray<number>;

  constructor(openCards: OpenCards, from?: TaskTable) {
    super((row) => row.project_id, from);
    this.openCards = openCards;
    this.versions = from?.versions.copy() ?? new PagedArray();
  }

  /** With the open cards of the copied board. */
  copyWith(openCards: OpenCards): TaskTable {
    return new TaskTable(openCards, this);
  }

  /** The row of a card as it was looked at last: its position may be an old one. */
  glance(id: number): TaskRow | undefined {
    return super.get(id);
  }

  protected override get(id: number): TaskRow | undefined {
    const row = super.get(id);
    if (row === undefined || row.is_active !== 1 || this.versions.get(id) === this.openCards.version) return row;
    this.versions.set(id, this.openCards.version);
    const position = this.openCards.positionOf(id);
    if (row.position === position) return row;
    const current = { ...row, position };
    this.refresh(current);
    return current;
  }
}

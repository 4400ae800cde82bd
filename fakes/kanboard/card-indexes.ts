import { IdIndex } from "./id-index.ts";
import { LayeredMap } from "./layered-map.ts";
import { PagedArray } from "./paged-array.ts";
import type { TaskRow } from "./rows.ts";
import { foldCase, type Cell } from "./sqlite.ts";

/** The cards by what they are asked for: an index for each question whose answer is to cost no more than itself. */
export class CardIndexes {
  /** Open and closed ones, by project. */
  readonly open: IdIndex<number>;
  readonly closed: IdIndex<number>;
  /** Open ones with a date until when they are due, by project. */
  readonly due: IdIndex<number>;
  /** By column and swimlane, open and closed. */
  readonly column: IdIndex<number>;
  readonly swimlane: IdIndex<number>;
  /** Open ones by column, and by column of those of one project, see `columnKey`. */
  readonly openColumn: IdIndex<number>;
  readonly openOwnColumn: IdIndex<number>;
  readonly owner: IdIndex<Cell>;
  readonly category: IdIndex<Cell>;
  /** By project and reference in lower case, see `referenceKey`. */
  readonly reference: IdIndex<string>;

  constructor(from?: CardIndexes) {
    this.open = from?.open.copy() ?? new IdIndex(new PagedArray());
    this.closed = from?.closed.copy() ?? new IdIndex(new PagedArray());
    this.due = from?.due.copy() ?? new IdIndex(new PagedArray());
    this.column = from?.column.copy() ?? new IdIndex(new PagedArray());
    this.swimlane = from?.swimlane.copy() ?? new IdIndex(new PagedArray());
    this.openColumn = from?.openColumn.copy() ?? new IdIndex(new PagedArray());
    this.openOwnColumn = from?.openOwnColumn.copy() ?? new IdIndex(new LayeredMap());
    this.owner = from?.owner.copy() ?? new IdIndex<Cell>(new LayeredMap());
    this.category = from?.category.copy() ?? new IdIndex<Cell>(new LayeredMap());
    this.reference = from?.reference.copy() ?? new IdIndex<string>(new LayeredMap());
  }

  copy(): CardIndexes {
    return new CardIndexes(this);
  }

  add(card: TaskRow): void {
    const { id } = card;
    (card.is_active === 1 ? this.open : this.closed).add(card.project_id, id);
    if (isDue(card)) this.due.add(card.project_id, id);
    this.column.add(card.column_id, id);
    this.swimlane.add(card.swimlane_id, id);
    if (card.is_active === 1) this.addOpen(card);
    this.owner.add(card.owner_id, id);
    this.category.add(card.category_id, id);
    if (card.reference !== null) this.reference.add(referenceKey(card.project_id, card.reference), id);
  }

  remove(card: TaskRow): void {
    const { id } = card;
    (card.is_active === 1 ? this.open : this.closed).delete(card.project_id, id);
    if (isDue(card)) this.due.delete(card.project_id, id);
    this.column.delete(card.column_id, id);
    this.swimlane.delete(card.swimlane_id, id);
    if (card.is_active === 1) this.deleteOpen(card);
    this.owner.delete(card.owner_id, id);
    this.category.delete(card.category_id, id);
    if (card.reference !== null) this.reference.delete(referenceKey(card.project_id, card.reference), id);
  }

  /** Follows a change of the row. */
  move(from: TaskRow, to: TaskRow): void {
    const { id } = to;
    const isProject = from.project_id === to.project_id;
    const isStatus = from.is_active === to.is_active;
    if (!isProject || !isStatus) {
      (from.is_active === 1 ? this.open : this.closed).delete(from.project_id, id);
      (to.is_active === 1 ? this.open : this.closed).add(to.project_id, id);
    }
    if (!isProject || isDue(from) !== isDue(to)) {
      if (isDue(from)) this.due.delete(from.project_id, id);
      if (isDue(to)) this.due.add(to.project_id, id);
    }
    if (!isProject || !isStatus || from.column_id !== to.column_id) {
      if (from.is_active === 1) this.deleteOpen(from);
      if (to.is_active === 1) this.addOpen(to);
    }
    change(this.column, from.column_id, to.column_id, id);
    change(this.swimlane, from.swimlane_id, to.swimlane_id, id);
    change(this.owner, from.owner_id, to.owner_id, id);
    change(this.category, from.category_id, to.category_id, id);
    if (isProject && from.reference === to.reference) return;
    if (from.reference !== null) this.reference.delete(referenceKey(from.project_id, from.reference), id);
    if (to.reference !== null) this.reference.add(referenceKey(to.project_id, to.reference), id);
  }

  private addOpen(card: TaskRow): void {
    this.openColumn.add(card.column_id, card.id);
    this.openOwnColumn.add(columnKey(card.project_id, card.column_id), card.id);
  }

  private deleteOpen(card: TaskRow): void {
    this.openColumn.delete(card.column_id, card.id);
    this.openOwnColumn.delete(columnKey(card.project_id, card.column_id), card.id);
  }
}

/** What the cards of one project in a column, maybe of another one, are found by. */
export function columnKey(project: number, column: number): number {
  return project * columnsMax + column;
}

/** A board stays far below. */
const columnsMax = 2 ** 26;

/** What a reference is found by in any case of letters, in one project. */
export function referenceKey(project: number, reference: string): string {
  return `${project}:${foldCase(reference)}`;
}

function change<Key>(index: IdIndex<Key>, from: Key, to: Key, id: number): void {
  if (from === to) return;
  index.delete(from, id);
  index.add(to, id);
}

function isDue(card: TaskRow): boolean {
  return card.is_active === 1 && card.date_due !== null && card.date_due !== 0;
}

import { assert } from "../../src/base/assert.ts";
import type { TaskRow } from "./rows.ts";

/** The open cards of each place on the board: a column and swimlane of a project. */
export class OpenCards {
  private readonly places = new Map<number, Set<number>>();

  copy(): OpenCards {
    const copy = new OpenCards();
    for (const [place, ids] of this.places) copy.places.set(place, new Set(ids));
    return copy;
  }

  add(card: TaskRow): void {
    const place = placeOf(card.project_id, card.column_id, card.swimlane_id);
    const ids = this.places.get(place);
    if (ids === undefined) this.places.set(place, new Set([card.id]));
    else ids.add(card.id);
  }

  remove(card: TaskRow): void {
    this.places.get(placeOf(card.project_id, card.column_id, card.swimlane_id))!.delete(card.id);
  }

  /** Follows a change of the row. */
  move(from: TaskRow, to: TaskRow): void {
    if (
      from.is_active === to.is_active &&
      from.column_id === to.column_id &&
      from.swimlane_id === to.swimlane_id &&
      from.project_id === to.project_id
    ) {
      return;
    }
    if (from.is_active === 1) this.remove(from);
    if (to.is_active === 1) this.add(to);
  }

  /** In no particular order. */
  at(project: number, column: number, swimlane: number): ReadonlySet<number> {
    return this.places.get(placeOf(project, column, swimlane)) ?? empty;
  }
}

const empty: ReadonlySet<number> = new Set();

/** One number for a place. Ids that no row can have give a place without cards. */
function placeOf(project: number, column: number, swimlane: number): number {
  if (!(isSmall(project) && isSmall(column) && isSmall(swimlane))) return -1;
  const place = (project * idsMax + column) * idsMax + swimlane;
  assert(Number.isSafeInteger(place), "a place on the board is one safe integer");
  return place;
}

function isSmall(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < idsMax;
}

/** Projects, columns and swimlanes of one board stay far below. */
const idsMax = 2 ** 17;

import { assert } from "../../src/base/assert.ts";
import { LayeredMap } from "./layered-map.ts";
import { PositionTrees } from "./position-trees.ts";
import type { TaskRow } from "./rows.ts";

/** The open cards of each place on the board, a column and swimlane of a project, in order of position and id. */
export class OpenCards {
  /** Raised whenever cards got other positions beside the one that was named. */
  version: number;

  readonly trees: PositionTrees;
  /** Roots of the trees. */
  private readonly places: LayeredMap<number, number>;

  constructor(from?: OpenCards) {
    this.version = from?.version ?? 0;
    this.trees = from?.trees.copy() ?? new PositionTrees();
    this.places = from?.places.copy() ?? new LayeredMap();
  }

  copy(): OpenCards {
    return new OpenCards(this);
  }

  positionOf(card: number): number {
    return this.trees.positionOf(card);
  }

  count(place: Place): number {
    const root = this.places.get(keyOf(place));
    return root === undefined ? 0 : this.trees.size(root);
  }

  /** In order. */
  ids(place: Place): number[] {
    const root = this.places.get(keyOf(place));
    return root === undefined ? [] : this.trees.ids(root);
  }

  /** At the position in its row. */
  add(card: TaskRow): void {
    this.trees.add(this.rootAt(card), card.id, card.position);
  }

  remove(card: TaskRow): void {
    this.trees.remove(card.id);
  }

  /** Follows a change of the row. */
  move(from: TaskRow, to: TaskRow): void {
    if (from.is_active === to.is_active && from.position === to.position && isSamePlace(from, to)) return;
    if (from.is_active === 1) this.remove(from);
    if (to.is_active === 1) this.add(to);
  }

  /** The positions of a place become 1, 2, 3 and so on. */
  closeGaps(place: Place): void {
    const root = this.places.get(keyOf(place));
    if (root !== undefined && this.trees.closeGaps(root)) this.version++;
  }

  /** Puts a card at a rank of a place without gaps; those behind it move on. */
  insertAt(place: Place, rank: number, card: number): void {
    const root = this.rootAt(place);
    if (rank <= this.trees.size(root)) this.version++;
    this.trees.insertAt(root, rank, card);
  }

  /** Leaves a position free in a place without gaps; those from there on move on. */
  openGap(place: Place, rank: number): void {
    this.trees.openGap(this.rootAt(place), rank);
    this.version++;
  }

  private rootAt(place: Place): number {
    const key = keyOf(place);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const root = this.trees.plant();
    this.places.set(key, root);
    return root;
  }
}

export type Place = Pick<TaskRow, "project_id" | "column_id" | "swimlane_id">;

export function isSamePlace(left: Place, right: Place): boolean {
  return (
    left.column_id === right.column_id && left.swimlane_id === right.swimlane_id && left.project_id === right.project_id
  );
}

/** One number for a place. Ids that no row can have give a place without cards. */
function keyOf({ project_id: project, column_id: column, swimlane_id: swimlane }: Place): number {
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

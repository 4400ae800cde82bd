import { assert } from "../../src/base/assert.ts";
import type { TaskRow } from "./rows.ts";

/** The cards of each project by reference; several may have one reference, and most have the empty one. */
export class CardReferences {
  private readonly projects = new Map<number, Map<string, number[]>>();

  copy(): CardReferences {
    const copy = new CardReferences();
    for (const [project, references] of this.projects) {
      const ids = [...references].map(([reference, cards]) => [reference, cards.slice()] as const);
      copy.projects.set(project, new Map(ids));
    }
    return copy;
  }

  /** The card with the lowest id. */
  first(project: number, reference: string): number | undefined {
    return this.projects.get(project)?.get(reference)?.[0];
  }

  add(card: TaskRow): void {
    if (card.reference === null) return;
    let references = this.projects.get(card.project_id);
    if (references === undefined) this.projects.set(card.project_id, (references = new Map<string, number[]>()));
    const ids = references.get(card.reference);
    if (ids === undefined) references.set(card.reference, [card.id]);
    else ids.splice(indexIn(ids, card.id), 0, card.id);
  }

  remove(card: TaskRow): void {
    if (card.reference === null) return;
    const references = this.projects.get(card.project_id)!;
    const ids = references.get(card.reference)!;
    const index = indexIn(ids, card.id);
    assert(ids[index] === card.id, `card ${card.id} has no entry for its reference`);
    ids.splice(index, 1);
    if (ids.length === 0) references.delete(card.reference);
  }

  /** Follows a change of the row. */
  move(from: TaskRow, to: TaskRow): void {
    if (from.reference === to.reference && from.project_id === to.project_id) return;
    this.remove(from);
    this.add(to);
  }
}

/** Where an id stands in an ascending list, or belongs. */
function indexIn(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

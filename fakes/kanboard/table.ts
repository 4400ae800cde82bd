import { assert } from "../../src/base/assert.ts";
import type { JsonArray, JsonObject, JsonValue } from "../../src/base/json.ts";
import { rowId } from "./sqlite.ts";

/**
 * Rows by id, as SQLite keeps them: the next id is the highest one plus 1, so the id of a removed last row comes again.
 * Rows are immutable and replaced on update, so what was handed out stays as it was. Shapes for the API are built once
 * per row, or once per parent for a listing, and dropped when a row changes.
 */
export class Table<Row extends { readonly id: number }> {
  private readonly rows: (Row | undefined)[];
  private readonly parentOf: (row: Row) => number;
  /** Ids of the rows of each parent, ascending. */
  private readonly children: (number[] | undefined)[];
  private readonly rowViews: (JsonObject | undefined)[];
  private readonly listings: (JsonArray | undefined)[];

  /** @param parentOf the id of the row's parent, 0 or more */
  constructor(parentOf: (row: Row) => number, from?: Table<Row>) {
    this.parentOf = parentOf;
    this.rows = from === undefined ? [undefined] : from.rows.slice();
    this.children = from === undefined ? [] : from.children.map((ids) => ids?.slice());
    this.rowViews = from === undefined ? [] : from.rowViews.slice();
    this.listings = from === undefined ? [] : from.listings.slice();
  }

  copy(): Table<Row> {
    return new Table(this.parentOf, this);
  }

  get nextId(): number {
    return this.rows.length;
  }

  /** By an id as a caller gave it. */
  find(id: JsonValue | undefined): Row | undefined {
    return this.rows[typeof id === "number" ? id : rowId(id)];
  }

  /** Ascending by id. */
  *all(): Generator<Row> {
    for (const row of this.rows) if (row !== undefined) yield row;
  }

  /** Ascending by id. */
  of(parent: number): Row[] {
    return (this.children[parent] ?? []).map((id) => this.rows[id]!);
  }

  hasAny(parent: number): boolean {
    return (this.children[parent]?.length ?? 0) > 0;
  }

  count(parent: number): number {
    return this.children[parent]?.length ?? 0;
  }

  insert(row: Row): Row {
    assert(row.id === this.rows.length, `row ${row.id} is not the next one, ${this.rows.length} is`);
    this.rows.push(row);
    this.adopt(row);
    return row;
  }

  replace(row: Row): Row {
    const old = this.rows[row.id];
    assert(old !== undefined, `row ${row.id} to replace is gone`);
    this.rows[row.id] = row;
    this.rowViews[row.id] = undefined;
    const parent = this.parentOf(row);
    if (this.parentOf(old) === parent) {
      this.listings[parent] = undefined;
    } else {
      this.abandon(old);
      this.adopt(row);
    }
    return row;
  }

  /** @returns whether it was there */
  remove(id: number): boolean {
    const row = this.rows[id];
    if (row === undefined) return false;
    this.rows[id] = undefined;
    while (this.rows.length > 1 && this.rows.at(-1) === undefined) this.rows.pop();
    this.rowViews[id] = undefined;
    this.abandon(row);
    return true;
  }

  /** The row's shape for the API, built when first asked for. */
  view(row: Row, build: (row: Row) => JsonObject): JsonObject {
    return (this.rowViews[row.id] ??= build(row));
  }

  /** One listing of a parent's rows, built when first asked for. Every caller of one table builds the same. */
  listing(parent: number, build: (rows: Row[]) => JsonArray): JsonArray {
    if (this.children[parent] === undefined) return build([]);
    return (this.listings[parent] ??= build(this.of(parent)));
  }

  private adopt(row: Row): void {
    const parent = this.parentOf(row);
    this.listings[parent] = undefined;
    const ids = (this.children[parent] ??= []);
    if (ids.length === 0 || ids.at(-1)! < row.id) {
      ids.push(row.id);
      return;
    }
    let index = ids.length;
    while (index > 0 && ids[index - 1]! > row.id) index--;
    ids.splice(index, 0, row.id);
  }

  private abandon(row: Row): void {
    const parent = this.parentOf(row);
    this.listings[parent] = undefined;
    const ids = this.children[parent]!;
    ids.splice(ids.indexOf(row.id), 1);
  }
}

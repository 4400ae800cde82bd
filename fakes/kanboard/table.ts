import { assert } from "../../src/base/assert.ts";
import type { JsonArray, JsonObject, JsonValue } from "../../src/base/json.ts";
import { IdIndex } from "./id-index.ts";
import { PagedArray } from "./paged-array.ts";
import { rowId } from "./sqlite.ts";

/**
 * Rows by id, as SQLite keeps them: the next id is the highest one plus 1, so the id of a removed last row comes again.
 * Rows are immutable and replaced on update, so what was handed out stays as it was. Shapes for the API are built once
 * per row, or once per parent for a listing, and dropped when a row changes. A copy shares what neither side changes.
 */
export class Table<Row extends { readonly id: number }> {
  /** Rows looked at so far: what a statement costs, in a number that every run repeats. */
  rowsVisited = 0;

  private readonly parentOf: (row: Row) => number;
  /** Without a hole at the end; nothing has the id 0. */
  private readonly rows: PagedArray<Row>;
  private readonly children: IdIndex<number>;
  private readonly rowViews: PagedArray<JsonObject>;
  private readonly listings: PagedArray<JsonArray>;

  /** @param parentOf the id of the row's parent, 0 or more */
  constructor(parentOf: (row: Row) => number, from?: Table<Row>) {
    this.parentOf = parentOf;
    this.rows = from?.rows.copy() ?? new PagedArray();
    this.children = from?.children.copy() ?? new IdIndex(new PagedArray());
    this.rowViews = from?.rowViews.copy() ?? new PagedArray();
    this.listings = from?.listings.copy() ?? new PagedArray();
    if (from === undefined) this.rows.length = 1;
  }

  copy(): Table<Row> {
    return new Table(this.parentOf, this);
  }

  get nextId(): number {
    return this.rows.length;
  }

  /** By an id as a caller gave it. */
  find(id: JsonValue | undefined): Row | undefined {
    return this.get(typeof id === "number" ? id : rowId(id));
  }

  /** Ascending by id. */
  *all(): Generator<Row> {
    for (let id = 1; id < this.rows.length; id++) {
      const row = this.get(id);
      if (row !== undefined) yield row;
    }
  }

  /** Ascending by id. */
  of(parent: number): Row[] {
    return this.children.ids(parent).map((id) => this.get(id)!);
  }

  /** Ids of a parent's rows, ascending. */
  idsOf(parent: number): number[] {
    return this.children.ids(parent);
  }

  hasAny(parent: number): boolean {
    return this.children.count(parent) > 0;
  }

  count(parent: number): number {
    return this.children.count(parent);
  }

  insert(row: Row): Row {
    assert(row.id === this.rows.length, `row ${row.id} is not the next one, ${this.rows.length} is`);
    this.rows.push(row);
    this.adopt(row);
    return row;
  }

  replace(row: Row): Row {
    const old = this.rows.get(row.id);
    assert(old !== undefined, `row ${row.id} to replace is gone`);
    this.rows.set(row.id, row);
    this.dropView(row.id);
    const parent = this.parentOf(row);
    if (this.parentOf(old) === parent) {
      this.dropListing(parent);
    } else {
      this.abandon(old);
      this.adopt(row);
    }
    return row;
  }

  /** @returns whether it was there */
  remove(id: number): boolean {
    const row = this.rows.get(id);
    if (row === undefined) return false;
    this.rows.set(id, undefined);
    this.rows.trim(1);
    this.dropView(id);
    this.abandon(row);
    return true;
  }

  /** The row's shape for the API, built when first asked for. */
  view(row: Row, build: (row: Row) => JsonObject): JsonObject {
    const known = this.rowViews.get(row.id);
    if (known !== undefined) return known;
    const view = build(row);
    this.rowViews.set(row.id, view);
    return view;
  }

  /** One listing of a parent's rows, built when first asked for and kept unless there are none. Every caller of one table builds the same. */
  listing(parent: number, build: () => JsonArray): JsonArray {
    const known = this.listings.get(parent);
    if (known !== undefined) return known;
    const listing = build();
    if (this.hasAny(parent)) this.listings.set(parent, listing);
    return listing;
  }

  /** Of a parent whose rows show something new. */
  dropListing(parent: number): void {
    if (this.listings.get(parent) !== undefined) this.listings.set(parent, undefined);
  }

  protected get(id: number): Row | undefined {
    this.rowsVisited++;
    return this.rows.get(id);
  }

  /** Brings up to date what follows from other rows: no change of the row itself. */
  protected refresh(row: Row): void {
    this.rows.set(row.id, row);
    this.dropView(row.id);
  }

  private dropView(id: number): void {
    if (this.rowViews.get(id) !== undefined) this.rowViews.set(id, undefined);
  }

  private adopt(row: Row): void {
    const parent = this.parentOf(row);
    this.dropListing(parent);
    this.children.add(parent, row.id);
  }

  private abandon(row: Row): void {
    const parent = this.parentOf(row);
    this.dropListing(parent);
    this.children.delete(parent, row.id);
  }
}

/**
 * An array that is copied when it is written to. A copy costs a few words; it and its source share pages of values until
 * one of them writes to a page, which then copies that page and the list of pages.
 */
export class PagedArray<Value> {
  /** The index after the last one that was set and not cut off. */
  length = 0;

  private pages: Page<Value>[] = [];
  /** Whether nobody else reads the list of pages. */
  private ownsList = true;
  /** Marks the pages that nobody else reads. */
  private owner: Owner = {};

  copy(): PagedArray<Value> {
    const copy = new PagedArray<Value>();
    copy.pages = this.pages;
    copy.length = this.length;
    copy.ownsList = false;
    this.ownsList = false;
    this.owner = {};
    return copy;
  }

  /** Undefined for what was never set, and for any number that is no index. */
  get(index: number): Value | undefined {
    if (index >>> 0 !== index) return undefined;
    return this.pages[index >>> pageBits]?.values[index & pageMask];
  }

  set(index: number, value: Value | undefined): void {
    const { values } = this.ownPage(index >>> pageBits);
    const offset = index & pageMask;
    while (values.length < offset) values.push(undefined);
    values[offset] = value;
    if (index >= this.length) this.length = index + 1;
  }

  push(value: Value): void {
    this.set(this.length, value);
  }

  /** Drops what was never set, or was set to undefined, from the end. */
  trim(lengthMin: number): void {
    while (this.length > lengthMin && this.get(this.length - 1) === undefined) this.length--;
  }

  clear(): void {
    this.pages = [];
    this.ownsList = true;
    this.length = 0;
  }

  private ownPage(number: number): Page<Value> {
    if (!this.ownsList) {
      this.pages = this.pages.slice();
      this.ownsList = true;
    }
    while (this.pages.length <= number) this.pages.push({ owner: this.owner, values: [] });
    const page = this.pages[number]!;
    if (page.owner === this.owner) return page;
    return (this.pages[number] = { owner: this.owner, values: page.values.slice() });
  }
}

/** An object whose identity says whose a page is. */
export type Owner = object;

interface Page<Value> {
  readonly owner: Owner;
  /** As long as needed, at most `pageSize`. */
  readonly values: (Value | undefined)[];
}

const pageBits = 7;
const pageSize = 2 ** pageBits;
const pageMask = pageSize - 1;

/**
 * Leaves out of a list what a test can do without: first large parts, then smaller ones, at last one by one until
 * nothing more can go. Later items go first: what they do depends on the earlier ones.
 * Source: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002 (the complements).
 *
 * @param works whether the list still does what is wanted; asked for smaller and smaller lists
 */
export async function reduceList<Item>(
  items: readonly Item[],
  works: (fewer: readonly Item[]) => Promise<boolean>,
): Promise<readonly Item[]> {
  let left = items;
  let size = Math.ceil(left.length / 2);
  while (left.length > 0) {
    const lengthBefore = left.length;
    for (let end = left.length; end > 0; end -= size) {
      const fewer = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      if (await works(fewer)) left = fewer;
    }
    if (size > 1) size = Math.max(1, Math.min(Math.ceil(size / 2), left.length));
    else if (left.length === lengthBefore) return left;
  }
  return left;
}

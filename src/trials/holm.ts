/**
 * Makes several p values so much larger that all that are below a level may be believed together at that level.
 * Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.
 *
 * @returns in the order given, each at most 1
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).toSorted((left, right) => ps[left]! - ps[right]!);
  const adjusted = Array.from({ length: ps.length }, () => 1);
  let largest = 0;
  order.forEach((index, place) => {
    largest = Math.max(largest, Math.min(1, ps[index]! * (ps.length - place)));
    adjusted[index] = largest;
  });
  return adjusted;
}

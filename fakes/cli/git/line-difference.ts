import { assert } from "../../../src/base/assert.ts";
import { compactChanges } from "./change-groups.ts";

/** Which lines are gone and which are new; all others stand in both texts, in the same order. */
export interface LineDifference {
  readonly removed: readonly boolean[];
  readonly added: readonly boolean[];
}

/**
 * Compares two texts by lines with the same choice among shortest edits as git's `xdiff` (2.39): Myers' linear space
 * variant, without lines that cannot match, then slid to where the indentation suggests.
 * Not modelled: the shortcuts that git takes in parts with more than 256 edits, where it may show a longer edit.
 */
export function compareLines(before: readonly string[], after: readonly string[]): LineDifference {
  const removed = before.map(() => false);
  const added = after.map(() => false);
  const [start, beforeEnd, afterEnd] = trim(before, after);
  const left = candidates(before, [start, beforeEnd], countLines(after), removed);
  const right = candidates(after, [start, afterEnd], countLines(before), added);
  new Search(
    { lines: left.map((at) => before[at]!), mark: (at) => (removed[left[at]!] = true) },
    { lines: right.map((at) => after[at]!), mark: (at) => (added[right[at]!] = true) },
  ).compare();
  compactChanges({ lines: before, changed: removed }, { changed: added });
  compactChanges({ lines: after, changed: added }, { changed: removed });
  return { removed, added };
}

/** The part between the lines that both texts begin and end with: its start, and its end in each. */
function trim(before: readonly string[], after: readonly string[]): readonly [number, number, number] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return [start, before.length - tail, after.length - tail];
}

function countLines(lines: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

type Frequency = "none" | "some" | "many";

/**
 * The lines that are worth comparing. Those without a counterpart, and frequent ones amid such, are marked as changed
 * right away.
 */
function candidates(
  lines: readonly string[],
  [start, end]: readonly [number, number],
  counterparts: ReadonlyMap<string, number>,
  changed: boolean[],
): readonly number[] {
  const many = Math.min(roughRoot(lines.length), FREQUENT_MIN_MAX);
  const frequencies = lines.slice(start, end).map((line): Frequency => {
    const count = counterparts.get(line) ?? 0;
    return count === 0 ? "none" : count >= many ? "many" : "some";
  });
  const kept: number[] = [];
  frequencies.forEach((frequency, index) => {
    const drop = frequency === "none" || (frequency === "many" && standsAmidChanges(frequencies, index));
    if (drop) changed[start + index] = true;
    else kept.push(start + index);
  });
  return kept;
}

/** Whether lines without a counterpart make up most of the neighbourhood, on both sides. */
function standsAmidChanges(frequencies: readonly Frequency[], index: number): boolean {
  const above = neighbours(frequencies, index, -1);
  if (above.none === 0) return false;
  const below = neighbours(frequencies, index, 1);
  if (below.none === 0) return false;
  // The line itself counts once for each side.
  const frequent = above.many + below.many + 2;
  return frequent * 4 < frequent + above.none + below.none;
}

function neighbours(
  frequencies: readonly Frequency[],
  index: number,
  step: 1 | -1,
): { readonly none: number; readonly many: number } {
  let none = 0;
  let many = 0;
  for (let distance = 1; distance <= NEIGHBOURHOOD_LINES; distance++) {
    const frequency = frequencies[index + step * distance];
    if (frequency === undefined || frequency === "some") break;
    if (frequency === "none") none += 1;
    else many += 1;
  }
  return { none, many };
}

/** A power of two near the square root. */
function roughRoot(count: number): number {
  let root = 1;
  for (let rest = count; rest > 0; rest = Math.floor(rest / 4)) root *= 2;
  return root;
}

const FREQUENT_MIN_MAX = 1024;
const NEIGHBOURHOOD_LINES = 100;

interface Side {
  readonly lines: readonly string[];
  readonly mark: (index: number) => void;
}

/** Divide and conquer: the middle of a shortest edit, found from both ends at once, splits the problem in two. */
class Search {
  private readonly before: Side;
  private readonly after: Side;
  /** By diagonal, `before` minus `after`: how far a path of so many edits gets from the start, and from the end. */
  private readonly forward: Int32Array;
  private readonly backward: Int32Array;
  private readonly origin: number;

  constructor(before: Side, after: Side) {
    this.before = before;
    this.after = after;
    const diagonals = before.lines.length + after.lines.length + 3;
    this.forward = new Int32Array(diagonals);
    this.backward = new Int32Array(diagonals);
    this.origin = after.lines.length + 1;
  }

  compare(): void {
    // By hand and not by recursion: a text can have many parts.
    const parts: Part[] = [[0, this.before.lines.length, 0, this.after.lines.length]];
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const [start1, end1, start2, end2] = this.shrink(part);
      if (start1 === end1) for (let at = start2; at < end2; at++) this.after.mark(at);
      else if (start2 === end2) for (let at = start1; at < end1; at++) this.before.mark(at);
      else {
        const [middle1, middle2] = this.middle([start1, end1, start2, end2]);
        parts.push([middle1, end1, middle2, end2], [start1, middle1, start2, middle2]);
      }
    }
  }

  private shrink([start1, end1, start2, end2]: Part): Part {
    const [before, after] = [this.before.lines, this.after.lines];
    while (start1 < end1 && start2 < end2 && before[start1] === after[start2]) {
      start1 += 1;
      start2 += 1;
    }
    while (start1 < end1 && start2 < end2 && before[end1 - 1] === after[end2 - 1]) {
      end1 -= 1;
      end2 -= 1;
    }
    return [start1, end1, start2, end2];
  }

  private middle([start1, end1, start2, end2]: Part): readonly [number, number] {
    const { forward, backward, origin } = this;
    const [before, after] = [this.before.lines, this.after.lines];
    const [lowest, highest] = [start1 - end2, end1 - start2];
    const [first, last] = [start1 - start2, end1 - end2];
    const odd = ((first - last) & 1) !== 0;
    let [forwardLow, forwardHigh, backwardLow, backwardHigh] = [first, first, last, last];
    forward[origin + first] = start1;
    backward[origin + last] = end1;
    for (;;) {
      if (forwardLow > lowest) forward[origin + --forwardLow - 1] = -1;
      else forwardLow += 1;
      if (forwardHigh < highest) forward[origin + ++forwardHigh + 1] = -1;
      else forwardHigh -= 1;
      for (let diagonal = forwardHigh; diagonal >= forwardLow; diagonal -= 2) {
        const below = forward[origin + diagonal - 1]!;
        const above = forward[origin + diagonal + 1]!;
        let at = below >= above ? below + 1 : above;
        while (at < end1 && at - diagonal < end2 && before[at] === after[at - diagonal]) at += 1;
        forward[origin + diagonal] = at;
        const meets = odd && backwardLow <= diagonal && diagonal <= backwardHigh;
        if (meets && backward[origin + diagonal]! <= at) return [at, at - diagonal];
      }
      if (backwardLow > lowest) backward[origin + --backwardLow - 1] = FAR;
      else backwardLow += 1;
      if (backwardHigh < highest) backward[origin + ++backwardHigh + 1] = FAR;
      else backwardHigh -= 1;
      for (let diagonal = backwardHigh; diagonal >= backwardLow; diagonal -= 2) {
        const below = backward[origin + diagonal - 1]!;
        const above = backward[origin + diagonal + 1]!;
        let at = below < above ? below : above - 1;
        while (at > start1 && at - diagonal > start2 && before[at - 1] === after[at - diagonal - 1]) at -= 1;
        backward[origin + diagonal] = at;
        const meets = !odd && forwardLow <= diagonal && diagonal <= forwardHigh;
        if (meets && at <= forward[origin + diagonal]!) return [at, at - diagonal];
      }
      assert(forwardLow <= forwardHigh, "the two searches meet");
    }
  }
}

/** Half-open: of the text before from, to; of the text after from, to. */
type Part = readonly [number, number, number, number];

const FAR = 0x7fffffff;

import { assert } from "../../../src/base/assert.ts";

/** One of two compared texts. */
interface Text {
  readonly lines: readonly string[];
  readonly changed: boolean[];
}

/**
 * A run of changed lines can often be slid up or down without changing what the edit does. Each one of `text` is put
 * where it lines up with a change of the `other` text, else where indentation and blank lines make the best split.
 * Source: `xdl_change_compact` and the indent heuristic of git 2.39, with its weights.
 */
export function compactChanges(text: Text, other: { readonly changed: boolean[] }): void {
  const group = new Group(text.changed, text.lines);
  const counterpart = new Group(other.changed);
  for (;;) {
    if (group.start < group.end) slide(text.lines, group, counterpart);
    if (!group.next()) return;
    assert(counterpart.next(), "both texts have as many unchanged lines");
  }
}

function slide(lines: readonly string[], group: Group, counterpart: Group): void {
  let size: number;
  let endMin: number;
  let alignable: boolean;
  do {
    size = group.end - group.start;
    alignable = false;
    while (group.slideUp()) counterpart.previous();
    endMin = group.end;
    alignable ||= counterpart.start < counterpart.end;
    while (group.slideDown()) {
      counterpart.next();
      alignable ||= counterpart.start < counterpart.end;
    }
    // On its way it may have taken up other groups; then it can go further.
  } while (size !== group.end - group.start);
  if (group.end === endMin) return;
  const up = (): void => {
    group.slideUp();
    counterpart.previous();
  };
  if (alignable) while (counterpart.start === counterpart.end) up();
  else {
    const end = bestEnd(lines, group, Math.max(endMin, group.end - size - 1, group.end - SLIDE_LINES_MAX));
    while (group.end > end) up();
  }
}

/** Between two unchanged lines: the changed lines there, which may be none. */
class Group {
  start = 0;
  end: number;
  private readonly changed: boolean[];
  private readonly lines: readonly string[];

  constructor(changed: boolean[], lines: readonly string[] = []) {
    this.changed = changed;
    this.lines = lines;
    this.end = this.endFrom(0);
  }

  /** @returns false at the end of the text */
  next(): boolean {
    if (this.end === this.changed.length) return false;
    this.start = this.end + 1;
    this.end = this.endFrom(this.start);
    return true;
  }

  previous(): void {
    assert(this.start > 0, "a group has one in front of it");
    this.end = this.start - 1;
    this.start = this.startFrom(this.end);
  }

  /** @returns false when the line above is not equal to the group's last */
  slideUp(): boolean {
    if (this.start === 0 || this.lines[this.start - 1] !== this.lines[this.end - 1]) return false;
    this.changed[--this.start] = true;
    this.changed[--this.end] = false;
    this.start = this.startFrom(this.start);
    return true;
  }

  slideDown(): boolean {
    if (this.end === this.changed.length || this.lines[this.start] !== this.lines[this.end]) return false;
    this.changed[this.start++] = false;
    this.changed[this.end++] = true;
    this.end = this.endFrom(this.end);
    return true;
  }

  private startFrom(index: number): number {
    let start = index;
    while (start > 0 && this.changed[start - 1] === true) start -= 1;
    return start;
  }

  private endFrom(index: number): number {
    let end = index;
    while (this.changed[end] === true) end += 1;
    return end;
  }
}

/** The lowest cost wins, of equal ones the last. */
function bestEnd(lines: readonly string[], group: Group, endMin: number): number {
  const size = group.end - group.start;
  let best: { readonly end: number; readonly cost: Cost } | undefined;
  for (let end = endMin; end <= group.end; end++) {
    const cost = addCosts(splitCost(lines, end), splitCost(lines, end - size));
    if (best === undefined || compareCosts(cost, best.cost) <= 0) best = { end, cost };
  }
  return best?.end ?? group.end;
}

interface Cost {
  readonly indent: number;
  readonly penalty: number;
}

function addCosts(left: Cost, right: Cost): Cost {
  return { indent: left.indent + right.indent, penalty: left.penalty + right.penalty };
}

function compareCosts(left: Cost, right: Cost): number {
  return INDENT_WEIGHT * Math.sign(left.indent - right.indent) + (left.penalty - right.penalty);
}

/** What it costs a reader when a change begins or ends in front of this line. */
function splitCost(lines: readonly string[], at: number): Cost {
  const own = at < lines.length ? indentOf(lines[at]!) : undefined;
  const above = nearestIndent(lines, at, -1);
  const below = nearestIndent(lines, at, 1);
  const blanksBelow = own === undefined ? 1 + below.blanks : 0;
  const blanks = above.blanks + blanksBelow;
  let penalty = BLANK_WEIGHT * blanks + BLANK_BELOW_WEIGHT * blanksBelow;
  if (above.indent === undefined && above.blanks === 0) penalty += START_OF_TEXT_PENALTY;
  if (at >= lines.length) penalty += END_OF_TEXT_PENALTY;
  const indent = own ?? below.indent;
  if (indent !== undefined && above.indent !== undefined) {
    const [withoutBlank, withBlank] =
      indent > above.indent
        ? INDENT_PENALTIES
        : indent === above.indent
          ? NO_PENALTIES
          : below.indent !== undefined && below.indent > indent
            ? OUTDENT_PENALTIES
            : DEDENT_PENALTIES;
    penalty += blanks === 0 ? withoutBlank : withBlank;
  }
  return { indent: indent ?? -1, penalty };
}

/** Over blank lines, of which too many count as a line without indentation. */
function nearestIndent(
  lines: readonly string[],
  at: number,
  step: 1 | -1,
): { readonly indent: number | undefined; readonly blanks: number } {
  let blanks = 0;
  for (let index = at + step; index >= 0 && index < lines.length; index += step) {
    const indent = indentOf(lines[index]!);
    if (indent !== undefined) return { indent, blanks };
    blanks += 1;
    if (blanks === BLANKS_MAX) return { indent: 0, blanks };
  }
  return { indent: undefined, blanks };
}

/** Columns, with a tab at each eighth. undefined for a blank line. */
function indentOf(line: string): number | undefined {
  let columns = 0;
  for (const char of line) {
    if (char === " ") columns += 1;
    else if (char === "\t") columns += 8 - (columns % 8);
    else if (!/[\n\v\f\r]/.test(char)) return columns;
    if (columns >= INDENT_MAX) return INDENT_MAX;
  }
  return undefined;
}

const SLIDE_LINES_MAX = 100;
const INDENT_MAX = 200;
const BLANKS_MAX = 20;
const INDENT_WEIGHT = 60;
const BLANK_WEIGHT = -30;
const BLANK_BELOW_WEIGHT = 6;
const START_OF_TEXT_PENALTY = 1;
const END_OF_TEXT_PENALTY = 21;
/** Against the line above, without and with blank lines at the split. */
const INDENT_PENALTIES = [-4, 10] as const;
const OUTDENT_PENALTIES = [24, 17] as const;
const DEDENT_PENALTIES = [23, 17] as const;
const NO_PENALTIES = [0, 0] as const;

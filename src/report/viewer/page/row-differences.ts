import type { Row } from "./state-rows.ts";

/** A row beside what it was in another state. */
export interface ComparedRow {
  readonly row: Row;
  readonly what: "same" | "added" | "removed" | "changed";
  /** By field: its value in the other state, where that differs. */
  readonly before: ReadonlyMap<string, string>;
}

/** The rows of a state beside those of another one; what only the other has stands where it would be. */
export function compareRows(rows: readonly Row[], others: readonly Row[]): ComparedRow[] {
  const otherByKey = new Map(others.map((row) => [row.key, row]));
  const keys = new Set(rows.map(({ key }) => key));
  const compared: ComparedRow[] = [];
  let other = 0;
  const addRemoved = (until: number): void => {
    for (; other < until; other++) {
      const row = others[other]!;
      if (!keys.has(row.key)) compared.push({ row, what: "removed", before: none });
    }
  };
  const otherIndex = new Map(others.map(({ key }, index) => [key, index]));
  for (const row of rows) {
    addRemoved(otherIndex.get(row.key) ?? other);
    compared.push(compareRow(row, otherByKey.get(row.key)));
  }
  addRemoved(others.length);
  return compared;
}

function compareRow(row: Row, other: Row | undefined): ComparedRow {
  if (other === undefined) return { row, what: "added", before: none };
  const before = new Map<string, string>();
  for (const [index, { name, value }] of row.fields.entries()) {
    const was = other.fields[index]!.value;
    if (was !== value) before.set(name, was);
  }
  return { row, what: before.size === 0 ? "same" : "changed", before };
}

/** A change in words: `tags: − started + done`. Lines that both values have are left out. */
export function describeDifference({ row, what, before }: ComparedRow): string[] {
  if (what === "added") return [`${row.title} is there`];
  if (what === "removed") return [`${row.title} is gone`];
  return row.fields
    .filter(({ name }) => before.has(name))
    .map(({ name, value }) => {
      const { removed, added } = lineDifference(before.get(name)!, value);
      const parts = [...signed("−", removed), ...signed("+", added)];
      return `${row.title}: ${name} ${parts.join("  ")}`;
    });
}

/** Lines that are set in go on with the one before them. */
function signed(sign: string, lines: readonly string[]): string[] {
  const filled = lines.filter((line) => line.trim() !== "");
  return filled.map((line, index) => (index > 0 && line.startsWith("  ") ? line.trim() : `${sign} ${line.trim()}`));
}

export function lineDifference(
  before: string,
  after: string,
): { readonly removed: string[]; readonly added: string[] } {
  const [was, is] = [linesOf(before), linesOf(after)];
  return {
    removed: was.filter((line) => !is.includes(line)),
    added: is.filter((line) => !was.includes(line)),
  };
}

export function linesOf(value: string): string[] {
  return value === "" ? [] : value.split("\n");
}

const none: ReadonlyMap<string, string> = new Map();

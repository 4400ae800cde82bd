import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";

export interface MeasuredTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** Each a list of columns with their values. */
  readonly rows: readonly (readonly (readonly [column: string, value: Cell])[])[];
}

type Cell = z.infer<typeof cell>;

/** The tables of a measurement or proof that the project keeps. @returns undefined when it is none of this name */
export function measuredTables(name: string, value: JsonValue): readonly MeasuredTable[] | undefined {
  const read = schema.safeParse(value);
  if (!read.success || read.data.name !== name) return undefined;
  return read.data.tables.map(({ title, columns, rows }) => ({
    title,
    columns,
    rows: rows.map((row) => columns.map((column, index) => [column, row[index] ?? null] as const)),
  }));
}

const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const schema = z.looseObject({
  version: z.literal(1),
  name: z.string(),
  tables: z.array(z.looseObject({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(cell)) })),
});

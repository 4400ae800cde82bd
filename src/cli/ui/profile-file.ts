import { z } from "zod";
import { spanKinds } from "../../orchestrator/spans/span.ts";
import type { ProfilePart, TableSection } from "../../report/campaign-page/campaign-document.ts";
import { readJsonFile } from "../input-file.ts";
import { engineSection, spanSections, type Section } from "../profile/profile-sections.ts";
import { UsageError } from "../usage-error.ts";
import { measuredTables, type MeasuredTable } from "./measured-tables.ts";

/** What `profile --json` printed, or the profile that the project keeps. @throws UsageError */
export function readProfile(what: string, path: string, source: string): ProfilePart {
  const value = readJsonFile({ what, path, sizeBytesMax: 16 * 1024 * 1024 });
  const printed = printedSchema.safeParse(value);
  if (printed.success) {
    const { real } = printed.data;
    const engine = real === undefined ? [] : [engineSection(real.shares, real.usPerOp)];
    return { source, sections: [...spanSections(printed.data), ...engine].map(printedSection) };
  }
  const measured = measuredTables("profile", value);
  if (measured !== undefined) return { source, sections: measured.map(measuredSection) };
  throw new UsageError({
    what,
    why: "is not what `stormlane profile --json` prints",
    fix: "name such a file, of this version, with --profile",
  });
}

const number = z.number();
const perKind = z.strictObject(
  Object.fromEntries([...spanKinds, "own"].map((kind) => [kind, number])) as Record<
    (typeof spanKinds)[number] | "own",
    z.ZodNumber
  >,
);
const percentiles = z.strictObject({ p50: number, p95: number, p99: number });
const part = {
  lane: number,
  runs: number,
  boardCallsPerRun: number,
  modelCallsPerRun: number,
  totalMs: percentiles,
  msByKind: perKind,
};
const printedSchema = z.looseObject({
  version: z.literal(2),
  lanes: z.array(z.strictObject(part)),
  agents: z.array(z.strictObject({ ...part, agent: z.string() })),
  operations: z.array(
    z.strictObject({ kind: z.enum(spanKinds), name: z.string(), count: number, errors: number, ms: percentiles }),
  ),
  rates: z.strictObject({
    runs: number,
    runsRetried: number,
    questions: number,
    modelRetries: number,
    answersRefused: number,
    answersRepaired: number,
    promptsCompressed: number,
    errors: z.record(z.enum(spanKinds), number),
  }),
  real: z.strictObject({ usPerOp: number, shares: z.array(z.tuple([z.string(), number])) }).optional(),
});

function printedSection({ title, columns, rows }: Section): TableSection {
  return {
    title,
    columns: columns.map((column) => ({ title: column.title, isNumber: column.align === "right" })),
    rows,
  };
}

function measuredSection({ title, columns, rows }: MeasuredTable): TableSection {
  const isNumber = (column: number): boolean =>
    rows.length > 0 && rows.every((row) => typeof row[column]![1] === "number");
  return {
    title,
    columns: columns.map((column, index) => ({ title: column, isNumber: isNumber(index) })),
    rows: rows.map((row) => row.map(([, value]) => String(value ?? ""))),
  };
}

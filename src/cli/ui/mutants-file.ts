import { z } from "zod";
import type { MutantCell, MutantsPart } from "../../report/campaign-page/campaign-document.ts";
import { readJsonFile } from "../input-file.ts";
import { UsageError } from "../usage-error.ts";
import { measuredTables } from "./measured-tables.ts";

/** What `mutants --json` printed, or the mutants of a measured proof. @throws UsageError */
export function readMutants(what: string, path: string, source: string): MutantsPart {
  const value = readJsonFile({ what, path, sizeBytesMax: 64 * 1024 * 1024 });
  const printed = printedSchema.safeParse(value);
  if (printed.success) return matrixOf(source, printed.data.mutants.map(trialsOf));
  const proved = measuredTables("mutants", value)?.find(({ title }) => title === "Mutants");
  const rows = proved?.rows.map((row) => provedSchema.safeParse(Object.fromEntries(row)).data);
  if (rows !== undefined && rows.every((row) => row !== undefined)) return matrixOf(source, rows.map(proofOf));
  throw new UsageError({
    what,
    why: "is not what `stormlane mutants --json` prints",
    fix: "name such a file with --mutants",
  });
}

interface Row {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  readonly strategy: string;
  readonly cell: MutantCell | null;
}

const printedSchema = z.looseObject({
  version: z.literal(1),
  command: z.literal("mutants"),
  mutants: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      scenario: z.string(),
      strategy: z.string(),
      // Absent where no trial came to its end.
      trials: z.number().optional(),
      found: z.number().optional(),
      runs: z.looseObject({ median: z.number().nullable() }).optional(),
    }),
  ),
});

function trialsOf({ id, title, scenario, strategy, trials, found, runs }: Printed): Row {
  const isTold = trials !== undefined && found !== undefined && runs !== undefined;
  return { id, title, scenario, strategy, cell: isTold ? { found, trials, runsMedian: runs.median } : null };
}

type Printed = z.infer<typeof printedSchema>["mutants"][number];

const provedSchema = z.looseObject({
  id: z.string(),
  mutant: z.string(),
  scenario: z.string(),
  "seeds needed": z.number().nullable(),
});

/** A proof runs one campaign of all strategies for each mutant. */
function proofOf({ id, mutant, scenario, "seeds needed": seeds }: z.infer<typeof provedSchema>): Row {
  const cell = { found: seeds === null ? 0 : 1, trials: 1, runsMedian: seeds };
  return { id, title: mutant, scenario, strategy: "portfolio", cell };
}

/** Mutants and strategies in the order in which they come. */
function matrixOf(source: string, rows: readonly Row[]): MutantsPart {
  const strategies = [...new Set(rows.map(({ strategy }) => strategy))];
  const byId = Map.groupBy(rows, ({ id }) => id);
  return {
    source,
    strategies,
    rows: [...byId.values()].map((own) => ({
      id: own[0]!.id,
      title: own[0]!.title,
      scenario: own[0]!.scenario,
      cells: strategies.map((strategy) => own.find((row) => row.strategy === strategy)?.cell ?? null),
    })),
  };
}

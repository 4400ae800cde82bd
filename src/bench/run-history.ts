import { z } from "zod";
import { originSchema } from "./baseline.ts";
import { summarise } from "./sample-summary.ts";
import type { Metrics } from "./verdict.ts";

/** One run of benchmarks in a file of many, a line each: what a machine keeps from night to night. */
export const historyLineSchema = z.strictObject({
  version: z.literal(1),
  ...originSchema.pick({ at: true, commit: true, hostClass: true, node: true }).shape,
  /** By metric. */
  medians: z.record(z.string(), z.strictObject({ unit: z.string(), value: z.number() })),
});

export type HistoryLine = z.infer<typeof historyLineSchema>;

export function historyLine(
  origin: Pick<HistoryLine, "at" | "commit" | "hostClass" | "node">,
  metrics: Metrics,
): HistoryLine {
  const { at, commit, hostClass, node } = origin;
  const names = Object.keys(metrics).toSorted();
  const medians = Object.fromEntries(
    names.map((name) => {
      const { unit, samples } = metrics[name]!;
      return [name, { unit, value: summarise(samples).p50 }];
    }),
  );
  return { version: 1, at, commit, hostClass, node, medians };
}

/** @returns the runs in the order of the file, or what is wrong with its first bad line */
export function parseHistory(text: string): readonly HistoryLine[] | { readonly line: number; readonly wrong: string } {
  const lines: HistoryLine[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line);
    if (typeof parsed === "string") return { line: index + 1, wrong: parsed };
    lines.push(parsed);
  }
  return lines;
}

function parseLine(line: string): HistoryLine | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is not JSON";
  }
  const parsed = historyLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return `${path.map(String).join(".")}: ${message}`;
}

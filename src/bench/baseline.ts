import { z } from "zod";
import { summarise } from "./sample-summary.ts";
import type { Metrics, Verdict } from "./verdict.ts";

const sampleSchema = z.strictObject({
  unit: z.string().min(1),
  isDeterministic: z.boolean(),
  samples: z.array(z.number()).min(1),
});

/** An instant in UTC, as `2026-01-05T09:00:00.000Z`: local times cannot be compared. */
const instantSchema = z.iso.datetime({ offset: false, local: false });

const refreshSchema = z.strictObject({
  at: instantSchema,
  by: z.string().min(1),
  reason: z.string().trim().min(1),
  commit: z.string().regex(/^[0-9a-f]{40}(-dirty)?$/),
});

export const originSchema = refreshSchema.extend({
  /** What is comparable: `linux-x64-2cpu`. */
  hostClass: z.string().min(1),
  node: z.string().regex(/^v\d+\.\d+\.\d+$/),
  operatingSystem: z.string().min(1),
});

const pastRefreshSchema = refreshSchema.extend({
  /** What the values that were refreshed looked like beside those before them. */
  verdict: z.enum(["ok", "comment", "fail", "invalid", "first"]),
  reasons: z.array(z.string()),
  medians: z.record(z.string(), z.number()),
});

/** A file of `reports/baselines/`: what was measured once, by whom, why, and what it took the place of. */
export const baselineSchema = z.strictObject({
  version: z.literal(1),
  origin: originSchema,
  metrics: z.record(z.string(), sampleSchema),
  /** The newest first; `historyMax` of them. */
  history: z.array(pastRefreshSchema).max(20),
});

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineOrigin = z.infer<typeof originSchema>;

export const historyMax = 20;

/** @returns the baseline, or each thing that is wrong with it, as `origin.reason: ...` */
export function parseBaseline(text: string): Baseline | { readonly wrong: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { wrong: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] };
  }
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return { wrong: parsed.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`) };
}

/**
 * The baseline with what was measured now in it. Of some metrics alone (`keepsOthers`), the others stay as they were, and the
 * history says of each when it was measured. What the change would have been judged as stays in its history for good:
 * a refresh may accept a worse value, and cannot hide it.
 */
export function refreshed(
  before: Baseline | undefined,
  metrics: Metrics,
  origin: BaselineOrigin,
  verdict: Verdict,
  { keepsOthers = false }: { readonly keepsOthers?: boolean } = {},
): Baseline {
  const reasons =
    verdict.kind === "ok"
      ? []
      : verdict.kind === "invalid"
        ? [verdict.why]
        : verdict.items.map(({ metric, level, reason }) => `${level}: ${metric} ${reason}`);
  const entry = {
    at: origin.at,
    by: origin.by,
    reason: origin.reason,
    commit: origin.commit,
    verdict: before === undefined ? ("first" as const) : verdict.kind,
    reasons: before === undefined ? [] : reasons,
    medians: mediansOf(metrics),
  };
  const all: Metrics = keepsOthers ? { ...before?.metrics, ...metrics } : metrics;
  return {
    version: 1,
    origin,
    metrics: Object.fromEntries(
      Object.keys(all)
        .toSorted()
        .map((name) => [name, { ...all[name]!, samples: [...all[name]!.samples] }]),
    ),
    history: [entry, ...(before?.history ?? [])].slice(0, historyMax),
  };
}

export interface TrendPoint {
  readonly at: string;
  readonly reason: string;
  readonly median: number;
}

/** Of the medians, the newest first: what `bench trend` shows. */
export function trendOf({ history }: Baseline, metric: string): readonly TrendPoint[] {
  return history.flatMap(({ at, reason, medians }) =>
    medians[metric] === undefined ? [] : [{ at, reason, median: medians[metric] }],
  );
}

/** Why two measurements cannot be judged against each other, for wall-clock metrics; nothing when they can. */
export function incomparable(
  now: Pick<BaselineOrigin, "hostClass" | "node">,
  before: Pick<BaselineOrigin, "hostClass" | "node">,
): string | undefined {
  if (now.hostClass !== before.hostClass) return `measured on ${now.hostClass}, the baseline on ${before.hostClass}`;
  const [major, baselineMajor] = [now.node, before.node].map((version) => version.split(".")[0]);
  if (major !== baselineMajor) return `measured with Node ${now.node}, the baseline with ${before.node}`;
  return undefined;
}

function mediansOf(metrics: Metrics): Record<string, number> {
  return Object.fromEntries(
    Object.keys(metrics)
      .toSorted()
      .map((name) => [name, summarise(metrics[name]!.samples).p50]),
  );
}

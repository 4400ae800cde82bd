import type { BenchModule } from "./bench-module.ts";
import { summarise } from "./sample-summary.ts";
import { thresholdOf } from "./thresholds.ts";
import type { Metrics } from "./verdict.ts";

/** What would slip through: a figure without a baseline is not judged, a baseline without a figure judges nothing. */
export interface CollectionGaps {
  /** Measured, and not in the baseline. */
  readonly missing: readonly string[];
  /** In the baseline, and measured no more. */
  readonly stale: readonly string[];
  /** So small that a fifth more of it lies below the floor: they can never fail. */
  readonly blunt: readonly string[];
}

/** Holds one lane's benchmarks against its baseline. */
export function collectionGaps(benches: readonly BenchModule[], baseline: Metrics): CollectionGaps {
  const measured = new Set(benches.flatMap(({ metrics }) => metrics));
  const inBaseline = Object.keys(baseline).toSorted();
  return {
    missing: [...measured].filter((name) => baseline[name] === undefined).toSorted(),
    stale: inBaseline.filter((name) => !measured.has(name)),
    blunt: inBaseline.filter((name) => isBlunt(name, baseline)),
  };
}

function isBlunt(name: string, baseline: Metrics): boolean {
  const metric = baseline[name]!;
  const { failPct, floor = 0 } = thresholdOf(name, metric);
  // A share has a floor in points because it may be next to nothing.
  if (metric.isDeterministic || metric.unit === "%" || failPct === undefined) return false;
  return (summarise(metric.samples).p50 * failPct) / 100 <= floor;
}

import { deterministicThreshold, wallClockThreshold, type Metric, type Threshold } from "./verdict.ts";

/** Of a share in percent: a fifth more of it, and five points at least. */
const shareThreshold: Threshold = { ...wallClockThreshold, floor: 5 };

/**
 * What an operation may take at most, whatever it took before, in nanoseconds. What is not named here has the threshold of
 * its kind alone.
 */
const budgetsNs: Readonly<Record<string, number>> = {
  "spawn, simulated": 1_000_000,
  "ledger write": 30_000_000,
  "config parse": 10_000_000,
  "prompt template": 5_000_000,
  span: 5_000,
};

/** A rate, as `cards/h`, is better when it is higher; all else is worse. */
export function thresholdOf(name: string, metric: Metric): Threshold {
  if (metric.isDeterministic) {
    return { ...deterministicThreshold, worse: metric.unit.includes("/") ? "lower" : "higher" };
  }
  if (metric.unit === "%") return shareThreshold;
  const budgetNs = budgetsNs[name];
  return budgetNs === undefined ? wallClockThreshold : { ...wallClockThreshold, failP95: budgetNs };
}

/** Every threshold there is, for people: a head, and rows of what, when it is a comment, and when it fails. */
export function gateTable(): readonly (readonly string[])[] {
  const edges = (what: string, unit: string, threshold: Threshold): readonly string[] => {
    const { commentPct, failPct, floor = 0, pMax } = threshold;
    const conditions = [
      ...(floor > 0 ? [`by more than ${floor} ${unit}`] : []),
      ...(pMax === undefined ? [] : [`p below ${pMax}`]),
    ];
    const edge = (percent: number | undefined): string =>
      percent === undefined ? "" : [`median worse by ${percent} % or more`, ...conditions].join(", ");
    return [what, edge(commentPct), edge(failPct)];
  };
  return [
    ["figure", "comment", "fail"],
    edges("deterministic", "", deterministicThreshold),
    edges("wall clock", "ns", wallClockThreshold),
    edges("share of a run", "points", shareThreshold),
    ...Object.entries(budgetsNs).map(([name, ns]) => [
      name,
      "",
      `or 95th percentile above ${ns >= 1e6 ? `${ns / 1e6} ms` : `${ns / 1e3} µs`}`,
    ]),
    ["one that the baseline does not have", "always", ""],
    ["one that was not measured", "", "always"],
  ];
}

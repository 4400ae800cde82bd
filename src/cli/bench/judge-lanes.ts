import { incomparable } from "../../bench/baseline.ts";
import { gates, type Lane } from "../../bench/lane.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { evaluate, type Metrics, type Verdict } from "../../bench/verdict.ts";
import { exitCodes } from "../exit-codes.ts";
import { verdictLines } from "./bench-tables.ts";
import { ofLane, readBaseline, type Measured } from "./measured-file.ts";

/** What one lane came to. */
export interface LaneVerdict {
  readonly lane: Lane;
  /** Whether a `fail` of it is one of the command. */
  readonly gates: boolean;
  readonly verdict: Verdict;
}

export interface Judgement {
  readonly judged: readonly LaneVerdict[];
  /** Of all lanes together. */
  readonly baselines: Metrics;
}

/**
 * Judges each lane against its baseline.
 *
 * @param isWhole everything was measured: what the baseline has beyond it has vanished
 */
export async function judgeLanes(
  { origin, metrics }: Measured,
  chosen: readonly Lane[],
  { isWhole, isNightly }: { readonly isWhole: boolean; readonly isNightly: boolean },
): Promise<Judgement> {
  const judged: LaneVerdict[] = [];
  const baselines: Record<string, Metrics[string]> = {};
  for (const lane of chosen) {
    const baseline = await readBaseline(lane);
    const measured = ofLane(metrics, lane);
    const before = isWhole ? (baseline?.metrics ?? {}) : pick(baseline?.metrics ?? {}, Object.keys(measured));
    Object.assign(baselines, before);
    const why = lane === "wall-clock" && baseline !== undefined ? incomparable(origin, baseline.origin) : undefined;
    const verdict: Verdict =
      why === undefined
        ? evaluate(measured, before, thresholdOf)
        : { kind: "comment", items: [{ metric: lane, level: "comment", reason: `not comparable: ${why}` }] };
    judged.push({ lane, gates: gates(lane, { isNightly }), verdict });
  }
  return { judged, baselines };
}

export function judgementLines(judged: readonly LaneVerdict[]): readonly string[] {
  return judged.map(
    ({ lane, gates: decides, verdict }) =>
      `${lane} (${decides ? "gates" : "advises"}): ${verdictLines(verdict).join("\n")}`,
  );
}

export function exitCodeOf(judged: readonly LaneVerdict[], broken: readonly unknown[]): number {
  const fails = judged.some((each) => each.verdict.kind === "invalid" || (each.gates && each.verdict.kind === "fail"));
  return fails || broken.length > 0 ? exitCodes.failed : exitCodes.held;
}

function pick(metrics: Metrics, names: readonly string[]): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => names.includes(name)));
}

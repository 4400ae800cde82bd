import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { incomparable, refreshed, type Baseline, type BaselineOrigin } from "../../bench/baseline.ts";
import { collectionGaps } from "../../bench/collection.ts";
import { lanes, type Lane } from "../../bench/lane.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { evaluate, type Metrics } from "../../bench/verdict.ts";
import { plainLine } from "../../report/plain-line.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";
import { runBenches } from "./bench.ts";
import { textTable, verdictLines } from "./bench-tables.ts";
import { loadBenches } from "./load-benches.ts";
import { baselinePath, changedFiles, ofLane, originOf, readBaseline } from "./measured-file.ts";

/** `bench check`: whether every baseline can be used, and has what is measured and nothing else. @returns the exit code */
export async function checkBaselines(host: Host): Promise<number> {
  const benches = await loadBenches([]);
  let isWhole = true;
  for (const lane of lanes) {
    const baseline = await readBaseline(lane);
    const gaps = collectionGaps(
      benches.filter((module) => module.lane === lane),
      baseline?.metrics ?? {},
    );
    const complaints = [
      ...gaps.missing.map((name) => `  ${name}: has no baseline; write one with bench refresh --reason "..."`),
      ...gaps.stale.map((name) => `  ${name}: nothing measures it any more; bench refresh --reason "..." drops it`),
      ...gaps.blunt.map((name) => `  ${name}: can never fail, a fifth of it is below the floor; repeat it more often`),
    ];
    isWhole &&= baseline !== undefined && complaints.length === 0;
    const head =
      baseline === undefined
        ? "there is no baseline"
        : `${Object.keys(baseline.metrics).length} metrics, ${baseline.origin.at}, ${baseline.origin.reason}`;
    host.writeOut(`${[`${lane}: ${head}`, ...complaints].map((line) => plainLine(line, 300)).join("\n")}\n`);
  }
  return isWhole ? exitCodes.held : exitCodes.failed;
}

/** `bench log`: every refresh that the baselines remember, the newest first, with what it overrode. @returns the exit code */
export async function logRefreshes(host: Host): Promise<number> {
  for (const lane of lanes) {
    const baseline = await readBaseline(lane);
    host.writeOut(`${lane}\n`);
    for (const { at, by, commit, verdict, reason, reasons } of baseline?.history ?? []) {
      const lines = [
        `  ${at}  ${verdict}  ${commit.slice(0, 12)}  ${by}: ${reason}`,
        ...reasons.map((each) => `    ${each}`),
      ];
      host.writeOut(`${lines.map((line) => plainLine(line, 300)).join("\n")}\n`);
    }
  }
  return exitCodes.held;
}

export interface RefreshFlags {
  readonly reason?: string;
  readonly by?: string;
  readonly iterations?: string;
}

/**
 * `bench refresh`: measures, and makes that the baseline; of some benchmarks, theirs alone. Says what it would have been judged
 * as. @returns the exit code
 */
export async function refreshBaselines(names: readonly string[], flags: RefreshFlags, host: Host): Promise<number> {
  const reason = flags.reason?.trim() ?? "";
  if (reason === "") {
    const fix = 'say why the figures changed, as --reason "the fan-out asks for each card once"';
    throw new UsageError({ what: "bench refresh", why: "a baseline is not changed without a reason", fix });
  }
  const iterations = readInteger("--iterations", flags.iterations ?? "20", { min: 1, max: 10_000 });
  const benches = await loadBenches(names);
  const keepsOthers = names.length > 0;
  const changed = changedFiles();
  if (changed.length > 0) {
    const why = `${changed.length} files are not committed (${plainLine(changed[0]!.trim(), 60)}, …): nobody could measure the same again`;
    throw new UsageError({ what: "bench refresh", why, fix: "commit them first" });
  }
  const origin = originOf(reason, flags.by);
  const refreshedLanes = lanes.filter((lane) => benches.some((module) => module.lane === lane));
  if (keepsOthers) for (const lane of refreshedLanes) refuseToMix(lane, await readBaseline(lane), origin);
  const { measured, broken } = await runBenches(benches, iterations, host);
  if (broken.length > 0) {
    for (const { name, why } of broken) host.writeError(`BROKEN  ${name}: ${why}\n`);
    return exitCodes.failed;
  }
  for (const lane of refreshedLanes) {
    const before = await readBaseline(lane);
    const metrics = ofLane(measured.metrics, lane);
    const judgedBy = keepsOthers ? pick(before?.metrics ?? {}, metrics) : (before?.metrics ?? {});
    const verdict = evaluate(metrics, judgedBy, thresholdOf);
    const path = baselinePath(lane);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomically(
      path,
      `${JSON.stringify(refreshed(before, metrics, origin, verdict, { keepsOthers }), undefined, 1)}\n`,
    );
    const lines = before === undefined ? ["the first baseline"] : verdictLines(verdict);
    host.writeOut([`${lane}:`, ...textTable(metrics, before?.metrics ?? {}), ...lines, "", ""].join("\n"));
  }
  return exitCodes.held;
}

/** One file names one machine for all that is in it. */
function refuseToMix(lane: Lane, before: Baseline | undefined, origin: BaselineOrigin): void {
  const why = lane === "wall-clock" && before !== undefined ? incomparable(origin, before.origin) : undefined;
  if (why === undefined) return;
  throw new UsageError({ what: "bench refresh", why: `of some benchmarks: ${why}`, fix: "refresh all of them" });
}

function pick(metrics: Metrics, of: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => of[name] !== undefined));
}

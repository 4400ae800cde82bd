import { mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { refreshed, trendOf } from "../../bench/baseline.ts";
import { checkClaim, parseClaim } from "../../bench/claim.ts";
import { lanes } from "../../bench/lane.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { evaluate } from "../../bench/verdict.ts";
import { plainLine } from "../../report/plain-line.ts";
import { tableLines } from "../../report/table.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";
import { runBenches } from "./bench.ts";
import { markdownTable, textTable, verdictLines } from "./bench-tables.ts";
import { loadBenches } from "./load-benches.ts";
import { baselinePath, changedFiles, ofLane, originOf, readBaseline, readMeasured } from "./measured-file.ts";

/** `bench check`: whether every baseline can be used, and has what is measured and nothing else. @returns the exit code */
export async function checkBaselines(host: Host): Promise<number> {
  let isWhole = true;
  for (const lane of lanes) {
    const baseline = await readBaseline(lane);
    isWhole &&= baseline !== undefined;
    host.writeOut(
      baseline === undefined
        ? `${lane}: there is no baseline; write one with bench refresh --reason "..."\n`
        : `${lane}: ${Object.keys(baseline.metrics).length} metrics, ${baseline.origin.at}, ${baseline.origin.reason}\n`,
    );
  }
  return isWhole ? exitCodes.held : exitCodes.failed;
}

export interface RefreshFlags {
  readonly reason?: string;
  readonly by?: string;
  readonly iterations?: string;
}

/** `bench refresh`: measures, and makes that the baseline. Says what it would have been judged as. @returns the exit code */
export async function refreshBaselines(flags: RefreshFlags, host: Host): Promise<number> {
  const reason = flags.reason?.trim() ?? "";
  if (reason === "") {
    const fix = 'say why the figures changed, as --reason "the fan-out asks for each card once"';
    throw new UsageError({ what: "bench refresh", why: "a baseline is not changed without a reason", fix });
  }
  const iterations = readInteger("--iterations", flags.iterations ?? "20", { min: 1, max: 10_000 });
  const benches = await loadBenches([]);
  const changed = changedFiles();
  if (changed.length > 0) {
    const why = `${changed.length} files are not committed (${plainLine(changed[0]!.trim(), 60)}, …): nobody could measure the same again`;
    throw new UsageError({ what: "bench refresh", why, fix: "commit them first" });
  }
  const { measured, broken } = await runBenches(benches, iterations, host);
  if (broken.length > 0) {
    for (const { name, why } of broken) host.writeError(`BROKEN  ${name}: ${why}\n`);
    return exitCodes.failed;
  }
  const origin = originOf(reason, flags.by);
  for (const lane of lanes) {
    const before = await readBaseline(lane);
    const metrics = ofLane(measured.metrics, lane);
    const verdict = evaluate(metrics, before?.metrics ?? {}, thresholdOf);
    const path = baselinePath(lane);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomically(path, `${JSON.stringify(refreshed(before, metrics, origin, verdict), undefined, 1)}\n`);
    const lines = before === undefined ? ["the first baseline"] : verdictLines(verdict);
    host.writeOut([`${lane}:`, ...textTable(metrics, before?.metrics ?? {}), ...lines, "", ""].join("\n"));
  }
  return exitCodes.held;
}

export interface CompareFlags {
  readonly markdown?: string;
}

/** `bench compare BEFORE AFTER`. @returns the exit code */
export async function compareMeasured(
  files: { readonly before: string; readonly after: string },
  flags: CompareFlags,
  host: Host,
): Promise<number> {
  const before = await readMeasured(files.before, resolve(host.cwd, files.before));
  const after = await readMeasured(files.after, resolve(host.cwd, files.after));
  const verdict = evaluate(after.metrics, before.metrics, thresholdOf);
  const surroundings = (["commit", "hostClass", "node", "operatingSystem", "at"] as const).map((key) => [
    key,
    before.origin[key],
    after.origin[key],
  ]);
  const titles = [{ title: "" }, { title: "before" }, { title: "after" }];
  const lines = [...verdictLines(verdict), "", ...tableLines(titles, surroundings)];
  if (flags.markdown !== undefined) {
    const text = [...markdownTable(after.metrics, before.metrics), "", "```", ...lines, "```", ""].join("\n");
    writeFileAtomically(resolve(host.cwd, flags.markdown), text);
  }
  host.writeOut([...textTable(after.metrics, before.metrics), "", ...lines, ""].join("\n"));
  return verdict.kind === "fail" || verdict.kind === "invalid" ? exitCodes.failed : exitCodes.held;
}

/** `bench trend`: the medians of each refresh, the newest first. @returns the exit code */
export async function showTrend(metric: string | undefined, host: Host): Promise<number> {
  const known: string[] = [];
  for (const lane of lanes) {
    const baseline = await readBaseline(lane);
    for (const [name, { unit }] of Object.entries(baseline?.metrics ?? {})) {
      known.push(name);
      if (metric !== undefined && metric !== name) continue;
      const rows = trendOf(baseline!, name).map(({ at, reason, median }) => [at, String(median), reason]);
      const titles = [{ title: "refreshed" }, { title: unit, align: "right" as const }, { title: "why" }];
      host.writeOut([name, ...tableLines(titles, rows).map((line) => `  ${line}`), "", ""].join("\n"));
    }
  }
  if (metric !== undefined && !known.includes(metric)) {
    throw new UsageError({ what: `trend ${metric}`, why: "no baseline has it", fix: `use one of ${known.join(", ")}` });
  }
  return exitCodes.held;
}

export interface ClaimFlags {
  readonly before: string;
  readonly after: string;
}

/** `bench claim "METRIC -60 %"`: whether two measurements bear out what somebody wrote. @returns the exit code */
export async function holdClaim(text: string, flags: ClaimFlags, host: Host): Promise<number> {
  const claim = parseClaim(text);
  if (claim === undefined) {
    const fix = 'write a metric and a signed percentage, as "board calls: calls in all runs -60 %"';
    throw new UsageError({ what: `claim ${plainLine(text, 80)}`, why: "not a claim", fix });
  }
  const before = await readMeasured(`--before ${flags.before}`, resolve(host.cwd, flags.before));
  const after = await readMeasured(`--after ${flags.after}`, resolve(host.cwd, flags.after));
  const result = checkClaim(claim, before.metrics, after.metrics);
  if (result.kind === "unknown") {
    throw new UsageError({ what: `claim ${claim.metric}`, why: result.why, fix: "measure it on both sides" });
  }
  const percent = Math.round(result.measuredPercent * 100) / 100;
  host.writeOut(`${result.kind}: ${claim.metric} changed by ${percent > 0 ? "+" : ""}${percent} %\n`);
  return result.kind === "true" ? exitCodes.held : exitCodes.failed;
}

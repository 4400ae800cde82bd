import { appendFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BenchModule } from "../../bench/bench-module.ts";
import { lanes, type Lane } from "../../bench/lane.ts";
import { historyLine } from "../../bench/run-history.ts";
import type { Metrics } from "../../bench/verdict.ts";
import { prepareFolder, writeFileAtomically } from "../atomic-file.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { ownVersion } from "../own-package.ts";
import { UsageError } from "../usage-error.ts";
import { markdownFence, markdownTable, textTable } from "./bench-tables.ts";
import { exitCodeOf, judgeLanes, judgementLines } from "./judge-lanes.ts";
import { loadBenches } from "./load-benches.ts";
import { originOf, type Measured } from "./measured-file.ts";

export interface BenchFlags {
  readonly lane?: string;
  readonly iterations?: string;
  readonly gate?: boolean;
  readonly out?: string;
  readonly append?: string;
  readonly markdown?: string;
  readonly json?: boolean;
}

export interface BenchRun {
  readonly measured: Measured;
  readonly broken: readonly { readonly name: string; readonly why: string }[];
}

/**
 * `stormlane bench`: measures, and judges each lane against its baseline. Deterministic figures gate; those of the wall
 * clock advise, unless `--gate` is given. A benchmark that is broken fails in any case. @returns the exit code
 */
export async function bench(names: readonly string[], flags: BenchFlags, host: Host): Promise<number> {
  const chosen = laneOf(flags.lane);
  const iterations = readInteger("--iterations", flags.iterations ?? "20", { min: 1, max: 10_000 });
  const benches = (await loadBenches(names)).filter(({ lane }) => chosen.includes(lane));
  if (benches.length === 0) {
    throw new UsageError({ what: "bench", why: "none of these is in that lane", fix: "leave out --lane" });
  }
  // Before anything is measured: it would be lost.
  for (const option of ["out", "append", "markdown"] as const) {
    const path = flags[option];
    if (path !== undefined) prepareFolder(`--${option}`, dirname(resolve(host.cwd, path)));
  }
  const { measured, broken } = await runBenches(benches, iterations, host);
  const measuredLanes = chosen.filter((lane) => benches.some((module) => module.lane === lane));
  // Of some benchmarks alone, the others have not vanished.
  const options = { isWhole: names.length === 0, isNightly: flags.gate === true };
  const { judged, baselines } = await judgeLanes(measured, measuredLanes, options);
  const exitCode = exitCodeOf(judged, broken);
  if (flags.out !== undefined) {
    writeFileAtomically(resolve(host.cwd, flags.out), `${JSON.stringify(measured, undefined, 1)}\n`);
  }
  if (flags.append !== undefined) {
    appendFileSync(
      resolve(host.cwd, flags.append),
      `${JSON.stringify(historyLine(measured.origin, measured.metrics))}\n`,
    );
  }
  const verdicts = judgementLines(judged);
  const failures = broken.map(({ name, why }) => `BROKEN  ${name}: ${why}`);
  if (flags.markdown !== undefined) {
    const text = [...markdownTable(measured.metrics, baselines), "", ...markdownFence([...verdicts, ...failures]), ""];
    writeFileAtomically(resolve(host.cwd, flags.markdown), text.join("\n"));
  }
  if (flags.json === true) {
    const document = { version: 1, stormlane: ownVersion(), command: "bench", ok: exitCode === 0, exitCode };
    host.writeOut(`${JSON.stringify({ ...document, ...measured, verdicts: judged, broken })}\n`);
  } else {
    host.writeOut([...textTable(measured.metrics, baselines), "", ...verdicts, ...failures, ""].join("\n"));
  }
  return exitCode;
}

export async function runBenches(benches: readonly BenchModule[], iterations: number, host: Host): Promise<BenchRun> {
  const metrics: Record<string, Metrics[string]> = {};
  const broken: { name: string; why: string }[] = [];
  for (const module of benches) {
    if (host.errorIsTerminal) host.writeError(`${module.name}: ${module.about}\n`);
    const outcome = await runOne(module, iterations);
    if (outcome.kind === "invalid") broken.push({ name: module.name, why: outcome.why });
    else Object.assign(metrics, outcome.metrics);
  }
  return { measured: { version: 1, origin: originOf("measured", undefined), metrics: writable(metrics) }, broken };
}

/** What a benchmark throws breaks that one. */
async function runOne(module: BenchModule, iterations: number): ReturnType<BenchModule["run"]> {
  try {
    const nowNs = (): bigint => process.hrtime.bigint();
    const warmUps = Math.ceil(iterations / 5);
    return await module.run({ iterations, warmUps, warmUpMsMin: 200, nowNs, burden: 0, spend: () => {} });
  } catch (error) {
    return { kind: "invalid", why: error instanceof Error ? error.message : String(error) };
  }
}

function laneOf(text: string | undefined): readonly Lane[] {
  if (text === undefined) return lanes;
  const lane = lanes.find((each) => each === text);
  if (lane !== undefined) return [lane];
  throw new UsageError({ what: `--lane ${text}`, why: "there is no such lane", fix: `use ${lanes.join(" or ")}` });
}

function writable(metrics: Metrics): Measured["metrics"] {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [name, { ...metric, samples: [...metric.samples] }]),
  );
}

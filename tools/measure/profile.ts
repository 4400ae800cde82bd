import { fileOf, folderOf, selfTimeBy, withProfiler } from "../../src/cli/profile/engine-time.ts";
import { opMix, referenceRun } from "../../test/bench/reference-run.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Findings } from "../proof/evidence.ts";
import { measureRuns, rounded } from "./runs.ts";

const samplingUs = 250;

/**
 * Where the time of the reference run goes, by the folder of the function that runs. The profiler is switched
 * on when the engine has warmed up.
 */
export async function measureProfile(seconds: number): Promise<Findings> {
  const { scenario, case: input } = referenceRun();
  const run = (): ReturnType<typeof runCaseNow> => runCaseNow(scenario, input);
  for (let index = 0; index < 5; index++) await inMacrotask(run);
  const { value: measured, profile } = await withProfiler(() => measureRuns(run, { seconds, runsMin: 10 }), samplingUs);
  const ops = measured.outcome.stats.ops;
  // The warm-up of the measurement is profiled too: rates per operation come from shares.
  const usPerOp = (measured.wallMs * 1000) / (measured.runs * ops);
  const mix = opMix(measured.outcome.history.events);
  const folders = selfTimeBy(profile, folderOf);
  const functions = selfTimeBy(
    profile,
    ({ callFrame }) => `${callFrame.functionName || "(anonymous)"} ${fileOf(callFrame)}`,
  );
  const row = ([name, share]: readonly [string, number]): (string | number)[] => [
    name,
    rounded(share * 100, 1),
    rounded(share * usPerOp, 2),
  ];
  return {
    facts: {
      runs: measured.runs,
      opsPerRun: ops,
      usPerOp: rounded(usPerOp, 2),
      kernelAndWorldUsPerOp: rounded(shareOf(kernelAndWorld, folders) * usPerOp, 2),
      kernelAndWorldUsPerOpBudget: 2,
      diskUsPerDiskOp: rounded((shareOf(["src/sim/disk"], folders) * usPerOp * ops) / (mix["disk"] ?? 1), 2),
      diskUsPerDiskOpBudget: 10,
      samplingUs,
    },
    tables: [
      { title: "Self time by folder", columns: ["folder", "percent", "us per operation"], rows: folders.map(row) },
      {
        title: "Functions with the most self time",
        columns: ["function", "percent", "us per operation"],
        rows: functions.slice(0, 30).map(row),
      },
    ],
    problems: measured.outcome.verdict.kind === "held" ? [] : [`the run ended ${measured.outcome.verdict.kind}`],
  };
}

/** What a run costs beside the subject, its fakes, their disk and the judges. */
const kernelAndWorld: readonly string[] = ["src/kernel", "src/sim", "src/history", "src/faults", "src/base"];

function shareOf(names: readonly string[], shares: readonly (readonly [string, number])[]): number {
  return shares.reduce((sum, [name, share]) => sum + (names.includes(name) ? share : 0), 0);
}

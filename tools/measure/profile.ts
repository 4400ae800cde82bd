import { Session, type Profiler } from "node:inspector/promises";
import { opMix, referenceRun } from "../../test/bench/reference-run.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Findings } from "../proof/evidence.ts";
import { measureRuns, rounded } from "./runs.ts";

const samplingUs = 250;

/**
 * Where the time of the reference run goes, by the folder of the function that runs. The profiler of the engine is
 * switched on after the engine has warmed up, so that loading and compiling stay out of it (with `--cpu-prof` they would not).
 */
export async function measureProfile(seconds: number): Promise<Findings> {
  const { scenario, case: input } = referenceRun();
  const run = (): ReturnType<typeof runCaseNow> => runCaseNow(scenario, input);
  for (let index = 0; index < 5; index++) await inMacrotask(run);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: samplingUs });
  await session.post("Profiler.start");
  const measured = await measureRuns(run, { seconds, runsMin: 10 });
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
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

/** @returns names with their share of all time that was not idle, the largest first; shares add up to 1 */
export function selfTimeBy(
  profile: Profiler.Profile,
  nameOf: (node: Profiler.ProfileNode) => string,
): readonly (readonly [string, number])[] {
  const names = new Map(profile.nodes.map((node) => [node.id, nameOf(node)]));
  const times = new Map<string, number>();
  let totalUs = 0;
  (profile.samples ?? []).forEach((node, index) => {
    const name = names.get(node)!;
    if (name.startsWith("(idle)")) return;
    // The first delta is the time before the first sample.
    const us = Math.max(0, profile.timeDeltas?.[index + 1] ?? 0);
    times.set(name, (times.get(name) ?? 0) + us);
    totalUs += us;
  });
  return [...times].map(([name, us]) => [name, us / totalUs] as const).toSorted(([, left], [, right]) => right - left);
}

/** What a line of the profile belongs to: a folder of the project, packages, the engine, its garbage collector. */
export function folderOf({ callFrame }: Profiler.ProfileNode): string {
  const { functionName, url } = callFrame;
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(idle)") return "(idle)";
  const path = pathOf(url);
  if (path === undefined) return "Node and V8";
  if (path.startsWith("node_modules/")) return "npm packages";
  const [top = "", second = "", third = ""] = path.split("/");
  if (top === "src") return second === "sim" && third === "disk" ? "src/sim/disk" : `src/${second}`;
  if (top === "fakes") return `fakes/${second}`;
  return top === "scenarios" ? top : "the measurement";
}

function fileOf({ url, lineNumber }: Profiler.ProfileNode["callFrame"]): string {
  const path = pathOf(url);
  return path === undefined ? "" : `${path}:${lineNumber + 1}`;
}

const rootUrl = new URL("../../", import.meta.url).href;

/** @returns the path in this package, or undefined for what belongs to Node */
function pathOf(url: string): string | undefined {
  const path = url.startsWith("/") ? `file://${url}` : url;
  if (path.startsWith(rootUrl)) return path.slice(rootUrl.length);
  const inPackage = path.indexOf("/node_modules/");
  return inPackage === -1 ? undefined : path.slice(inPackage + 1);
}

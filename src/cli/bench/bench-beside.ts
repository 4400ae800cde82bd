import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { BenchModule, BenchOutcome } from "../../bench/bench-module.ts";
import { gates, lanes } from "../../bench/lane.ts";
import { measureSideBySide, roundsMin } from "../../bench/side-by-side.ts";
import { thresholdOf } from "../../bench/thresholds.ts";
import { evaluate, type Metrics } from "../../bench/verdict.ts";
import { plainLine } from "../../report/plain-line.ts";
import { writeFileAtomically } from "../atomic-file.ts";
import type { Host } from "../host.ts";
import { readInteger } from "../option-values.ts";
import { UsageError } from "../usage-error.ts";
import { markdownFence, markdownTable, textTable } from "./bench-tables.ts";
import { exitCodeOf, judgementLines, type LaneVerdict } from "./judge-lanes.ts";
import { benchesOf, loadBenches } from "./load-benches.ts";
import { ofLane } from "./measured-file.ts";

export interface BesideFlags {
  readonly rounds?: string;
  readonly gate?: boolean;
  readonly markdown?: string;
}

const iterationsPerRound = 5;
const warmUpMsMin = 200;
/** Of one benchmark, both sides together. */
const timeMsMax = 20_000;

/**
 * `stormlane bench beside CLONE`: both clones are measured in one process, in turns, so that a machine that is busy, or another
 * one than yesterday's, makes no difference. @returns the exit code
 */
export async function benchBeside(
  clone: string,
  names: readonly string[],
  flags: BesideFlags,
  host: Host,
): Promise<number> {
  const rounds = readInteger("--rounds", flags.rounds ?? "20", { min: roundsMin, max: 10_000 });
  const ours = await loadBenches(names);
  const theirs = await benchesOf(pathToFileURL(`${resolve(host.cwd, clone)}/`));
  if (theirs === undefined) {
    throw new UsageError({
      what: plainLine(clone, 200),
      why: "is no clone of this project, or one without benchmarks",
      fix: "name the folder of one, as made by git worktree add",
    });
  }
  const before: Record<string, Metrics[string]> = {};
  const after: Record<string, Metrics[string]> = {};
  const broken: { name: string; why: string }[] = [];
  const keep = (metrics: typeof before, whose: string, name: string, outcome: BenchOutcome): void => {
    if (outcome.kind === "measured") Object.assign(metrics, outcome.metrics);
    else broken.push({ name, why: `${whose}: ${outcome.why}` });
  };
  for (const { name, module, other } of pairs(ours, theirs, names)) {
    if (host.errorIsTerminal) host.writeError(`${name}\n`);
    // Measured beside itself, what only one side has becomes new, or vanished, in the verdict.
    const sides = await measurePair(other ?? module!, module ?? other!, rounds);
    if (other !== undefined) keep(before, "there", name, sides.before);
    if (module !== undefined) keep(after, "here", name, sides.after);
  }
  const judged: LaneVerdict[] = [];
  for (const lane of lanes) {
    const [measured, baseline] = [ofLane(after, lane), ofLane(before, lane)];
    if (Object.keys(measured).length + Object.keys(baseline).length === 0) continue;
    const verdict = evaluate(measured, baseline, thresholdOf);
    judged.push({ lane, gates: gates(lane, { isNightly: flags.gate === true }), verdict });
  }
  const lines = [...judgementLines(judged), ...broken.map(({ name, why }) => `BROKEN  ${name}: ${why}`)];
  if (flags.markdown !== undefined) {
    const text = [...markdownTable(after, before), "", ...markdownFence(lines), ""].join("\n");
    writeFileAtomically(resolve(host.cwd, flags.markdown), text);
  }
  host.writeOut([...textTable(after, before), "", ...lines, ""].join("\n"));
  return exitCodeOf(judged, broken);
}

interface Pair {
  readonly name: string;
  readonly module: BenchModule | undefined;
  readonly other: BenchModule | undefined;
}

/** In our order; then what only they have, unless some were named. */
function pairs(
  ours: readonly BenchModule[],
  theirs: readonly BenchModule[],
  names: readonly string[],
): readonly Pair[] {
  const find = (benches: readonly BenchModule[], name: string): BenchModule | undefined =>
    benches.find((each) => each.name === name);
  const both = ours.map((module) => ({ name: module.name, module, other: find(theirs, module.name) }));
  const gone = names.length > 0 ? [] : theirs.filter(({ name }) => find(ours, name) === undefined);
  return [...both, ...gone.map((other) => ({ name: other.name, module: undefined, other }))];
}

async function measurePair(
  before: BenchModule,
  after: BenchModule,
  rounds: number,
): ReturnType<typeof measureSideBySide> {
  const tools = { nowNs: () => process.hrtime.bigint(), burden: 0, spend: () => {} };
  try {
    const options = { rounds, iterations: iterationsPerRound, warmUpMsMin, timeMsMax, before: tools, after: tools };
    return await measureSideBySide(before, after, options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { before: { kind: "invalid", why }, after: { kind: "invalid", why } };
  }
}

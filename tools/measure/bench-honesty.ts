import { benches } from "../../test/bench/bodies/index.ts";
import { assert } from "../../src/base/assert.ts";
import type { BenchModule } from "../../src/bench/bench-module.ts";
import { measureSideBySide } from "../../src/bench/side-by-side.ts";
import { thresholdOf } from "../../src/bench/thresholds.ts";
import { chanceP, change, evaluate, type Metrics } from "../../src/bench/verdict.ts";
import type { Findings } from "../proof/evidence.ts";

/** Operations of all kinds that repeat what they do, so that a quarter more of it can be asked of them. */
const subjects = ["config parse", "prompt template", "JSON repair", "ratchet check", "LLM call", "Kanboard getTask"];
const rounds = 20;
const iterations = 5;
const slowedPct = 125;
const plantedRuns = 20;
const alarmsMax = 2;

/**
 * Whether the nightly comparison tells the truth on this machine, as busy as it is now. Runs of the code beside itself, as
 * `stormlane bench beside --gate` makes them, and runs in which one of the benchmarks does a quarter more work.
 *
 * @param sameRuns how many runs of A against A
 */
export async function measureBenchHonesty(sameRuns: number): Promise<Findings> {
  const modules = subjects.map((name) => benches.find((bench) => bench.name === name));
  assert(
    modules.every((module) => module !== undefined),
    "each subject is a benchmark",
  );
  const compared = new Map(subjects.map((name) => [name, { alarms: 0, slowerAtP: 0, percents: [] as number[] }]));
  let runsWithAlarm = 0;
  for (let run = 0; run < sameRuns; run++) {
    const { before, after, failing } = await nightlyRun(modules, undefined);
    if (failing.length > 0) runsWithAlarm++;
    for (const name of subjects) {
      const tally = compared.get(name)!;
      const { worsening, pct } = change(after[name]!, before[name]!, thresholdOf(name, after[name]!));
      tally.percents.push(pct);
      if (failing.includes(name)) tally.alarms++;
      if (worsening > 0 && chanceP(before[name]!.samples, after[name]!.samples) < 0.05) tally.slowerAtP++;
    }
  }
  let found = 0;
  let blamedWrongly = 0;
  const planted: [number, string, number, string][] = [];
  for (let run = 0; run < plantedRuns; run++) {
    const name = subjects[run % subjects.length]!;
    const { before, after, failing } = await nightlyRun(modules, name);
    if (failing.includes(name)) found++;
    if (failing.some((each) => each !== name)) blamedWrongly++;
    const { pct } = change(after[name]!, before[name]!, thresholdOf(name, after[name]!));
    planted.push([run + 1, name, rounded(pct), failing.join(", ")]);
  }
  const comparisons = sameRuns * subjects.length;
  const slowerAtP = [...compared.values()].reduce((sum, tally) => sum + tally.slowerAtP, 0);
  return {
    facts: {
      "runs with one benchmark a quarter slower": plantedRuns,
      "of these, flagged by its name": found,
      "of these, another one blamed": blamedWrongly,
      "runs of A against A": sameRuns,
      "of these, with an alarm (20 %, p, floor)": runsWithAlarm,
      "comparisons of A against A": comparisons,
      "of these, slower at p < 0.05 alone": slowerAtP,
      "of 100 comparisons, slower at p < 0.05 alone": rounded((100 * slowerAtP) / comparisons),
      "benchmarks in a run": subjects.length,
      "rounds of each side": rounds,
      "iterations in a round": iterations,
    },
    tables: [
      {
        title: "A against A",
        columns: ["benchmark", "alarms", "slower at p alone", "smallest %", "median %", "largest %"],
        rows: [...compared].map(([name, { alarms, slowerAtP: atP, percents }]) => {
          const sorted = percents.toSorted((left, right) => left - right);
          const at = (share: number): number => rounded(sorted[Math.floor(share * (sorted.length - 1))]!);
          return [name, alarms, atP, at(0), at(0.5), at(1)];
        }),
      },
      { title: "A quarter more work", columns: ["run", "benchmark", "measured %", "flagged"], rows: planted },
    ],
    problems: [
      ...(found < plantedRuns ? [`${plantedRuns - found} of ${plantedRuns} planted slowdowns were missed`] : []),
      ...(100 * runsWithAlarm > alarmsMax * sameRuns ? [`${runsWithAlarm} alarms in ${sameRuns} equal runs`] : []),
      ...(100 * slowerAtP > 5 * comparisons ? [`p < 0.05 in ${slowerAtP} of ${comparisons} equal comparisons`] : []),
    ],
  };
}

interface NightlyRun {
  readonly before: Metrics;
  readonly after: Metrics;
  /** Names of metrics. */
  readonly failing: readonly string[];
}

async function nightlyRun(modules: readonly BenchModule[], slowed: string | undefined): Promise<NightlyRun> {
  const tools = { nowNs: () => process.hrtime.bigint(), burden: 0, spend: () => {} };
  const before: Record<string, Metrics[string]> = {};
  const after: Record<string, Metrics[string]> = {};
  for (const module of modules) {
    const options = {
      rounds,
      iterations,
      warmUpMsMin: 20,
      before: tools,
      after: module.name === slowed ? { ...tools, workPct: slowedPct } : tools,
    };
    const sides = await measureSideBySide(module, module, options);
    assert(sides.before.kind === "measured" && sides.after.kind === "measured", `${module.name} can be measured`);
    Object.assign(before, sides.before.metrics);
    Object.assign(after, sides.after.metrics);
  }
  const verdict = evaluate(after, before, thresholdOf);
  assert(verdict.kind !== "invalid", "what was measured can be judged");
  const items = verdict.kind === "ok" ? [] : verdict.items;
  return { before, after, failing: items.filter(({ level }) => level === "fail").map(({ metric }) => metric) };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

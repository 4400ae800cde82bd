import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { builtInScenarios } from "../../scenarios/index.ts";
import { findingsOf } from "./campaign.ts";
import { jsonOf, root } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { RunResult, ScenarioResult } from "./run-result.ts";
import type { Part } from "./run-parts.ts";

/** The reference run is one of its, and its runs are the shortest: most of the seeds are its own. */
const reference = "partial-spawn";
const referenceShare = 0.9;

/** The seeds of the reference scenario are run in so many sittings, so that not much is lost when one is cut off. */
const referenceSittings = 10;

/**
 * Each process runs on one thread alone, and has room for what a run leaves behind: a run of partial-spawn then took 8.1 to 8.8 ms
 * of CPU, and 13.0 on two worker threads of one process.
 */
const nodeFlags = ["--single-threaded", "--min-semi-space-size=32", "--max-semi-space-size=64"];

/** What `stormlane campaign --json` says beyond a run. */
interface CampaignResult extends RunResult {
  readonly interrupted: boolean;
  readonly ledger: { readonly code: string; readonly ran: number };
}

/** A command that ended. */
interface Sitting {
  readonly code: string;
  readonly scenario: string;
  readonly ran: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/**
 * A million seeds under the portfolio: all hold. Says what they cost. What was run before with the same code, and is in
 * the ledgers, is not run again, so that this may be stopped and started as often as one likes. One process for each
 * core, side by side, each with its shard of the seeds.
 */
export function million(seeds: number, outFolder: string, processes = availableParallelism()): Part {
  const sittingsFile = join(root, outFolder, "million-sittings.jsonl");
  const argsOf = (scenario: string, count: number | string, shard: number | string): readonly string[] => [
    ...["campaign", scenario, "--seeds", String(count), "--first-seed", "1000000", "--strategy", "portfolio"],
    ...["--workers", "0", "--shard", `${shard}/${processes}`, "--ledger", join(outFolder, `million-${shard}.sqlite`)],
    ...["--out", outFolder, "--json"],
  ];
  const run = async (step: Step, shard: number): Promise<CampaignResult> => {
    const args = argsOf(step.scenario, step.upTo, shard);
    const result = (await jsonOf("src/cli/bin.ts", args, nodeFlags)) as unknown as CampaignResult;
    noteSitting(sittingsFile, step.scenario, result);
    if (result.interrupted) throw new Error("interrupted; start it again to go on");
    return result;
  };
  return {
    name: "million",
    title: `${seeds} seeds on the correct core under the portfolio`,
    command: `npm run stormlane -- ${argsOf("SCENARIO", "N", "I").join(" ")}, for each scenario and shard`,
    async find(say) {
      mkdirSync(join(root, outFolder), { recursive: true });
      const last = new Map<string, readonly CampaignResult[]>();
      for (const step of stepsOf(splitSeeds(seeds))) {
        const shards = Array.from({ length: processes }, (_, index) => index + 1);
        const results = await Promise.all(shards.map((shard) => run(step, shard)));
        last.set(step.scenario, results);
        const failures = results.flatMap(({ scenarios }) => scenarios.flatMap((scenario) => scenario.failures));
        say(`   ${step.scenario}: ${step.upTo} seeds, ${failures.length} failures`);
      }
      return inAll([...last.values()].flat(), seeds, readSittings(sittingsFile), processes);
    },
  };
}

interface Step {
  readonly scenario: string;
  /** With those of the steps before. */
  readonly upTo: number;
}

/** Those first whose runs are longest, and meet the most: a wrong core is noticed early. */
function stepsOf(split: ReadonlyMap<string, number>): readonly Step[] {
  const others = [...split].filter(([scenario]) => scenario !== reference);
  const ofReference = Array.from({ length: referenceSittings }, (_, index) => ({
    scenario: reference,
    upTo: Math.ceil(((split.get(reference) ?? 0) * (index + 1)) / referenceSittings),
  }));
  return [...others.map(([scenario, upTo]) => ({ scenario, upTo })), ...ofReference];
}

/** Whole numbers that add up to the total. */
export function splitSeeds(
  seeds: number,
  names = builtInScenarios.map(({ name }) => name),
): ReadonlyMap<string, number> {
  const others = names.filter((name) => name !== reference);
  const ofOthers = Math.floor((seeds * (1 - referenceShare)) / others.length);
  const ofReference = seeds - ofOthers * others.length;
  return new Map(names.map((name) => [name, name === reference ? ofReference : ofOthers]));
}

/** The CPU time of a command that was killed is in no sitting; its runs are in the ledger. */
function noteSitting(file: string, scenario: string, { ledger, wallMs, cpuMs }: CampaignResult): void {
  const sitting: Sitting = { code: ledger.code, scenario, ran: ledger.ran, wallMs, cpuMs };
  if (ledger.ran > 0) appendFileSync(file, `${JSON.stringify(sitting)}\n`);
}

function readSittings(file: string): readonly Sitting[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Sitting);
}

/** The documents are of whole ledgers, but for the time, which is that of the last sitting. */
export function inAll(
  results: readonly CampaignResult[],
  seeds: number,
  sittings: readonly Sitting[],
  processes: number,
): Findings {
  const sum = (of: (result: CampaignResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  const codes = new Set(results.map(({ ledger }) => ledger.code));
  const own = sittings.filter(({ code }) => codes.has(code));
  const wallMs = own.reduce((total, each) => total + each.wallMs, 0) / processes;
  const cpuMs = own.reduce((total, each) => total + each.cpuMs, 0);
  const timedRuns = own.reduce((total, each) => total + each.ran, 0);
  const runs = sum((each) => each.seeds.run);
  const ops = sum(({ scenarios }) => scenarios.reduce((total, scenario) => total + scenario.ops, 0));
  const perSecond = (count: number): number => Math.round((count * 1000) / Math.max(1, wallMs));
  const whole: RunResult = {
    ok: results.every(({ ok }) => ok),
    exitCode: Math.max(...results.map(({ exitCode }) => exitCode)),
    problems: results.flatMap(({ problems }) => problems),
    seeds: { run: runs },
    wallMs,
    cpuMs,
    seedsPerSecond: perSecond(timedRuns),
    opsPerSecond: perSecond((ops * timedRuns) / Math.max(1, runs)),
    workers: processes,
    scenarios: addUp(results.flatMap(({ scenarios }) => scenarios)),
    determinism: {
      checked: sum(({ determinism }) => determinism.checked),
      mismatches: sum(({ determinism }) => determinism.mismatches),
    },
  };
  const { facts, ...rest } = findingsOf(whole, seeds);
  const code = codes.size === 1 ? [...codes][0]! : "different in each sitting";
  const problems = codes.size === 1 ? rest.problems : [...rest.problems, "the code changed between two sittings"];
  return {
    ...rest,
    facts: { ...facts, code, sittings: own.length, timedRuns, cpuSeconds: Math.round(cpuMs / 1000) },
    problems,
  };
}

/** What shards say of the same scenario, in one. */
function addUp(scenarios: readonly ScenarioResult[]): readonly ScenarioResult[] {
  const byName = Map.groupBy(scenarios, ({ name }) => name);
  return [...byName].map(([name, shards]) => {
    const sum = (of: (shard: ScenarioResult) => number): number => shards.reduce((total, each) => total + of(each), 0);
    const all = <T>(of: (shard: ScenarioResult) => readonly T[]): readonly T[] => shards.flatMap((shard) => of(shard));
    const limits = Map.groupBy(
      all(({ limits }) => Object.entries(limits)),
      ([limit]) => limit,
    );
    const goals = Map.groupBy(
      all(({ sometimes }) => sometimes),
      (goal) => goal.name,
    );
    const judged = Map.groupBy(
      all(({ invariants }) => invariants),
      ({ id }) => id,
    );
    return {
      name,
      runs: sum(({ runs }) => runs),
      ops: sum(({ ops }) => ops),
      virtualMs: sum(({ virtualMs }) => virtualMs),
      limits: Object.fromEntries([...limits].map(([limit, each]) => [limit, totalOf(each.map(([, runs]) => runs))])),
      failures: all(({ failures }) => failures),
      sometimes: [...goals].map(([goal, each]) => ({ name: goal, hits: totalOf(each.map(({ hits }) => hits)) })),
      invariants: [...judged].map(([id, each]) => ({
        id,
        checked: totalOf(each.map(({ checked }) => checked)),
        violations: totalOf(each.map(({ violations }) => violations)),
      })),
    };
  });
}

function totalOf(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

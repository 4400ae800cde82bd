import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInScenarios } from "../../scenarios/index.ts";
import { findingsOf } from "./campaign.ts";
import { jsonOf, root } from "./command.ts";
import type { Findings } from "./evidence.ts";
import type { RunResult } from "./run-result.ts";
import type { Part } from "./run-parts.ts";

/** How many times the seeds of the others a scenario gets: its runs are that much shorter. */
const shareOf: Readonly<Record<string, number>> = { "partial-spawn": 6 };

/** All scenarios get a part of their seeds before one gets the next part, so that a wrong core is noticed early. */
const rounds = 10;

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
 * the ledger, is not run again, so that this may be stopped and started as often as one likes.
 */
export function million(seeds: number, outFolder: string): Part {
  const ledger = join(outFolder, "million.sqlite");
  const sittingsFile = join(outFolder, "million-sittings.jsonl");
  const split = splitSeeds(seeds);
  const argsOf = (scenario: string, count: number | string): readonly string[] => [
    ...["campaign", scenario, "--ledger", ledger, "--seeds", String(count), "--first-seed", "1000000"],
    ...["--strategy", "portfolio", "--out", outFolder, "--json"],
  ];
  return {
    name: "million",
    title: `${seeds} seeds on the correct core under the portfolio`,
    command: `npm run stormlane -- ${argsOf("SCENARIO", "N").join(" ")}, for each scenario`,
    async find(say) {
      mkdirSync(join(root, outFolder), { recursive: true });
      const last = new Map<string, CampaignResult>();
      for (let round = 1; round <= rounds; round++) {
        for (const [scenario, count] of split) {
          const upTo = Math.ceil((count * round) / rounds);
          const result = (await jsonOf("src/cli/bin.ts", argsOf(scenario, upTo))) as unknown as CampaignResult;
          last.set(scenario, result);
          noteSitting(join(root, sittingsFile), scenario, result);
          if (result.interrupted) throw new Error("interrupted; start it again to go on");
          const failed = result.scenarios.some(({ failures }) => failures.length > 0);
          if (failed) say(`   round ${round} of ${rounds}: ${scenario} has failures`);
        }
        say(`   round ${round} of ${rounds} done`);
      }
      return inAll([...last.values()], seeds, readSittings(join(root, sittingsFile)));
    },
  };
}

/** Whole numbers that add up to the total. */
export function splitSeeds(
  seeds: number,
  names = builtInScenarios.map(({ name }) => name),
): ReadonlyMap<string, number> {
  const shares = names.map((name) => shareOf[name] ?? 1);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const counts = shares.map((share) => Math.floor((seeds * share) / total));
  const left = seeds - counts.reduce((sum, count) => sum + count, 0);
  return new Map(names.map((name, index) => [name, counts[index]! + (index < left ? 1 : 0)]));
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
export function inAll(results: readonly CampaignResult[], seeds: number, sittings: readonly Sitting[]): Findings {
  const sum = (of: (result: CampaignResult) => number): number => results.reduce((total, each) => total + of(each), 0);
  const codes = new Set(results.map(({ ledger }) => ledger.code));
  const own = sittings.filter(({ code }) => codes.has(code));
  const wallMs = own.reduce((total, each) => total + each.wallMs, 0);
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
    workers: results[0]!.workers,
    scenarios: results.flatMap(({ scenarios }) => scenarios),
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

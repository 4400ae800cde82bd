import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { ownVersion } from "../../src/cli/own-package.ts";
import { writeRepro } from "../../src/cli/repro-file.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { root } from "./command.ts";
import type { Cell, Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";
import { SweepRuns, type FoundProblem, type PreparedTarget, type SweepOrder, type SweptRun } from "./sweep-runs.ts";
import { sweepTargets } from "./sweep-targets.ts";

export interface SweepOptions {
  /** Most runs with one fault; spread evenly when there are more. */
  readonly firstRunsMax: number;
  /** Most recoveries that a second fault strikes in; spread evenly when there are more. */
  readonly recoveriesMax: number;
  /** Where the case of each kind of problem goes. */
  readonly outFolder: string;
}

/** Every fault at every step of each agent's run, then a second one in the recovery: all hold, and end as without. */
export function sweep(options: SweepOptions): Part {
  return {
    name: "sweep",
    title: "The complete sweep: every fault at every step of each agent, and a second one in its recovery",
    command: "npm run proof -- --only sweep",
    async find(say) {
      const pool = new Piscina<SweepOrder, readonly SweptRun[]>({
        filename: fileURLToPath(new URL("sweep-worker.ts", import.meta.url)),
        maxThreads: availableParallelism(),
        atomics: "disabled",
      });
      try {
        const runs = new SweepRuns(sweepTargets, runCaseNow);
        const prepared = await inMacrotask(() => sweepTargets.map(({ name }) => runs.prepare(name)));
        const swept = await sweepAll(prepared, options, (order) => pool.run(order, { name: "sweep" }), say);
        keepRepros(swept, options.outFolder);
        return findingsOf(prepared, swept);
      } finally {
        await pool.destroy();
      }
    },
  };
}

/** What was run of one target. */
export interface SweptTarget {
  readonly name: string;
  readonly firsts: readonly SweptRun[];
  /** By index of the first fault: one for each state that a recovery began in. */
  readonly distinct: ReadonlyMap<number, number>;
  readonly seconds: readonly { readonly first: number; readonly run: SweptRun }[];
}

type Run = (order: SweepOrder) => Promise<readonly SweptRun[]>;

export async function sweepAll(
  prepared: readonly PreparedTarget[],
  { firstRunsMax, recoveriesMax }: Omit<SweepOptions, "outFolder">,
  run: Run,
  say: (line: string) => void,
): Promise<readonly SweptTarget[]> {
  const pairs = prepared.flatMap(({ target, faults }) =>
    faults.tried.map((_, index) => ({ target: target.name, index })),
  );
  const chosen = spread(pairs, firstRunsMax);
  const firsts = await inChunks(prepared, chosen, (target, indexes) => run({ kind: "first", target, indexes }));
  say(`   ${chosen.length} runs with one fault, ${countProblems([...firsts.values()].flat())} problems`);
  const distinct = new Map([...firsts].map(([name, runs]) => [name, distinctRecoveries(runs)]));
  const seconds = new Map<string, { first: number; run: SweptRun }[]>(prepared.map(({ target }) => [target.name, []]));
  const second = spread(recoveriesOf(distinct), recoveriesMax);
  await Promise.all(
    second.map(async ({ target, first, seconds: count }, position) => {
      const index = Math.floor(count * ((position * goldenRatio) % 1));
      const runs = await run({ kind: "second", target, first, indexes: [index] });
      seconds.get(target)!.push(...runs.map((each) => ({ first, run: each })));
    }),
  );
  say(`   ${second.length} runs with two faults`);
  return prepared.map(({ target: { name } }) => ({
    name,
    firsts: firsts.get(name)!,
    distinct: distinct.get(name)!,
    seconds: seconds.get(name)!.toSorted((a, b) => a.first - b.first || a.run.index - b.run.index),
  }));
}

/** The first of each state, by its index, with the number of second faults in its recovery. */
function distinctRecoveries(runs: readonly SweptRun[]): ReadonlyMap<number, number> {
  const seen = new Set<string>();
  const distinct = new Map<number, number>();
  for (const { index, recovery } of runs) {
    if (recovery === undefined || seen.has(recovery.fingerprint)) continue;
    seen.add(recovery.fingerprint);
    distinct.set(index, recovery.seconds);
  }
  return distinct;
}

interface Recovery {
  readonly target: string;
  readonly first: number;
  /** How many second faults there are. */
  readonly seconds: number;
}

function recoveriesOf(distinct: ReadonlyMap<string, ReadonlyMap<number, number>>): readonly Recovery[] {
  return [...distinct].flatMap(([target, firsts]) =>
    [...firsts].flatMap(([first, seconds]) => (seconds === 0 ? [] : [{ target, first, seconds }])),
  );
}

/** Multiples of it, without what stands before the point, lie evenly however many there are. */
const goldenRatio = (1 + Math.sqrt(5)) / 2;

/** By target, in order of indexes. */
async function inChunks(
  prepared: readonly PreparedTarget[],
  chosen: readonly { readonly target: string; readonly index: number }[],
  run: (target: string, indexes: readonly number[]) => Promise<readonly SweptRun[]>,
): Promise<ReadonlyMap<string, readonly SweptRun[]>> {
  const done = await Promise.all(
    prepared.map(async ({ target: { name } }) => {
      const indexes = chosen.filter(({ target }) => target === name).map(({ index }) => index);
      const chunks = Array.from({ length: Math.ceil(indexes.length / chunkRuns) }, (_, chunk) =>
        indexes.slice(chunk * chunkRuns, (chunk + 1) * chunkRuns),
      );
      return [name, (await Promise.all(chunks.map((chunk) => run(name, chunk)))).flat()] as const;
    }),
  );
  return new Map(done);
}

const chunkRuns = 50;

/** At most so many of them, at even distances. */
export function spread<Item>(items: readonly Item[], countMax: number): readonly Item[] {
  if (items.length <= countMax) return items;
  return Array.from({ length: countMax }, (_, index) => items[Math.floor((index * items.length) / countMax)]!);
}

export function findingsOf(prepared: readonly PreparedTarget[], swept: readonly SweptTarget[]): Findings {
  const sum = (of: (target: SweptTarget) => number): number => swept.reduce((total, each) => total + of(each), 0);
  const pairs = prepared.reduce((total, { faults }) => total + faults.tried.length, 0);
  const problems = problemsOf(swept);
  const notStruck = swept.flatMap(allRuns).filter(({ hasStruck }) => !hasStruck).length;
  return {
    facts: {
      pairs,
      runsWithOneFault: sum(({ firsts }) => firsts.length),
      recoveries: sum(({ firsts }) => firsts.filter(({ recovery }) => recovery !== undefined).length),
      distinctRecoveries: sum(({ distinct }) => distinct.size),
      secondFaultsPruned: sum(secondsPruned),
      secondFaultsLeft: sum(({ distinct }) => total(distinct.values())),
      runsWithTwoFaults: sum(({ seconds }) => seconds.length),
      ...readings(swept.flatMap(allRuns)),
      violations: problems.reduce((count, { runs }) => count + runs, 0),
    },
    tables: [
      {
        title: "Agents",
        columns: [
          ...["workload", "agent", "sites", "pairs of site and fault", "runs with one fault", "recoveries"],
          ...["distinct recoveries", "second faults pruned", "second faults left", "runs with two faults"],
          "violations",
        ],
        rows: prepared.flatMap((each, index) => agentRows(each, swept[index]!)),
      },
      {
        title: "Pairs that are left out",
        columns: ["workload", "reason", "pairs"],
        rows: prepared.flatMap(({ target, faults }) =>
          [...faults.leftOut].map(([reason, count]): Cell[] => [target.name, reason, count]),
        ),
      },
    ],
    problems: [
      ...problems.map(({ target, signature, runs, first }) => {
        const faults = first.faults.map(({ site, ...spec }) => `${JSON.stringify(spec)} at ${site}`).join(", then ");
        return `${target}: ${signature} (${runs} runs, first by ${faults}): ${first.message.slice(0, 300)}`;
      }),
      ...(notStruck === 0 ? [] : [`${notStruck} runs never came to a site of their faults`]),
    ],
  };
}

/** How many ends were compared how closely. */
function readings(runs: readonly SweptRun[]): Readonly<Record<string, number>> {
  const count = (reading: SweptRun["reading"]): number => runs.filter((run) => run.reading === reading).length;
  return {
    endsComparedByText: count("text"),
    endsComparedByStructure: count("structure"),
    endsJudgedByInvariantsAlone: count("none"),
  };
}

function agentRows({ target, passing, faults }: PreparedTarget, swept: SweptTarget): readonly Cell[][] {
  return target.stages.map((stage) => {
    const isOfStage = (index: number): boolean => faults.tried[index]!.stage === stage;
    const firsts = swept.firsts.filter(({ index }) => isOfStage(index));
    const distinct = new Map([...swept.distinct].filter(([index]) => isOfStage(index)));
    const seconds = swept.seconds.filter(({ first }) => isOfStage(first));
    return [
      target.name,
      stage,
      passing.sites.filter((site) => site.stage === stage).length,
      faults.tried.filter((first) => first.stage === stage).length,
      firsts.length,
      firsts.filter(({ recovery }) => recovery !== undefined).length,
      distinct.size,
      secondsPruned({ firsts, distinct }),
      total(distinct.values()),
      seconds.length,
      countProblems(allRuns({ firsts, seconds })),
    ];
  });
}

/** Second faults in recoveries that begin in a state in which another one has begun. */
function secondsPruned({ firsts, distinct }: Pick<SweptTarget, "firsts" | "distinct">): number {
  return total(firsts.map(({ index, recovery }) => (distinct.has(index) ? 0 : (recovery?.seconds ?? 0))));
}

interface ProblemKind {
  readonly target: string;
  readonly signature: string;
  readonly first: FoundProblem;
  runs: number;
}

/** One for each target and signature, in order. */
function problemsOf(swept: readonly SweptTarget[]): readonly ProblemKind[] {
  const kinds = new Map<string, ProblemKind>();
  for (const target of swept) {
    for (const { problem } of allRuns(target)) {
      if (problem === undefined) continue;
      const key = `${target.name} ${problem.signature}`;
      const kind = kinds.get(key);
      if (kind !== undefined) kind.runs++;
      else kinds.set(key, { target: target.name, signature: problem.signature, first: problem, runs: 1 });
    }
  }
  return [...kinds.values()];
}

/** One case for each kind of problem, to be run again. A difference of ends is none to `stormlane replay`. */
function keepRepros(swept: readonly SweptTarget[], outFolder: string): void {
  const kinds = problemsOf(swept);
  if (kinds.length > 0) mkdirSync(join(root, outFolder), { recursive: true });
  for (const [index, { target, first }] of kinds.entries()) {
    const { scenario, workload } = sweepTargets.find(({ name }) => name === target)!;
    writeRepro(join(root, outFolder, `sweep-${index + 1}.json`), {
      stormlane: ownVersion(),
      format: 1,
      case: { ...emptyCase(scenario, 0, workload), scenario: sameWorld, faults: first.faults },
      expected: {
        signature: first.signature,
        invariant: /^[A-Z]\d+/.exec(first.signature)?.[0] ?? "end state",
        message: first.message,
      },
      foundBy: { seed: 0, strategy: "sweep" },
    });
  }
}

/** A scenario that the command line knows: what runs and what is judged is the same in each of the board world. */
const sameWorld = "crash-anywhere";

function allRuns({ firsts, seconds }: Pick<SweptTarget, "firsts" | "seconds">): readonly SweptRun[] {
  return [...firsts, ...seconds.map(({ run }) => run)];
}

function countProblems(runs: readonly SweptRun[]): number {
  return runs.filter(({ problem }) => problem !== undefined).length;
}

function total(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
